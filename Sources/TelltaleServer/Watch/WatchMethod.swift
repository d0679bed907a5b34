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
        let scope = WatchScope(
            role: caller.role, entries: try entries(of: query, in: request), kinds: EventKindFilter(query.kinds))
        let interval = query.heartbeatInterval.map { min(max($0, Self.heartbeatMin), Self.heartbeatMax) }
        return WatchSession(
            hub: hubs.hub(of: waker.loop), waker: waker, scope: scope, resumeAfter: query.resumeAfter,
            heartbeat: interval ?? heartbeat)
    }

    /// The projects that the watch names, each once; nil when it names none.
    private func entries(of query: WatchRequest, in request: InboundRequest) throws(RPCStatus) -> [BoardEntry]? {
        guard !query.projectIDs.isEmpty else { return nil }
        var found: [BoardEntry] = []
        var named: Set<ProjectID> = []
        for id in query.projectIDs where named.insert(id).inserted {
            guard let entry = hubs.engine.board[id] else { throw CallErrors.unknownProject(id, in: request.arena) }
            found.append(entry)
        }
        return found
    }
}
