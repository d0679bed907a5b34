import LinuxSystem
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

/// One watcher: a cursor, a scope and its pace. It is asked for data when its socket takes some, so it holds no queue, and
/// what it shares with the others of its loop is its hub's. Its properties stand in the order in which they take least
/// memory.
final class WatchSession: StreamSession {
    /// How far a heartbeat's interval is drawn to either side.
    private static let heartbeatJitter = 0.1
    /// The longest interval, in milliseconds: eleven days.
    private static let heartbeatMax = 1e9
    /// When a watcher may come back whose stream the daemon ends.
    private static let retryAfter = Duration.seconds(1)
    /// A place in no epoch. Whoever resumes there is told that it lost events, and gets snapshots.
    private static let nowhere = EventID(epoch: 0, sequence: 0)
    private static let cutOffStatus = RPCStatus(
        .resourceExhausted,
        "Nothing of the watch was read in time while data waited; resume where its last message says, and read faster.")

    /// Events that a watcher is taken over in one go, most of which may be none of its concern: others wait meanwhile.
    private static let eventsPerPull = 256

    private let hub: WatchHub
    let waker: StreamWaker
    let scope: WatchScope
    private var isDraining = false
    /// It has been at the end of the stream since its snapshots.
    private var hasArrived = false
    /// Under which the hub knows it.
    private(set) var number: UInt32 = 0
    private var cursor: WatchCursor
    private var pace: WatchPace
    /// The interval of heartbeats that was asked for, and the pause drawn from it, in milliseconds.
    private let heartbeat: Int32
    private var pause: Int32
    /// When it will have been silent for too long; 0 before the first pull.
    private var heartbeatAt = LoopInstant(nanoseconds: 0)

    /// Opens a watch on the hub's loop, until ``closed()``.
    init(hub: WatchHub, waker: StreamWaker, scope: WatchScope, resumeAfter: EventID?, heartbeat: Duration) {
        self.hub = hub
        self.waker = waker
        self.scope = scope
        self.heartbeat = Int32(min(heartbeat / .milliseconds(1), Self.heartbeatMax))
        pause = Self.drawn(self.heartbeat)
        pace = WatchPace(replays: resumeAfter != nil)
        // The place is taken before the board is read: what happens between the two is sent again, never lost.
        let newest = hub.caughtUpPosition()
        cursor = WatchCursor(
            projects: resumeAfter == nil ? hub.projects(of: scope) : [], resumeAfter: resumeAfter, newest: newest)
        number = hub.add(self)
    }

    /// Where it stands: everything up to here was written, or is none of its concern.
    var position: EventID { cursor.isLive ? hub.marks.place(of: number) ?? hub.position : cursor.position }

    /// The hub cannot tell what concerns it of what followed on that place.
    func fellBehind(at place: EventID) {
        heedMark()
        if cursor.isLive {
            hub.marks.drop(number)
            cursor.fellBehind(at: place)
        }
        waker.wake()
    }

    /// Takes over what its hub has noted and said for it while it was live.
    private func heedMark() {
        let mark = hub.marks.take(number)
        if let told = mark.toldAt { putOffHeartbeat(told) }
        if let place = mark.fallenTo { cursor.fellBehind(at: place) }
    }

    private func rise() {
        cursor.caughtUp()
        pace.caughtUp()
        hub.marks.rise(number)
    }

    func received(_ message: UnsafeRawBufferPointer) throws(RPCStatus) {
        throw RPCStatus(.invalidArgument, "A watch takes no messages after its request; close its half to end it.")
    }

    func remoteClosed() -> Bool { true }

    func drain() {
        isDraining = true
        // What has happened up to now is told before the good-bye.
        _ = hub.caughtUpPosition()
    }

    func closed() { hub.remove(self) }

    func pull(into sink: StreamSink, now: LoopInstant) -> PullOutcome {
        heedMark()
        var passed = 0
        while sink.hasRoom, passed < Self.eventsPerPull {
            guard !cursor.isLive else { return atTheEnd(sink, now) }
            guard cursor.hasBegun else {
                sendBeginning(to: sink, now)
                continue
            }
            switch hub.following(cursor.position, for: self) {
            case .events(let entries):
                take(entries, to: sink, now)
                passed += entries.count
            case .lost(let gap): lost(gap)
            case .comesLater: return isDraining ? atTheEnd(sink, now) : quiet(sink, now)
            }
        }
        return .more
    }

