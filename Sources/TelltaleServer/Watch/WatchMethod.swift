import LinuxSystem
import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

/// `Watch`: opens a cursor into the journal for the caller's role.
struct WatchMethod: StreamMethod {
    let engine: StatusEngine
    let time: any TimeSource
    /// The interval that a caller gets who asks for none.
    let heartbeat: Duration

    /// A caller's own interval is moved into these bounds.
    private static let heartbeatMin = Duration.seconds(1)
    private static let heartbeatMax = Duration.seconds(300)

    func open(_ request: InboundRequest, waker: StreamWaker) throws(RPCStatus) -> any StreamSession {
        let caller = try Caller(request)
        let query: WatchRequest
        do throws(WireError) {
            query = try WatchRequest(decoding: request.payload, in: request.arena)
        } catch {
            throw CallErrors.invalid(error, in: request.arena)
        }
        var entries: [BoardEntry]?
        if !query.projectIDs.isEmpty {
            var found: [BoardEntry] = []
            var named: Set<ProjectID> = []
            for id in query.projectIDs where named.insert(id).inserted {
                guard let entry = engine.board[id] else {
                    throw CallErrors.unknownProject(id, in: request.arena)
                }
                found.append(entry)
            }
            entries = found
        }
        let interval = query.heartbeatInterval.map { min(max($0, Self.heartbeatMin), Self.heartbeatMax) }
        return WatchSession(
            engine: engine, time: time, role: caller.role, entries: entries, query: query,
            heartbeat: interval ?? heartbeat)
    }
}

/// One watcher: a cursor, a role and a filter. It is asked for data when its socket takes some, so it holds no queue.
final class WatchSession: StreamSession {
    /// Events fetched from the journal at a time.
    private static let batchMax = 32
    /// How far a heartbeat's interval is drawn to either side.
    private static let heartbeatJitter = 0.1
    /// When a watcher of a daemon that drains may come back.
    private static let retryAfterDrain = Duration.seconds(1)

    private let engine: StatusEngine
    private let time: any TimeSource
    private let role: Role
    /// The projects that it follows; nil for all, also those that come later.
    private let entries: [BoardEntry]?
    private let watched: Set<ProjectID>?
    private let kinds: EventKindFilter
    private let heartbeat: Duration
    private let arena = MessageArena(firstBlockBytes: 512)
    private var cursor: WatchCursor
    private var heartbeatAt: LoopInstant?
    private var isDraining = false

    init(
        engine: StatusEngine, time: any TimeSource, role: Role, entries: [BoardEntry]?, query: WatchRequest,
        heartbeat: Duration
    ) {
        self.engine = engine
        self.time = time
        self.role = role
        self.entries = entries
        self.heartbeat = heartbeat
        watched = entries.map { Set($0.map(\.id)) }
        kinds = EventKindFilter(query.kinds)
        // The position is taken before the board is read: what happens between the two is sent again, never lost.
        cursor = WatchCursor(
            projects: entries?.map(\.id) ?? engine.board.projectIDs, resumeAfter: query.resumeAfter,
            newest: engine.journal.newestID)
        engine.watchOpened(entries)
    }

    func received(_ message: UnsafeRawBufferPointer) throws(RPCStatus) {
        throw RPCStatus(.invalidArgument, "A watch takes no messages after its request; close its half to end it.")
    }

    func remoteClosed() -> Bool { true }

    func drain() { isDraining = true }

    func closed() { engine.watchClosed(entries) }

    func pull(into sink: StreamSink, now: LoopInstant) -> PullOutcome {
        while sink.hasRoom {
            switch cursor.next {
            case .reset(let reset):
                send(.reset(reset), to: sink, now)
                cursor.sent()
            case .snapshot(let id, let asOf):
                sendSnapshot(of: id, asOf: asOf, to: sink, now)
                cursor.sent()
            case .events(let position):
                if sendEvents(after: position, to: sink, now) { continue }
                return atTheEnd(sink, now)
            }
        }
        return .more
    }

    /// Sends a batch; false when there was nothing left.
    private func sendEvents(after position: EventID, to sink: StreamSink, _ now: LoopInstant) -> Bool {
        switch engine.journal.events(after: position, limit: Self.batchMax) {
        case .events(let entries):
            for entry in entries {
                if let bytes = bytes(of: entry.event) { send(bytes, to: sink, now) }
                cursor.passed(entry.id)
            }
            return !entries.isEmpty
        case .truncated(let from, let to): lost(.truncated(lostFrom: from, lostTo: to))
        case .epoch: lost(.epoch)
        case .future: lost(.future)
        }
        return true
    }

    private func bytes(of event: JournalRecord) -> [UInt8]? {
        guard watched?.contains(event.projectID) ?? true, kinds.wants(event.kind) else { return nil }
        return event.bytes(for: role)
    }

    private func lost(_ gap: WatchCursor.Gap) {
        let newest = engine.journal.newestID
        cursor.lost(gap, projects: entries?.map(\.id) ?? engine.board.projectIDs, newest: newest)
    }

    private func sendSnapshot(of id: ProjectID, asOf: EventID, to sink: StreamSink, _ now: LoopInstant) {
        // A project that was removed meanwhile has no state; its removal is an event.
        guard let entry = engine.board[id] else { return }
        send(entry.view(for: role, at: time.now).view.encoded.snapshot(asOf: asOf, in: arena), to: sink, now)
    }

    /// Everything is sent: says good-bye, or that it lives.
    private func atTheEnd(_ sink: StreamSink, _ now: LoopInstant) -> PullOutcome {
        if isDraining {
            send(.goingAway(resumeFrom: cursor.position, retryAfter: Self.retryAfterDrain), to: sink, now)
            return .finished
        }
        guard let due = heartbeatAt, due <= now else {
            return .idle(until: heartbeatAt ?? plannedHeartbeat(now))
        }
        send(.heartbeat(cursor.position, at: time.now.wall), to: sink, now)
        return .idle(until: heartbeatAt)
    }

    private func send(_ message: WatchMessage, to sink: StreamSink, _ now: LoopInstant) {
        send(message.encoded(in: arena), to: sink, now)
    }

    private func send(_ bytes: [UInt8], to sink: StreamSink, _ now: LoopInstant) {
        bytes.withUnsafeBytes { sink.send($0) }
        // Any message says where the stream stands, so only an idle one needs a heartbeat.
        _ = plannedHeartbeat(now)
    }

    private func plannedHeartbeat(_ now: LoopInstant) -> LoopInstant {
        let factor = Double.random(in: (1 - Self.heartbeatJitter)...(1 + Self.heartbeatJitter))
        let instant = now.advanced(by: heartbeat * factor)
        heartbeatAt = instant
        return instant
    }
}
