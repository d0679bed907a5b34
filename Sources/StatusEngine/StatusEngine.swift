import Locks
import ProtobufMessages
import Resilience
import StaleCache
package import StatusCore
package import StatusModel
import Synchronization

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
        /// Items that were invalidated while they were being read.
        var overtaken: Set<ItemKey> = []
        /// Who waits for the run to end.
        var waiters: [ObjectIdentifier: RefreshWaiter] = [:]
    }

    /// What the engine is told.
    enum Nudge: Sendable {
        /// A reader wants something of a project; its entry on the board says what.
        case project(ProjectID)
        /// Something has come under a watch; the board says what.
        case watches
        /// A breaker has changed.
        case breakers
    }

    /// A refresh that is under way: it ends when all its items have answered or failed.
    struct RefreshRun {
        let id: RefreshID
        let startedAt: Moment
        var keys: Set<ItemKey> = []
        var pending: Set<ItemKey> = []

        init(startedAt: Moment) {
            // Names are to be unique on every host, also where everything else is drawn from a seed.
            var generator = SystemRandomNumberGenerator()
            id = RefreshID(using: &generator)
            self.startedAt = startedAt
        }
    }

    /// A secret that was refused: to which items, and to each in which version; nil for one that was not there.
    typealias Vigil = [ItemReference: CredentialVersion?]

    package nonisolated let board: StatusBoard
    package nonisolated let journal: EventJournal
    /// The older events.
    package nonisolated let archive: EventArchive
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
    var planner: RefreshPlanner
    /// The reads that wait for a place.
    var queue: ReadQueue
    /// The reads under way. Each takes itself out; `run()` cancels and awaits what is left.
    var readings: [ItemReference: Task<Void, Never>] = [:]
    /// Sleeps until the schedule's next instant.
    var alarm: (task: Task<Void, Never>, at: ContinuousClock.Instant)?
    /// The limits that providers have told us of.
    var limits = LimitTable()
    /// The secrets of refused items.
    var vigil: [CredentialReference: Vigil] = [:]
    /// Looks whether one of them has changed.
    var vigilTask: Task<Void, Never>?
    /// Reported runs that are not durable yet.
    var runs = Ledger<RunName, EventID?>(waitingMax: 1024)
    /// Webhooks that are not durable yet, by their project.
    var deliveries = Ledger<DeliveryName, [EventID]>(waitingMax: 4096)
    /// Who carries out actions, and who reads what they link.
    let executors: ActionExecutors
    let links: any LinkReader
    /// Is told what becomes of operations that an earlier process has left. Nothing is done about them before it returns.
    let onResumption: @Sendable ([ResumedOperation]) async -> Void
    var operations: OperationTable
    var actionLimit: SlidingWindow<ActionSubject>
    /// What actions have made of links, in the place of what the configuration says.
    var linkChanges: [ItemReference: StoredLinkChange] = [:]
    /// Whose webhooks can be checked.
    var webhookIndex = WebhookIndex()
    /// What the store does not hold yet.
    var pending = PendingChanges()
    /// The breakers that have changed, by upstream and place, which bounds them.
    nonisolated let changedBreakers = Lock<[[String]: StoredBreaker]>([:])
    /// By which upstreams and places a link's reads go, as breakers are told of.
    let breakerPlaces: @Sendable (Link) -> [[String]]
    /// Hands breakers that were kept to those who guard the providers' hosts, and gives back what need not be kept any more,
    /// without a record.
    let restoreBreakers: @Sendable ([StoredBreaker]) -> [StoredBreaker]
    /// The breakers as they are kept, by upstream and place.
    var breakers: [[String]: StoredBreaker] = [:]
    /// Whether what the store holds has been taken in; nothing is saved over it before.
    var isLoaded = true
    /// The store's generation that holds all that was saved.
    var seenGeneration: UInt64 = 0
    /// Reads that were given up because their link changed, and have not ended.
    var abandoned: Set<ItemReference> = []
    /// Changes ever kept, and how many of them are durable.
    var changesKept: UInt64 = 0
    var changesSaved: UInt64 = 0
    var flushWaiters: [FlushWaiter] = []
    /// Saves what is pending, and tries again where the store refuses; `run()` awaits it.
    var saving: Task<Void, Never>?
    /// The time until a store that has refused is tried again, while it lasts; `saving` awaits it.
    var saveRest: Task<Void, Never>?
    /// What is being saved.
    var inFlight: StoreBatch?
    /// Ends the waiting of events for a store that does not answer; `run()` cancels and awaits it.
    var impatience: Task<Void, Never>?
    /// When a save last succeeded.
    var lastSavedAt: Moment?
    /// The store's newest trouble; nil once a save has succeeded.
    package private(set) var storeError: StoreError?
    private nonisolated let persists = Atomic<Bool>(true)
    /// Whether the daemon has been told to end: from then on nothing is begun.
    package private(set) var isStopping = false
    private let nudges: AsyncStream<Nudge>
    nonisolated let nudgeSink: AsyncStream<Nudge>.Continuation

    package init(
        configuration: EngineConfiguration = EngineConfiguration(), providers: ProviderSet,
        credentials: any CredentialSource, store: any Store, time: any TimeSource, board: StatusBoard,
        journal: EventJournal, executors: ActionExecutors = ActionExecutors(all: NoActions()),
        links: any LinkReader = NoActions(),
        onResumption: @escaping @Sendable ([ResumedOperation]) async -> Void = { _ in },
        breakerPlaces: @escaping @Sendable (Link) -> [[String]] = { _ in [] },
        restoreBreakers: @escaping @Sendable ([StoredBreaker]) -> [StoredBreaker] = { _ in [] },
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        self.breakerPlaces = breakerPlaces
        self.restoreBreakers = restoreBreakers
        self.executors = executors
        self.links = links
        self.onResumption = onResumption
        operations = OperationTable(openMax: configuration.operationsOpenMax)
        actionLimit = SlidingWindow(limit: configuration.actionsPerMinute, window: .seconds(60))
        self.configuration = configuration
        self.store = store
        self.time = time
        self.board = board
        self.journal = journal
        archive = EventArchive(store: store, journal: journal)
        self.generator = generator
        origin = time.now.instant
        planner = RefreshPlanner(policy: configuration.refresh)
        queue = ReadQueue(runningMax: configuration.readsInFlightMax)
        // The reader retries by itself, within its deadline and the budget. The queue bounds what is in flight; the
        // cache's own bound is met only by reads that do not end when they are cancelled.
        let cache = StaleCache<ItemReference, Void>(
            StaleCacheConfiguration(
                timeToLive: configuration.refresh.providerTimeToLive, staleLifetime: nil,
                capacity: configuration.itemsMax, retry: .never),
            clock: CacheClock(time: time))
        let retries = RetryLedger(
            policy: RetryPolicy(
                retriesMax: configuration.retriesMax,
                backoff: Backoff(initial: configuration.retryDelay, max: configuration.retryDelayMax)),
            budgetPercent: configuration.retryBudgetPercent, generator: generator)
        reader = ItemReader(
            providers: providers, credentials: credentials, time: time, cache: cache, retries: retries,
            deadline: configuration.adapterDeadline)
        (nudges, nudgeSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(configuration.nudgesMax))
    }

    /// What the engine has to do at this moment.
    package var load: EngineLoad {
        EngineLoad(
            readsRunning: readings.count, readsWaiting: queue.count, nextDueAt: planner.nextDue,
            isMindingStore: impatience != nil)
    }

    /// What the reading cache holds, and how reads were answered.
    package func cacheStats() async -> CacheStats {
        let held = await reader.cache.stats
        var stats = reads.snapshot()
        (stats.size, stats.active, stats.expired) = (held.size, held.active, held.expired)
        return stats
    }

    /// Serves nudges and the schedule until the task is cancelled; then ends every read and wait, and saves what is
    /// unsaved.
    package func run() async {
        planRestored()
        takeUpOperations()
        for await nudge in nudges { serve(nudge) }
        isStopping = true
        alarm?.task.cancel()
        vigilTask?.cancel()
        // The last try: operations wait for it.
        endSaveRest()
        await endOperations()
        let cutOff = Array(readings.keys)
        for (_, reading) in readings { reading.cancel() }
        for id in projects.keys { resumeWaiters(of: id, hasEnded: false) }
        for (_, reading) in readings { await reading.value }
        // Reads whose deadline passed may still be on their way.
        await reader.cache.cancelFetches()
        await alarm?.task.value
        await vigilTask?.value
        // Not before: what operations tell at their end may begin it once more.
        impatience?.cancel()
        await impatience?.value
        await saveTheRest(cutOff)
    }

    private func saveTheRest(_ cutOff: [ItemReference]) async {
        // The daemon ends in peace: nobody has to be careful with these after the next start.
        for item in cutOff {
            guard let project = projects[item.project] else { continue }
            projects[item.project]?.snapshot = project.snapshot.attempting(item.key, since: nil)
            keepItem(item)
        }
        keepBreakers()
        while let saving { await saving.value }
        // What the store refused before, it may take now.
        startSaving()
        await saving?.value
    }

    /// Nanoseconds on the board's own scale, for ``BoardEntry/noteAsked(at:)``; never 0, which stands for never, and
    /// below it for what was asked before this daemon started.
    package nonisolated func askedAt(_ now: ContinuousClock.Instant) -> Int64 {
        let nanoseconds = origin.duration(to: now).saturatedNanoseconds
        return nanoseconds == 0 ? 1 : nanoseconds
    }

    nonisolated func instant(ofAsking nanoseconds: Int64) -> ContinuousClock.Instant {
        origin.advanced(by: .nanoseconds(nanoseconds))
    }

    /// Whether what is learnt is being kept.
    package nonisolated var isPersisting: Bool { persists.load(ordering: .relaxed) }

    func noteStore(_ error: StoreError?) {
        storeError = error
        persists.store(error == nil, ordering: .relaxed)
    }
}
