import LinuxSystem
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import Synchronization
import TTRPCTransport

/// One event with its id, as the journal gives it.
typealias JournalEntry = JournalRing<JournalRecord>.Entry

/// All watches of one loop, and what they share: the newest events, fetched from the journal once for all of them, and who
/// is to be told of what. A watcher of other projects costs an event nothing.
///
/// `@unchecked Sendable`: its loop's thread alone touches it, but for ``published()`` and what
/// the reads of the archive put into ``pages``.
final class WatchHub: EventLoopDelegate, @unchecked Sendable {
    enum Token {
        static let events: UInt64 = 0
        static let pages: UInt64 = 1
    }

    /// What follows a place.
    enum Following {
        /// The next events, oldest first; none where the place is the hub's own.
        case events(ArraySlice<JournalEntry>)
        /// The stream cannot go on from there.
        case lost(WatchCursor.Gap)
        /// It is being read from the store; the watcher is asked again.
        case comesLater
    }

    /// Events fetched for all watchers at once.
    private static let batchMax = 256
    /// Events fetched for one that is further behind.
    private static let pageMax = 32

    let loop: EventLoop
    let time: any TimeSource
    let counters: WatchCounters
    let arena = MessageArena(firstBlockBytes: 4 << 10)
    let engine: StatusEngine
    /// What is being read from the store.
    var reads = ArchiveReads()
    let readsUnderWay: ReadsUnderWay
    let pages = ArchivePages()
    /// The page that is being handed over, and to whom.
    var page: (number: UInt32, page: EventArchive.Page)?
    /// Open watches by their number, which the next watch takes over.
    private(set) var sessions: [WatchSession?] = []
    var freeNumbers: [UInt32] = []
    private var index = WatcherIndex()
    /// Where those stand that are live.
    var marks = WatchMarks()
    /// One of the loop's streams, by which it tells crowds; nil while nobody watches.
    private var anyWaker: StreamWaker?
    private var openCount = 0
    /// The newest events up to ``position``, without a gap.
    private var recent: [JournalEntry] = []
    /// Every watch was told of the events up to here.
    private(set) var position: EventID
    private let isSignalled = Atomic<Bool>(false)

    init(
        engine: StatusEngine, time: any TimeSource, loop: EventLoop, counters: WatchCounters, reads: ReadsUnderWay
    ) {
        self.engine = engine
        self.time = time
        self.loop = loop
        self.counters = counters
        readsUnderWay = reads
        position = engine.journal.newestID
    }

    /// The journal has new events. From any thread; calls before the loop looks count as one.
    func published() {
        guard !isSignalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
        loop.signal(self, token: Token.events)
    }

    func signalled(_ token: UInt64) {
        guard token == Token.events else { return deliverPages() }
        isSignalled.store(false, ordering: .sequentiallyConsistent)
        takeEvents()
        anyWaker?.tellCrowdsNow()
    }

    func ready(_ token: UInt64, _ events: ReadyEvents) {}

    func timerFired(_ token: UInt64) {}

    /// Takes up a watch and gives it a number, until ``remove(_:)``.
    func add(_ session: WatchSession) -> UInt32 {
        loop.checkIsolated()
        let number = freeNumbers.popLast() ?? UInt32(sessions.count)
        if number == sessions.count { sessions.append(nil) }
        sessions[Int(number)] = session
        index.add(number, order: session.waker.order, following: session.scope.projectIDs)
        marks.add(number, order: session.waker.order, role: session.scope.role, isPicky: !session.scope.kinds.wantsAll)
        anyWaker = session.waker
        openCount += 1
        engine.watchOpened(session.scope.entries)
        return number
    }

    func remove(_ session: WatchSession) {
        sessions[Int(session.number)] = nil
        index.remove(session.waker.order, following: session.scope.projectIDs)
        marks.remove(session.number)
        openCount -= 1
        if openCount == 0 { anyWaker = nil }
        // A number whose page is still under way is not given to another before it came.
        if reads.cancel(session.number) { freeNumbers.append(session.number) }
        engine.watchClosed(session.scope.entries)
    }

    /// The place of the newest event, of which every watch was told.
    func caughtUpPosition() -> EventID {
        takeEvents()
        return position
    }

    /// What follows a watcher's place, from the shared batch if it is there, else from the journal, else from the store.
    func following(_ place: EventID, for session: WatchSession) -> Following {
        if let entries = recentEvents(after: place) { return .events(entries) }
        takeEvents()
        if let entries = recentEvents(after: place) { return .events(entries) }
        switch engine.journal.events(after: place, limit: Self.pageMax) {
        case .events(let entries): return .events(entries[...])
        case .truncated(let from, let to): return archived(place, for: session, missing: (from, to))
        case .epoch: return .lost(.epoch)
        case .future: return .lost(.future)
        }
    }

    private func recentEvents(after place: EventID) -> ArraySlice<JournalEntry>? {
        if place == position { return [] }
        guard let first = recent.first?.id, place.epoch == first.epoch, place.sequence >= first.sequence - 1,
            place.sequence < position.sequence
        else { return nil }
        return recent[Int(place.sequence + 1 - first.sequence)...]
    }

    /// Fetches what is new, once for all, and tells whom it concerns.
    private func takeEvents() {
        while true {
            switch engine.journal.events(after: position, limit: Self.batchMax) {
            case .events(let entries):
                guard let last = entries.last else { return }
                keep(entries)
                position = last.id
                for entry in entries { announce(entry) }
            case .truncated, .epoch, .future:
                // The loop did not look for longer than the journal remembers: each watch finds out for itself.
                let place = position
                recent = []
                position = engine.journal.newestID
                for session in sessions { session?.fellBehind(at: place) }
                return
            }
        }
    }

    private func keep(_ entries: [JournalEntry]) {
        let goesOn = recent.last.map { $0.id.epoch == entries[0].id.epoch } ?? false
        guard goesOn, recent.count + entries.count <= Self.batchMax else {
            recent = entries
            return
        }
        recent += entries
    }

    /// Notes who has fallen behind, and has them told.
    private func announce(_ entry: JournalEntry) {
        let place = EventID(epoch: entry.id.epoch, sequence: entry.id.sequence - 1)
        let (project, kind) = (entry.event.projectID, entry.event.kind)
        let roles = RoleSet(Role.allCases.filter { entry.event.isShown(to: $0) })
        let crowd = marks.fall(index, following: project, behind: place, shownTo: roles) { number in
            sessions[Int(number)]?.scope.kinds.wants(kind) ?? false
        }
        anyWaker?.tell(crowd, by: Announcement(entry, hub: self))
    }
}

// What a watcher asks of the engine.
extension WatchHub {
    func projects(of scope: WatchScope) -> [ProjectID] { scope.projectIDs ?? engine.board.projectIDs }

    func snapshot(of id: ProjectID, for role: Role, asOf place: EventID) -> [UInt8]? {
        engine.board[id]?.view(for: role, at: time.now).view.encoded.snapshot(asOf: place, in: arena)
    }

    func itemsChanged(after place: EventID, in scope: WatchScope) -> (names: [ItemName], hasMore: Bool) {
        engine.board.itemsChanged(
            after: place, in: scope.entries, for: scope.role, limit: WatchMethod.lostItemsMax)
    }

    func isSuperseded(_ entry: JournalEntry, for role: Role) -> Bool { engine.journal.isSuperseded(entry, for: role) }
}
