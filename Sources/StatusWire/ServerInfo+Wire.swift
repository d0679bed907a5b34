package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

// `GetServerInfo` and `GetCacheStats` are asked nothing: their requests are empty messages, whose bytes nobody reads.

extension ServerInfo: WirePayload {
    package init(message: Telltale__V1__GetServerInfoResponse) throws(WireError) {
        self.init(
            version: try decodeText(message.version, "version"),
            startedAt: try decodeMessage(message.started_at, "started_at"),
            uptime: try decodeMessage(message.uptime, "uptime") ?? .zero,
            socketPath: try decodeText(message.socket_path, "socket_path"),
            protocolVersion: Int(message.protocol_version), projects: Int(message.projects),
            refusedConnections: try decodeMessages(
                message.refused_connections, count: message.n_refused_connections,
                max: RefusedConnections.reasonsMax, "refused_connections"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__GetServerInfoResponse> {
        let message = arena.make(telltale__v1__get_server_info_response__init)
        message.pointee.version = arena.text(version)
        message.pointee.started_at = startedAt?.message(in: arena)
        message.pointee.uptime = uptime.message(in: arena)
        message.pointee.socket_path = arena.text(socketPath)
        message.pointee.protocol_version = UInt32(clamping: protocolVersion)
        message.pointee.projects = UInt32(clamping: projects)
        message.pointee.n_refused_connections = refusedConnections.count
        message.pointee.refused_connections = arena.list(refusedConnections) { $0.message(in: arena) }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__GetServerInfoResponse>? {
        arena.unpack(bytes, with: telltale__v1__get_server_info_response__unpack)
    }
}

extension RefusedConnections: WireMessage {
    /// How many reasons there may be: a closed list, of which a newer daemon has some more.
    static let reasonsMax = 64

    package init(message: Telltale__V1__RefusedConnections) throws(WireError) {
        self.init(reason: try decodeText(message.reason, "reason"), count: message.count)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RefusedConnections> {
        let message = arena.make(telltale__v1__refused_connections__init)
        message.pointee.reason = arena.text(reason)
        message.pointee.count = count
        return message
    }
}

extension CacheStats: WirePayload {
    package init(message: Telltale__V1__GetCacheStatsResponse) throws(WireError) {
        self.init(
            size: Int(clamping: message.size), active: Int(clamping: message.active),
            expired: Int(clamping: message.expired), hits: message.hits, misses: message.misses,
            staleHits: message.stale_hits, collapsed: message.collapsed,
            store: try decodeMessage(message.store, "store") ?? StoreStats())
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__GetCacheStatsResponse> {
        let message = arena.make(telltale__v1__get_cache_stats_response__init)
        message.pointee.size = UInt64(clamping: size)
        message.pointee.active = UInt64(clamping: active)
        message.pointee.expired = UInt64(clamping: expired)
        message.pointee.hits = hits
        message.pointee.misses = misses
        message.pointee.stale_hits = staleHits
        message.pointee.collapsed = collapsed
        message.pointee.store = store.message(in: arena)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__GetCacheStatsResponse>? {
        arena.unpack(bytes, with: telltale__v1__get_cache_stats_response__unpack)
    }
}

extension StoreStats: WireMessage {
    package init(message: Telltale__V1__StoreStats) throws(WireError) {
        self.init(
            path: try decodeText(message.path, "path"), bytes: message.bytes, isPersisting: message.persisting != 0,
            trouble: try decodeText(message.trouble, "trouble"), pending: Int(clamping: message.pending),
            lastSavedAt: try decodeMessage(message.last_saved_at, "last_saved_at"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__StoreStats> {
        let message = arena.make(telltale__v1__store_stats__init)
        message.pointee.path = arena.text(path)
        message.pointee.bytes = bytes
        message.pointee.persisting = isPersisting ? 1 : 0
        message.pointee.trouble = arena.text(trouble)
        message.pointee.pending = UInt64(clamping: pending)
        message.pointee.last_saved_at = lastSavedAt?.message(in: arena)
        return message
    }
}