    func cutOff(into sink: StreamSink) -> RPCStatus {
        let place = cursor.hasBegun ? position : Self.nowhere
        send(.goingAway(resumeFrom: place, retryAfter: Self.retryAfter, because: .slowConsumer), to: sink, hub.loop.now)
        hub.counters.slowConsumerCutOff()
        return Self.cutOffStatus
    }

    /// Sends of a batch what is the watcher's, as long as there is room. An empty one is the end.
    private func take(_ entries: ArraySlice<JournalEntry>, to sink: StreamSink, _ now: LoopInstant) {
        for entry in entries {
            guard sink.hasRoom else { return }
            if let bytes = scope.bytes(of: entry.event) {
                if isSpared(entry) { pace.leftOut() } else { send(bytes, to: sink, now) }
            }
            cursor.passed(entry.id)
        }
        // What stands where the hub does needs not ask whether more has come.
        guard entries.isEmpty || cursor.position == hub.position else { return }
        rise()
    }

    /// Whether the watcher is slow, and newer updates that it gets say all that this one does.
    private func isSpared(_ entry: JournalEntry) -> Bool {
        let newest = hub.position
        guard newest.epoch == entry.id.epoch, newest.sequence > entry.id.sequence,
            pace.isSlow(behind: newest.sequence - entry.id.sequence, age: hub.time.now.age(since: entry.event.at))
        else { return false }
        return hub.isSuperseded(entry, for: scope.role)
    }

    private func lost(_ gap: WatchCursor.Gap) {
        // Whoever comes from the future holds a journal that was put back: anything may be different.
        let items = hub.itemsChanged(after: gap == .future ? Self.nowhere : cursor.position, in: scope)
        hasArrived = false
        cursor.lost(gap, items: items, projects: hub.projects(of: scope), newest: hub.caughtUpPosition())
        pace.caughtUp()
    }

    /// Sends the next of what comes before the events.
    private func sendBeginning(to sink: StreamSink, _ now: LoopInstant) {
        switch cursor.next {
        case .reset(let reset): send(.reset(reset), to: sink, now)
        case .snapshot(let id, let asOf):
            // A project that was removed meanwhile has no state; its removal is an event.
            if let snapshot = hub.snapshot(of: id, for: scope.role, asOf: asOf) { send(snapshot, to: sink, now) }
        case .events: return
        }
        cursor.sent()
    }

    /// Everything is sent: says good-bye, or that it lives. Whoever comes here first is told at once which place this is, so that
    /// the stream can be resumed before anything has happened on it.
    private func atTheEnd(_ sink: StreamSink, _ now: LoopInstant) -> PullOutcome {
        guard isDraining else {
            if !hasArrived { heartbeatAt = now }
            hasArrived = true
            return quiet(sink, now)
        }
        send(.goingAway(resumeFrom: position, retryAfter: Self.retryAfter), to: sink, now)
        return .finished
    }

    /// Nothing can be sent now but a heartbeat, if it is due.
    private func quiet(_ sink: StreamSink, _ now: LoopInstant) -> PullOutcome {
        if heartbeatAt.nanoseconds == 0 { putOffHeartbeat(now) }
        if heartbeatAt <= now {
            pause = Self.drawn(heartbeat)
            send(.heartbeat(position, at: hub.time.now.wall), to: sink, now)
        }
        return .idle(until: heartbeatAt)
    }

    /// Any message says where the stream stands, so only an idle one needs a heartbeat.
    private func putOffHeartbeat(_ now: LoopInstant) {
        heartbeatAt = LoopInstant(nanoseconds: now.nanoseconds + Int64(pause) * 1_000_000)
    }

    private func send(_ message: WatchMessage, to sink: StreamSink, _ now: LoopInstant) {
        send(message.encoded(in: hub.arena), to: sink, now)
    }

    private func send(_ bytes: [UInt8], to sink: StreamSink, _ now: LoopInstant) {
        if pace.collapsed == 0 {
            bytes.withUnsafeBytes { sink.send($0) }
        } else {
            let count = WatchMessage.collapsedField(UInt64(pace.collapsed))
            bytes.withUnsafeBytes { bytes in count.withUnsafeBytes { sink.send(bytes, $0) } }
            pace.told()
        }
        putOffHeartbeat(now)
    }

    private static func drawn(_ interval: Int32) -> Int32 {
        Int32(Double(interval) * Double.random(in: (1 - heartbeatJitter)...(1 + heartbeatJitter)))
    }
}
