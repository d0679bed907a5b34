import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport

/// An engine with a hand-driven clock and a provider that the test answers for.
struct EngineRig {
    static let github = ItemKey.provider(.github)
    static let vercel = ItemKey.provider(.vercel)

    let time: ManualTime
    let provider: ManualProvider
    let board: StatusBoard
    let journal: EventJournal
    let engine: StatusEngine

    /// Without a script every read stays open until the test answers it. Times to live have no jitter unless it is
    /// asked for.
    init(
        _ script: ManualProvider.Script? = nil, store: any Store = MemoryStore(),
        credentials: any CredentialSource = NoCredentials(), time: ManualTime = ManualTime(),
        providers: ProviderSet? = nil, epoch: UInt64 = 7, breakerPlaces: [[String]] = [],
        executors: ActionExecutors = ActionExecutors(all: NoActions()), links: any LinkReader = NoActions(),
        configure: (inout EngineConfiguration) -> Void = { _ in },
        onResumption: @escaping @Sendable ([ResumedOperation]) async -> Void = { _ in },
        restoreBreakers: @escaping @Sendable ([StoredBreaker]) -> [StoredBreaker] = { _ in [] },
        digest: @escaping DigestFunction = { String($0.hashValue) }
    ) {
        self.time = time
        journal = EventJournal(epoch: epoch)
        provider = ManualProvider(script)
        board = StatusBoard(digest: digest)
        var configuration = EngineConfiguration()
        configuration.refresh.jitter = 0
        configure(&configuration)
        engine = StatusEngine(
            configuration: configuration, providers: providers ?? ProviderSet(all: provider), credentials: credentials,
            store: store, time: time, board: board, journal: journal, executors: executors, links: links,
            onResumption: onResumption, breakerPlaces: { _ in breakerPlaces },
            restoreBreakers: restoreBreakers, generator: SeededGenerator(seed: 1))
    }

    /// Opens the projects and runs the engine as long as the body takes.
    func run(
        _ definitions: [ProjectDefinition] = [project("shop")], _ body: (EngineRig) async throws -> Void
    ) async throws {
        await engine.open(definitions)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.run() }
            defer { group.cancelAll() }
            try await body(self)
        }
    }

    /// What a reader gets who waits.
    func read(
        _ id: String = "shop", role: Role = .owner, contract: ReadersContract = ReadersContract(),
        mode: ReadingMode = .preferFresh, atMost wait: Duration = .seconds(30)
    ) async -> WaitedRead? {
        guard let id = ProjectID(id) else { return nil }
        return await engine.read(id, role: role, contract: contract, mode: mode, atMost: wait)
    }

    func entry(_ id: String = "shop") -> BoardEntry? { ProjectID(id).flatMap { board[$0] } }

    func view(_ id: String = "shop", role: Role = .owner) -> RenderedView? {
        guard let entry = entry(id) else { return nil }
        var view = entry.view(for: role, at: time.now).view.rendered
        view.envelope = entry.envelope(for: role, at: time.now)
        return view
    }

    func item(_ key: ItemKey = github, of id: String = "shop", role: Role = .owner) -> IntegrationStatus? {
        view(id, role: role)?.envelope.items.first { $0.key == key }
    }

    /// What a hit on the board does: it notes the reader, and nudges when something is due.
    func glance(_ id: String = "shop", everything: Bool = false) {
        guard let entry = entry(id) else { return }
        entry.noteAsked(at: engine.askedAt(time.now.instant))
        engine.nudge(entry, everything ? .olderThan(.zero) : .due)
    }

    /// Lets the engine look at all that it was told and that is due.
    func settle() async {
        await settled {
            let load = await engine.load
            return load.readsRunning == provider.openCount && load.nextDueAt.map { $0 > time.now.instant } ?? true
        }
    }

    /// Moves the clock in steps, so that what each step makes due happens within it.
    func advance(by duration: Duration, step: Duration = .seconds(1)) async {
        // A store that has had no turn yet must not look as one that is in trouble.
        await settled { !journal.hasUnpublished }
        var left = duration
        while left > .zero {
            time.advance(by: min(step, left))
            left -= step
            await settle()
        }
    }
}

