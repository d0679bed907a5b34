import Glibc
import LinuxSystem
import Locks
import ProtobufMessages
package import StatusModel
package import StatusWire
import Synchronization
import TTRPCCore
import TTRPCTransport

/// A daemon of a few closures, served by the real transport on a socket in a directory of its own.
package final class FakeDaemon: Sendable {
    /// What the daemon answers. What is nil is answered `UNIMPLEMENTED`.
    package struct Behaviour: Sendable {
        package var status: (@Sendable (GetStatusRequest) -> Result<StatusAnswer, ErrorStatus>)?
        package var projects: @Sendable (ListProjectsRequest) -> ProjectPage = { _ in ProjectPage(projects: []) }
        package var health: [String: ServingStatus] = ["": .serving]
        package var run: (@Sendable (RunReport) -> Result<RunReceipt, ErrorStatus>)?
        package var webhook: (@Sendable (WebhookDelivery) -> Result<WebhookReceipt, ErrorStatus>)?
        package var action: (@Sendable (ActionRequest) -> Result<OperationReceipt, ErrorStatus>)?
        package var operation: (@Sendable (OperationQuery) -> Result<Operation, ErrorStatus>)?
        package var operations: (@Sendable (OperationListQuery) -> Result<OperationPage, ErrorStatus>)?
        package var watch: (@Sendable (WatchRequest) -> Result<Void, ErrorStatus>)?
        package var cache = CacheStats()
        package var lostKeys: Result<LostKeysReceipt, ErrorStatus> = .success(LostKeysReceipt(isAccepted: true))
        package var reload: Result<ReloadReport, ErrorStatus> = .success(ReloadReport())
        package var explain: @Sendable (ExplainRequest) -> Result<ItemExplanation, ErrorStatus> = { request in
            .success(ItemExplanation(status: IntegrationStatus(key: request.key)))
        }
        package var info = ServerInfo(
            version: "9.9.9", startedAt: nil, uptime: .seconds(7200), socketPath: "/s", projects: 1)

        package init() {}
    }

    package let socketPath: String
    /// The calls that came, with the user and role of each.
    package let calls = CallLog()
    /// The streams that were opened.
    package let watches = WatchLog()
    private let directory: String
    private let behaviour: Lock<Behaviour>
    private let running = Lock<Running?>(nil)
    private let hanging = Lock<[String: Arrival]>([:])

    private struct Running {
        let server: TTRPCServer
        let listener: UnixListener
        let loop: EventLoop
    }

    package init(_ behaviour: Behaviour = Behaviour()) throws {
        var template = Array("/tmp/telltale-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(function: "mkdtemp", errno: errno) }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        socketPath = "\(directory)/telltale.sock"
        self.behaviour = Lock(behaviour)
    }

    deinit {
        unlink(socketPath)
        unlink("\(socketPath).lock")
        rmdir(directory)
    }

    /// Changes what is answered from now on.
    package func change(_ body: (inout Behaviour) -> Void) { behaviour.withLock { body(&$0) } }

    package func start() async throws {
        let loop = try EventLoop()
        try loop.start(name: "fake-daemon")
        let listener = try UnixListener(path: socketPath)
        let server = TTRPCServer(methods: methods, loops: [loop])
        try await server.listen(on: listener)
        running.withLock { $0 = Running(server: server, listener: listener, loop: loop) }
    }

    /// Closes every connection, as a daemon does that ends.
    package func stop() async {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        await stopped?.server.drain(within: .zero)
        stopped?.loop.stop()
    }

    /// From now on calls of the method are never answered.
    ///
    /// - Returns: what tells when the first of them has come.
    @discardableResult
    package func hang(_ method: String) -> Arrival {
        let arrival = Arrival()
        hanging.withLock { $0[method] = arrival }
        return arrival
    }

    func arrival(of method: String) -> Arrival? { hanging.withLock { $0[method] } }

    package var connectionCount: Int { running.withLock { $0?.server.connectionCount ?? 0 } }

    var current: Behaviour { behaviour.withLock { $0 } }

    private var methods: MethodTable {
        var table = MethodTable()
        let status: StaticString = "telltale.v1.StatusService"
        table.add(
            status, "GetStatus",
            FakeMethod(name: "GetStatus", daemon: self) { daemon, payload in
                let request = try GetStatusRequest(decoding: payload, in: MessageArena())
                guard let answer = daemon.current.status?(request) else { throw FakeMethod.unimplemented }
                return try answer.get().encoded(in: MessageArena())
            })
        table.addStream(status, "Watch", FakeWatchMethod(daemon: self))
        table.add(
            "telltale.v1.IngestService", "ReportRun",
            FakeMethod(name: "ReportRun", daemon: self) { daemon, payload in
                let report = try RunReport(decoding: payload, in: MessageArena())
                guard let answer = daemon.current.run?(report) else { throw FakeMethod.unimplemented }
                return try answer.get().encoded(in: MessageArena())
            })
        table.add(
            "telltale.v1.IngestService", "IngestWebhook",
            FakeMethod(name: "IngestWebhook", daemon: self) { daemon, payload in
                let delivery = try WebhookDelivery(decoding: payload, in: MessageArena())
                guard let answer = daemon.current.webhook?(delivery) else { throw FakeMethod.unimplemented }
                return try answer.get().encoded(in: MessageArena())
            })
        let admin: StaticString = "telltale.v1.AdminService"
        table.add(
            admin, "ListProjects",
            FakeMethod(name: "ListProjects", daemon: self) { daemon, payload in
                let request = try ListProjectsRequest(decoding: payload, in: MessageArena())
                return daemon.current.projects(request).encoded(in: MessageArena())
            })
        table.add(
            admin, "GetServerInfo",
            FakeMethod(name: "GetServerInfo", daemon: self) { daemon, _ in
                daemon.current.info.encoded(in: MessageArena())
            })
        table.add(
            admin, "GetCacheStats",
            FakeMethod(name: "GetCacheStats", daemon: self) { daemon, _ in
                daemon.current.cache.encoded(in: MessageArena())
            })
        table.add(
            admin, "AcceptLostKeys",
            FakeMethod(name: "AcceptLostKeys", daemon: self) { daemon, _ in
                try daemon.current.lostKeys.get().encoded(in: MessageArena())
            })
        table.add(
            admin, "Reload",
            FakeMethod(name: "Reload", daemon: self) { daemon, _ in
                try daemon.current.reload.get().encoded(in: MessageArena())
            })
        table.add(
            admin, "Explain",
            FakeMethod(name: "Explain", daemon: self) { daemon, payload in
                let request = try ExplainRequest(decoding: payload, in: MessageArena())
                return try daemon.current.explain(request).get().encoded(in: MessageArena())
            })
        table.add(
            admin, "Invalidate",
            FakeMethod(name: "Invalidate", daemon: self) { _, payload in
                let request = try InvalidateRequest(decoding: payload, in: MessageArena())
                return InvalidateResponse(invalidated: max(1, request.keys.count)).encoded(in: MessageArena())
            })
        addHealth(to: &table)
        addActions(to: &table)
        return table
    }

    private func addHealth(to table: inout MethodTable) {
        let health: StaticString = "grpc.health.v1.Health"
        table.add(
            health, "Check",
            FakeMethod(name: "Check", daemon: self) { daemon, payload in
                let request = try HealthCheckRequest(decoding: payload, in: MessageArena())
                guard let status = daemon.current.health[request.service] else {
                    throw ErrorStatus(code: 5, message: "There is no such part.")
                }
                return status.encoded(in: MessageArena())
            })
        table.add(
            health, "List",
            FakeMethod(name: "List", daemon: self) { daemon, _ in
                HealthList(statuses: daemon.current.health).encoded(in: MessageArena())
            })
    }
}

/// The calls that a fake daemon got.
package final class CallLog: Sendable {
    package struct Call: Hashable, Sendable {
        package var method: String
        package var user: String?
        package var role: String?

        package init(method: String, user: String? = nil, role: String? = nil) {
            self.method = method
            self.user = user
            self.role = role
        }
    }

    private let calls = Lock<[Call]>([])

    package var all: [Call] { calls.withLock { $0 } }

    func append(_ call: Call) { calls.withLock { $0.append(call) } }
}

struct FakeMethod: UnaryMethod {
    static let unimplemented = ErrorStatus(code: 12, message: "This daemon does not know the call.")

    let name: String
    unowned let daemon: FakeDaemon
    let answer: @Sendable (FakeDaemon, UnsafeRawBufferPointer) throws -> [UInt8]

    init(
        name: String, daemon: FakeDaemon,
        answer: @escaping @Sendable (FakeDaemon, UnsafeRawBufferPointer) throws -> [UInt8]
    ) {
        self.name = name
        self.daemon = daemon
        self.answer = answer
    }

    func call(_ request: InboundRequest, reply: Reply) -> UnaryOutcome {
        daemon.calls.append(
            CallLog.Call(
                method: name, user: request.metadata("telltale-user"), role: request.metadata("telltale-role")))
        if let arrival = daemon.arrival(of: name) {
            arrival.happened()
            return .later { () async throws(RPCStatus) -> [UInt8] in
                // Ends with the task, which the connection cancels.
                let forever = Arrival()
                await forever.wait()
                throw RPCStatus(.cancelled, "Nobody waits any longer.")
            }
        }
        do {
            reply.send(try answer(daemon, request.payload))
            return .replied
        } catch let error as ErrorStatus {
            return .failed(error.rpcStatus(in: MessageArena()))
        } catch {
            return .failed(RPCStatus(.internal, "The fake daemon failed: \(error)."))
        }
    }
}
