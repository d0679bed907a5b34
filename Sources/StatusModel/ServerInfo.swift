/// What a daemon is.
public struct ServerInfo: Hashable, Sendable {
    /// The daemon's version: `1.0.0`.
    public var version: String
    /// When it started.
    public var startedAt: UnixTime?
    /// How long it has run, by the monotonic clock.
    public var uptime: Duration
    /// The path of the socket it serves; empty for readers below admin.
    public var socketPath: String
    /// The version of the protocol it speaks: 1.
    public var protocolVersion: Int
    /// How many projects it knows.
    public var projects: Int
    /// How many connections it has refused since it started, for each reason that there is.
    public var refusedConnections: [RefusedConnections]

    /// Makes one from its parts.
    public init(
        version: String, startedAt: UnixTime?, uptime: Duration, socketPath: String, protocolVersion: Int = 1,
        projects: Int, refusedConnections: [RefusedConnections] = []
    ) {
        self.version = version
        self.startedAt = startedAt
        self.uptime = uptime
        self.socketPath = socketPath
        self.protocolVersion = protocolVersion
        self.projects = projects
        self.refusedConnections = refusedConnections
    }
}

/// Connections that a daemon refused for one reason.
public struct RefusedConnections: Hashable, Sendable {
    /// `not_allowed`: the peer's user may not speak to it; `too_many`: it has as many as it takes; `too_many_of_user`: that user
    /// has.
    public var reason: String
    /// How many.
    public var count: UInt64

    /// Makes one from its parts.
    public init(reason: String, count: UInt64) {
        self.reason = reason
        self.count = count
    }
}

/// What the daemon's cache holds, and how often it helped since the daemon started (SPEC §4).
public struct CacheStats: Hashable, Sendable {
    /// Entries held.
    public var size: Int
    /// Of these, within their time to live.
    public var active: Int
    /// Of these, past it, and kept to be answered stale.
    public var expired: Int
    /// Reads that an entry within its time to live answered.
    public var hits: UInt64
    /// Reads that found nothing.
    public var misses: UInt64
    /// Reads that an entry past its time to live answered.
    public var staleHits: UInt64
    /// Reads that shared the fetch of another.
    public var collapsed: UInt64
    /// What of it is kept on disk.
    public var store: StoreStats

    /// Makes one from its parts.
    public init(
        size: Int = 0, active: Int = 0, expired: Int = 0, hits: UInt64 = 0, misses: UInt64 = 0,
        staleHits: UInt64 = 0, collapsed: UInt64 = 0, store: StoreStats = StoreStats()
    ) {
        self.size = size
        self.active = active
        self.expired = expired
        self.hits = hits
        self.misses = misses
        self.staleHits = staleHits
        self.collapsed = collapsed
        self.store = store
    }
}

/// Whether the daemon, or a part of it, can serve (the health protocol of gRPC).
public enum ServingStatus: CaseIterable, Hashable, Sendable {
    /// Not known yet.
    case unknown
    /// It can.
    case serving
    /// It cannot.
    case notServing
    /// There is no such part.
    case serviceUnknown
}