/// A project that links these items, each to a repository of the item's name.
func project(
    _ id: String, _ keys: [ItemKey] = [EngineRig.github], hidden: [ItemKey: Set<Role>] = [:],
    credential: CredentialReference? = nil
) -> ProjectDefinition {
    guard let id = ProjectID(id) else { preconditionFailure("\(id) is no project's name") }
    let links = keys.map { key in
        (
            key,
            Link(
                target: .github(GitHubTarget(owner: "octo-org", repository: key.description)), credential: credential)
        )
    }
    return ProjectDefinition(id: id, links: Dictionary(uniqueKeysWithValues: links), hidden: hidden)
}

extension ReadRequest {
    /// The repository that is linked, which these tests name after the item.
    var repository: String {
        switch link.target {
        case .github(let target): target.repository
        default: link.key.description
        }
    }

    /// A good answer to this request.
    func reading(
        status: StatusTimeline = StatusTimeline(.connected), words: String = "Linked to main", pushedAt: UnixTime? = nil
    ) -> Reading {
        var reading = Reading(
            key: ItemKey(repository) ?? EngineRig.github, observedAt: now, status: status,
            summary: Summary([.text(words)]))
        reading.label = ResourceLabel(full: "octo-org/octo-repo", generic: "Private repository")
        if let pushedAt {
            reading.milestones = [Milestone(kind: "github:push", at: pushedAt, message: "New commits")]
        }
        return reading
    }
}

extension ManualProvider.Attempt {
    func succeed() { succeed(request.reading()) }
}

func failure(
    _ code: ProblemCode = .network, cause: ProblemCause = .provider,
    _ disposition: ProviderFailure.Disposition = .keepsLast, retryAfter: UnixTime? = nil, isRetryable: Bool = false
) -> ProviderFailure {
    ProviderFailure(
        code: code, cause: cause, hint: "Look at it.", disposition: disposition, retryAfter: retryAfter,
        isRetryable: isRetryable)
}

/// For links without a credential.
struct NoCredentials: CredentialSource {
    func version(of reference: CredentialReference) async -> CredentialVersion? { nil }

    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
        throw failure(.misconfigured, cause: .host)
    }
}

/// A store that refuses while it is told to.
final class FailingStore: Store {
    private let isRefusing = Atomic(true)
    private let kept: MemoryStore
    private let refusals = Atomic(0)

    init(_ kept: MemoryStore = MemoryStore()) { self.kept = kept }

    /// How often it has refused.
    var refusedCount: Int { refusals.load(ordering: .sequentiallyConsistent) }

    func recover() { isRefusing.store(false, ordering: .sequentiallyConsistent) }

    var state: StoreState { kept.state }

    func load() async throws(StoreError) -> StoreContent {
        try check()
        return try await kept.load()
    }

    func save(_ batch: StoreBatch) async throws(StoreError) {
        try check()
        try await kept.save(batch)
    }

    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? {
        try check()
        return try await kept.run(id, of: project, kind: kind)
    }

    func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? {
        try check()
        return try await kept.delivery(id, of: project, from: provider)
    }

    func operation(_ id: String) async throws(StoreError) -> OperationRecord? {
        try check()
        return try await kept.operation(id)
    }

    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? {
        try check()
        return try await kept.operation(name)
    }

    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] {
        try check()
        return try await kept.operations(of: project, key: key, after: place, limit: limit)
    }

    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] {
        try check()
        return try await kept.events(after: id, limit: limit)
    }

    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {
        try check()
    }

    func keptItems() async throws(StoreError) -> [StoredItem] { try await kept.load().items }

    private func check() throws(StoreError) {
        guard !isRefusing.load(ordering: .sequentiallyConsistent) else {
            refusals.add(1, ordering: .sequentiallyConsistent)
            throw StoreError(code: .full, message: "Full.")
        }
    }
}
