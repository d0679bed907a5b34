import ProtobufMessages
import StaleCache
package import StatusCore
package import StatusModel
import Synchronization

/// The numbers of the engine; the defaults are those of SPEC §4.
package struct EngineConfiguration: Sendable {
    package var refresh = RefreshPolicy()
    package var reader = ReaderPolicy()
    /// The deadline of one adapter.
    package var adapterDeadline: Duration = .seconds(2.5)
    /// Attempts after the first within one refresh, for failures that are worth it.
    package var retriesMax = 2
    /// The first wait between two of them, which doubles up to the second; drawn with full jitter.
    package var retryDelay: Duration = .milliseconds(100)
    package var retryDelayMax: Duration = .seconds(2)
    /// Refreshes that readers asked for and the engine has not looked at; beyond it a reader asks again.
    package var nudgesMax = 4096
    /// Items whose readings are kept in memory.
    package var itemsMax = 1 << 20
    /// Reads under way at once.
    package var readsInFlightMax = 1024

    package init() {}
}

/// Owns what is known of every project: decides refreshes, runs them, and publishes what they bring.
///
/// One actor writes; all others read the board and the journal. Each change is one synchronous step from a snapshot to
/// the next: nothing is checked before an `await` and acted upon after it.
package actor StatusEngine {
    /// One project and what is going on with it.
    struct Project {
        var definition: ProjectDefinition
        var snapshot: ProjectSnapshot
        let entry: BoardEntry
        var run: RefreshRun?
        var lastRunStartedAt: ContinuousClock.Instant?
        /// When the snapshot was last compared with what was announced.
        var announcedAt: Moment
        /// Who waits for the run to end.
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    }

    /// What a reader asks of the engine.
    struct Nudge: Sendable {
        let project: ProjectID
        /// Also what is not due.
        let everything: Bool
    }

    /// A refresh that is under way: it ends when all its items have answered or failed.
    struct RefreshRun {
        let startedAt: Moment
        var keys: Set<ItemKey>
        var pending: Set<ItemKey>
    }

    package nonisolated let board: StatusBoard
    package nonisolated let journal: EventJournal
    /// How reads were answered.
    package nonisolated let reads = ReadCounters()
    /// Which providers answer at all.
    package nonisolated let reachability = ProviderReachability()
    nonisolated let time: any TimeSource
    /// Instants on the board are nanoseconds after this one.
    nonisolated let origin: ContinuousClock.Instant

    let configuration: EngineConfiguration
    let reader: ItemReader
    let store: any Store
    let arena = MessageArena()
    var generator: any RandomNumberGenerator & Sendable
    var projects: [ProjectID: Project] = [:]
    var schedule = RefreshSchedule<ItemReference>()
    /// The reads under way. Each takes itself out; `run()` cancels and awaits what is left.
    var readings: [ItemReference: Task<Void, Never>] = [:]
    /// Sleeps until the schedule's next instant.
    var alarm: (task: Task<Void, Never>, at: ContinuousClock.Instant)?
    var unsaved: [ItemReference: StoredItem] = [:]
    var saving: Task<Void, Never>?
    /// The store's newest trouble; nil once a save has succeeded.
    package private(set) var storeError: StoreError?
    private nonisolated let persists = Atomic<Bool>(true)
    var wasAnyoneWatching = false
    var nextWaiterID: UInt64 = 0
    var isStopping = false
    private let nudges: AsyncStream<Nudge>
    private let nudgeSink: AsyncStream<Nudge>.Continuation

    package init(
        configuration: EngineConfiguration = EngineConfiguration(), providers: ProviderSet,
        credentials: any CredentialSource, store: any Store, time: any TimeSource, board: StatusBoard,
        journal: EventJournal, generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.configuration = configuration
        self.store = store
        self.time = time
        self.board = board
        self.journal = journal
        self.generator = generator
        origin = time.now.instant
        let retry = StaleCacheRetry(
            retriesMax: configuration.retriesMax, initialDelay: configuration.retryDelay,
            maxDelay: configuration.retryDelayMax,
            isRetryable: { ($0 as? ProviderFailure)?.isRetryable ?? false })
        let cache = StaleCache<ItemReference, Reading>(
            StaleCacheConfiguration(
                timeToLive: configuration.refresh.providerTimeToLive, staleLifetime: nil,
                capacity: configuration.itemsMax, fetchesInFlightMax: configuration.readsInFlightMax, retry: retry),
            clock: CacheClock(time: time))
        reader = ItemReader(
            providers: providers, credentials: credentials, time: time, cache: cache,
            deadline: configuration.adapterDeadline)
        (nudges, nudgeSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(configuration.nudgesMax))
    }

    /// What the reading cache holds, and how reads were answered.
    package func cacheStats() async -> CacheStats {
        let held = await reader.cache.stats
        var stats = reads.snapshot()
        (stats.size, stats.active, stats.expired) = (held.size, held.active, held.expired)
        return stats
    }

    /// Publishes the projects with what the store kept of them; from then on the board answers. No provider is asked.
    package func open(_ definitions: [ProjectDefinition]) async {
        var stored: [StoredItem] = []
        do throws(StoreError) { stored = try await store.load() } catch { noteStore(error) }
        let kept = Dictionary(grouping: stored, by: \.project)
        let now = time.now
        for definition in definitions {
            let snapshot = ProjectSnapshot(definition: definition).restored(
                from: kept[definition.id] ?? [], at: now, policy: configuration.refresh)
            projects[definition.id] = Project(
                definition: definition, snapshot: snapshot, entry: board.add(snapshot), announcedAt: now)
        }
    }

    /// Serves nudges and the schedule until the task is cancelled; then ends every read and saves what is unsaved.
    package func run() async {
        for await nudge in nudges { serve(nudge) }
        isStopping = true
        alarm?.task.cancel()
        for (_, reading) in readings { reading.cancel() }
        for (_, reading) in readings { await reading.value }
        for id in projects.keys { resumeWaiters(of: id, ended: false) }
        while let saving { await saving.value }
    }

    /// A reader found something due, or wants everything anew. From any thread, without waiting; told once until the
    /// engine has looked. One that finds no place is lost, and the next reader nudges again.
    package nonisolated func nudge(_ entry: BoardEntry, everything: Bool = false) {
        guard entry.claimNudge() || everything else { return }
        if case .enqueued = nudgeSink.yield(Nudge(project: entry.id, everything: everything)) { return }
        entry.clearNudge()
    }

    /// Nanoseconds on the board's own scale, for ``BoardEntry/noteAsked(at:)``; never 0, which stands for never.
    package nonisolated func askedAt(_ now: ContinuousClock.Instant) -> Int64 {
        max(1, origin.duration(to: now).saturatedNanoseconds)
    }

    /// Whether what is learnt is being kept.
    package nonisolated var isPersisting: Bool { persists.load(ordering: .relaxed) }

    func noteStore(_ error: StoreError?) {
        storeError = error
        persists.store(error == nil, ordering: .relaxed)
    }
}
