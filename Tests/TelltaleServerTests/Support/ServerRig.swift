import LinuxSystem
import Locks
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCCore
import TTRPCTransport
import TelltaleServer
import TestSupport

/// A whole daemon but for its process: an engine over a hand-driven clock and provider, behind a server in this process.
struct ServerRig {
    static let status = "telltale.v1.StatusService"
    static let admin = "telltale.v1.AdminService"
    static let health = "grpc.health.v1.Health"

    let time: ManualTime
    let provider: ManualProvider
    let engine: StatusEngine
    let health: DaemonHealth
    let watches: WatchHubs
    let server: TTRPCServer
    /// What the handlers logged.
    let logSink = RecordingLogSink()
    let audit: AuditLog
    private let loop: EventLoop
    /// What the next peer is admitted with.
    private let ceiling = SharedRole()

    /// Without a script of its own every read is answered well at once. `heartbeat` is of the real clock.
    init(
        _ script: ManualProvider.Script? = { .success($0.reading()) }, store: any Store = MemoryStore(),
        credentials: any CredentialSource = NoCredentials(), heartbeat: Duration = .seconds(15),
        journalCapacity: Int = 1024, limits: ServerLimits = ServerLimits(), time: ManualTime = ManualTime(),
        standing: @escaping @Sendable (Link) -> BreakerStanding = { _ in BreakerStanding() },
        reload: @escaping Reload = { .success(ReloadReport()) },
        executors: ActionExecutors = ActionExecutors(all: NoActions()), auditSink: (any LogSink)? = nil,
        configure: (inout EngineConfiguration) -> Void = { _ in }
    ) throws {
        self.time = time
        provider = ManualProvider(script)
        var configuration = EngineConfiguration()
        configuration.refresh.jitter = 0
        configure(&configuration)
        engine = StatusEngine(
            configuration: configuration, providers: ProviderSet(all: provider), credentials: credentials,
            store: store, time: time, board: StatusBoard(digest: { String($0.hashValue) }),
            journal: EventJournal(epoch: 7, capacity: journalCapacity), executors: executors,
            generator: SeededGenerator(seed: 1))
        health = DaemonHealth(engine: engine)
        watches = WatchHubs(engine: engine, time: time)
        loop = try EventLoop()
        let logger = Logger(sink: logSink) { [time] in time.now.wall }
        audit = AuditLog(Logger(sink: auditSink ?? logSink) { [time] in time.now.wall }, time: time)
        let methods = MethodTable.telltale(
            engine: engine, time: time, reader: configuration.reader, heartbeat: heartbeat, watches: watches,
            admin: AdminMethods(
                engine: engine, time: time, startedAt: time.now, socketPath: "/run/t.sock", standing: standing,
                reload: reload),
            health: health,
            webhooks: WebhookMethod(engine: engine, credentials: credentials, time: time, logger: logger),
            audit: audit)
        server = TTRPCServer(methods: methods, limits: limits, loops: [loop]) { [ceiling] _ in
            .admitted(tag: ceiling.role.index)
        }
    }

    /// Opens the projects, and runs engine and server as long as the body takes.
    func run(
        _ definitions: [ProjectDefinition] = [project("shop")], _ body: (ServerRig) async throws -> Void
    ) async throws {
        await engine.open(definitions)
        try loop.start(name: "test-loop")
        defer { loop.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            defer { group.cancelAll() }
            try await body(self)
            await server.drain(within: .zero)
        }
    }

    /// A client whose peer has this ceiling.
    func client(_ role: Role = .owner) async throws -> TestClient {
        ceiling.role = role
        let (serverEnd, clientEnd) = try UnixSocket.pair()
        try await server.serve(pairEnd: serverEnd)
        let connection = ClientConnection(owning: clientEnd, loop: loop)
        try await connection.start()
        return TestClient(connection: connection)
    }

    /// Lets the engine look at all that it was told and that is due.
    func settle() async {
        await settled {
            let load = await engine.load
            return load.readsRunning == provider.openCount && load.nextDueAt.map { $0 > time.now.instant } ?? true
        }
    }

    func advance(by duration: Duration, step: Duration = .seconds(1)) async {
        // A store that has had no turn yet must not look as one that is in trouble.
        await settled { !engine.journal.hasUnpublished }
        var left = duration
        while left > .zero {
            time.advance(by: min(step, left))
            left -= step
            await settle()
        }
    }

    /// Makes so many events of a project, one after the other: each is a reported run.
    func makeEvents(_ count: Int, of id: String = "shop") async throws {
        guard let id = ProjectID(id) else { return }
        for _ in 0..<count { _ = try await engine.report(RunReport(projectID: id, kind: .smokeTests)) }
    }

