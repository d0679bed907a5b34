import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TTRPCTransport

/// `Watch`: opens a cursor into the journal for the caller's role.
struct WatchMethod: StreamMethod {
    let hubs: WatchHubs
    /// The interval that a caller gets who asks for none.
    let heartbeat: Duration

    /// Projects that a watch follows though they have gone, at most: nobody knows whether they ever were.
    private static let goneMax = 16
    /// Items that a reset names, at most.
    static let lostItemsMax = 1024
    /// A caller's own interval is moved into these bounds.
    private static let heartbeatMin = Duration.seconds(1)
    private static let heartbeatMax = Duration.seconds(300)

    func open(_ request: InboundRequest, waker: StreamWaker) throws(RPCStatus) -> any StreamSession {
        let caller = try Principal(request)
        let query: WatchRequest
        do throws(WireError) {
            query = try WatchRequest(decoding: request.payload, in: request.arena)
        } catch {
            throw CallErrors.invalid(error, in: request.arena)
        }
        if let index = query.kinds.firstIndex(where: { !EventKind.isNamed(by: $0) }) {
            throw CallErrors.invalid("kinds[\(index)]", Self.kindsAdvice, in: request.arena)
        }
        let (entries, gone) = try projects(of: query, in: request)
        let scope = WatchScope(
            role: caller.role, entries: entries, gone: gone, kinds: EventKindFilter(query.kinds))
        let interval = query.heartbeatInterval.map { min(max($0, Self.heartbeatMin), Self.heartbeatMax) }
        return WatchSession(
            hub: hubs.hub(of: waker.loop), waker: waker, scope: scope, resumeAfter: query.resumeAfter,
            heartbeat: interval ?? heartbeat)
    }

    /// The projects that the watch names, each once; no list when it names none. Whoever resumes may name projects that have
    /// gone meanwhile, as long as not all have and not many: the stream tells of it.
    private func projects(
        of query: WatchRequest, in request: InboundRequest
    ) throws(RPCStatus) -> (known: [BoardEntry]?, gone: [ProjectID]) {
        guard !query.projectIDs.isEmpty else { return (nil, []) }
        var known: [BoardEntry] = []
        var gone: [ProjectID] = []
        var named: Set<ProjectID> = []
        for id in query.projectIDs where named.insert(id).inserted {
            if let entry = hubs.engine.board[id] { known.append(entry) } else { gone.append(id) }
        }
        if let id = gone.first, known.isEmpty || gone.count > Self.goneMax || query.resumeAfter == nil {
            throw CallErrors.unknownProject(id, in: request.arena)
        }
        return (known, gone)
    }

    private static let kindsAdvice =
        "must be kinds, or families such as deploy:*, of " + EventKind.all.joined(separator: ", ")
}
