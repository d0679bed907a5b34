package import StatusModel

extension JSONValue {
    package static func overview(_ project: ProjectOverview) -> Self {
        .object([
            "project_id": .text(project.projectID.rawValue),
            "overall": .text(project.overall.rawValue),
            "hash": .text(project.hash),
            "updated_at": .time(project.updatedAt),
            "counts": .object([
                "connected": .count(project.counts.connected), "warning": .count(project.counts.warning),
                "error": .count(project.counts.error), "disconnected": .count(project.counts.disconnected),
            ]),
            "is_stale": .bool(project.isStale),
        ])
    }

    package static func reload(_ report: ReloadReport) -> Self {
        .object([
            "projects_added": .count(report.projectsAdded), "projects_changed": .count(report.projectsChanged),
            "projects_removed": .count(report.projectsRemoved),
            "needs_restart": .list(report.needsRestart.map { .text($0) }),
        ])
    }

    package static func receipt(_ receipt: RunReceipt) -> Self {
        .object(["event": .event(receipt.event), "duplicate": .bool(receipt.isDuplicate)])
    }

    package static func receipt(_ receipt: WebhookReceipt) -> Self {
        .object(["events": .list(receipt.events.map { .event($0) }), "duplicate": .bool(receipt.isDuplicate)])
    }

    package static func version(of info: ServerInfo) -> Self {
        let refused = info.refusedConnections.map { ($0.reason, Self.unsigned($0.count)) }
        return .object([
            "telltale": .text(TelltaleVersion.current),
            "telltaled": .object([
                "version": .text(info.version), "socket_path": .text(info.socketPath),
                "started_at": .time(info.startedAt),
                "projects": .count(info.projects),
                "refused_connections": .object(Dictionary(refused) { first, _ in first }),
            ]),
        ])
    }

    package static func cache(_ stats: CacheStats) -> Self {
        .object([
            "size": .count(stats.size), "active": .count(stats.active), "expired": .count(stats.expired),
            "hits": .unsigned(stats.hits), "misses": .unsigned(stats.misses),
            "stale_hits": .unsigned(stats.staleHits), "collapsed": .unsigned(stats.collapsed),
            "store": .store(stats.store),
        ])
    }

    private static func store(_ store: StoreStats) -> Self {
        .object([
            "path": .text(store.path), "bytes": .unsigned(store.bytes), "persisting": .bool(store.isPersisting),
            "trouble": .text(store.trouble), "pending": .count(store.pending),
            "last_saved_at": .time(store.lastSavedAt),
        ])
    }
}