    func entry(_ id: String = "shop") -> BoardEntry? { ProjectID(id).flatMap { engine.board[$0] } }
}

/// A role that one thread sets and another reads.
private final class SharedRole: Sendable {
    private let kept = Lock(Role.owner)

    var role: Role {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}

/// One connection, and what these tests say over it.
struct TestClient: Sendable {
    let connection: ClientConnection

    func call<Answer: WirePayload>(
        _ service: String, _ method: String, _ payload: [UInt8] = [], role: String? = nil, as: Answer.Type
    ) async throws -> Answer {
        let bytes = try await connection.call(
            service: service, method: method, payload: payload,
            metadata: role.map { [("telltale-role", $0)] } ?? [])
        return try Answer(decoding: bytes, in: MessageArena())
    }

    func status(
        _ id: String = "shop", ifNoneMatch: String = "", _ contract: ReadersContract = ReadersContract(),
        _ mode: ReadingMode = .cached, timeout: Duration? = nil, role: String? = nil
    ) async throws -> StatusAnswer {
        guard let id = ProjectID(id) else { throw WireError.malformed }
        let request = GetStatusRequest(
            projectID: id, ifNoneMatch: ifNoneMatch, contract: contract, mode: mode, timeout: timeout)
        return try await call(
            ServerRig.status, "GetStatus", request.encoded(in: MessageArena()), role: role, as: StatusAnswer.self)
    }

    func watch(_ request: WatchRequest = WatchRequest(), role: String? = nil) async throws -> TestWatch {
        TestWatch(
            stream: try await connection.openStream(
                service: ServerRig.status, method: "Watch", payload: request.encoded(in: MessageArena()),
                remoteOpen: true, metadata: role.map { [("telltale-role", $0)] } ?? []))
    }
}

/// One watch; its messages decoded.
struct TestWatch: Sendable {
    let stream: ClientStream

    /// The next message; nil after the last.
    func next() async throws -> WatchMessage? {
        try await stream.next().map { try WatchMessage(decoding: $0, in: MessageArena()) }
    }

    /// So many events from here, past anything else.
    func events(_ count: Int) async throws -> [StatusEvent] {
        var all: [StatusEvent] = []
        while all.count < count, let event = try await nextEvent() { all.append(event) }
        return all
    }

    /// The next event, past anything else.
    func nextEvent() async throws -> StatusEvent? {
        while let message = try await next() {
            if case .event(let event) = message { return event }
        }
        return nil
    }
}

/// The status with which a call fails.
func failureOf(_ body: () async throws -> Void) async -> RPCStatus? {
    do {
        try await body()
        return nil
    } catch {
        return error as? RPCStatus
    }
}

extension RPCStatus {
    /// Whether a detail of that type holds the text.
    func hasDetail(_ type: String, holding text: String) -> Bool {
        details.contains {
            $0.typeURL.hasSuffix("/\(type)") && String(decoding: $0.value, as: UTF8.self).contains(text)
        }
    }
}

/// A project that links these items, each to a repository of the item's name.
func project(
    _ id: String, _ keys: [ItemKey] = [.provider(.github)], hidden: [ItemKey: Set<Role>] = [:],
    credential: CredentialReference? = nil
) -> ProjectDefinition {
    guard let id = ProjectID(id) else { preconditionFailure("\(id) is no project's name") }
    let links = keys.map { key in
        let target = GitHubTarget(owner: "octo-org", repository: key.description)
        return (key, Link(target: .github(target), credential: credential))
    }
    return ProjectDefinition(id: id, links: Dictionary(uniqueKeysWithValues: links), hidden: hidden)
}

extension ReadRequest {
    /// A good answer to this request.
    func reading(words: String = "Linked to main") -> Reading {
        var reading = Reading(
            key: .provider(.github), observedAt: now, status: StatusTimeline(.connected),
            summary: Summary([.text(words)]))
        reading.label = ResourceLabel(full: "octo-org/octo-repo", generic: "Private repository")
        return reading
    }
}

extension ManualProvider.Attempt {
    func succeed() { succeed(request.reading()) }
}

let outage = ProviderFailure(
    code: .providerOutage, cause: .provider, hint: "Wait until it is over.", disposition: .keepsLast)

/// For links without a credential.
struct NoCredentials: CredentialSource {
    func version(of reference: CredentialReference) async -> CredentialVersion? { nil }

    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret { throw outage }
}
