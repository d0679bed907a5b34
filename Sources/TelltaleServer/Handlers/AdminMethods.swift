package import StatusCore
package import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore

/// What the administrative methods answer.
package struct AdminMethods: Sendable {
    let engine: StatusEngine
    let time: any TimeSource
    let startedAt: Moment
    let socketPath: String
    /// How the breaker before a link's hosts stands.
    let standing: @Sendable (Link) -> BreakerStanding
    let reload: Reload?
    let refusals: RefusalCounts

    /// - Parameters:
    ///   - engine: Whom the methods ask.
    ///   - time: The clocks.
    ///   - startedAt: When the daemon started.
    ///   - socketPath: Where it serves.
    ///   - standing: How the breaker before a link's hosts stands; must not block.
    ///   - reload: Reads the configuration anew; nil where there is none to read.
    ///   - refusals: The connections that were refused.
    package init(
        engine: StatusEngine, time: any TimeSource, startedAt: Moment, socketPath: String,
        standing: @escaping @Sendable (Link) -> BreakerStanding = { _ in BreakerStanding() }, reload: Reload? = nil,
        refusals: RefusalCounts = RefusalCounts()
    ) {
        self.engine = engine
        self.time = time
        self.startedAt = startedAt
        self.socketPath = socketPath
        self.standing = standing
        self.reload = reload
        self.refusals = refusals
    }

    /// One page of projects by name, as the caller's role sees them. It reads the board and starts no refresh.
    func listProjects(_ request: ListProjectsRequest, _ caller: Principal) -> ProjectPage {
        let ids = engine.board.projectIDs.filter { request.pageToken.isEmpty || $0.rawValue > request.pageToken }
        let now = time.now
        let page = ids.prefix(request.pageSize).compactMap { engine.board[$0] }.map { entry in
            ProjectOverview(entry.envelope(for: caller.role, at: now))
        }
        let hasMore = ids.count > request.pageSize
        return ProjectPage(projects: page, nextPageToken: hasMore ? page.last?.projectID.rawValue ?? "" : "")
    }

    /// What the daemon is; where on the host it serves is for owner and admin.
    func serverInfo(_ caller: Principal) -> ServerInfo {
        let now = time.now
        return ServerInfo(
            version: TelltaleVersion.current, startedAt: startedAt.wall(asOf: now), uptime: now.age(since: startedAt),
            socketPath: caller.role >= .admin ? socketPath : "", projects: engine.board.count,
            refusedConnections: refusals.all)
    }

    /// What the cache holds in memory and on disk; where on disk is for owner and admin.
    func cacheStats(_ caller: Principal) async -> CacheStats {
        var stats = await engine.cacheStats()
        stats.store = await engine.storeStats(for: caller.role)
        return stats
    }

    /// Why an item is what it is. It counts as no demand, for it must not change what it explains.
    func explain(_ request: ExplainRequest, _ caller: Principal) async throws(RPCStatus) -> ItemExplanation {
        guard engine.board[request.projectID] != nil else { throw CallErrors.unknownProject(request.projectID) }
        let item = ItemReference(project: request.projectID, key: request.key)
        guard let explanation = await engine.explain(item, role: caller.role, standing: standing) else {
            throw CallErrors.unknownItem(request.key, of: request.projectID)
        }
        return explanation
    }

    func invalidate(_ request: InvalidateRequest, _ caller: Principal) async throws(RPCStatus) -> InvalidateResponse {
        guard caller.role >= .editor else {
            throw CallErrors.denied("The role \(caller.role.rawValue) may look and not invalidate.")
        }
        if let id = request.projectID {
            guard let count = await engine.invalidate(id, keys: request.keys, for: caller.role) else {
                throw CallErrors.unknownProject(id)
            }
            return InvalidateResponse(invalidated: count)
        }
        var count = 0
        for id in engine.board.projectIDs {
            // One that was removed meanwhile has nothing to invalidate.
            count += await engine.invalidate(id, keys: request.keys, for: caller.role) ?? 0
        }
        return InvalidateResponse(invalidated: count)
    }
}

extension ProjectOverview {
    fileprivate init(_ envelope: StatusEnvelope) {
        let statuses = (envelope.items + envelope.services).filter { $0.configured && $0.visible }
        func count(_ state: ConnectionState) -> Int { statuses.count { $0.status == state } }
        self.init(
            projectID: envelope.projectID, overall: envelope.overall, hash: envelope.hash,
            updatedAt: envelope.cachedAt,
            counts: StateCounts(
                connected: count(.connected), warning: count(.warning), error: count(.error),
                disconnected: count(.disconnected)),
            isStale: envelope.isStale)
    }
}
