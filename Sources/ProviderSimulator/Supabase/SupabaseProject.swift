import StatusModel

/// A project: what the management API tells of it, and what its own host does.
struct SupabaseProject: Hashable, Sendable {
    /// The services that a project has, in the order of the documentation.
    static let services = ["auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage", "pg_bouncer"]
    /// The statuses in which nothing of it runs.
    static let asleep = ["INACTIVE", "PAUSING"]

    var ref: String
    var name: String
    var region = "eu-central-1"
    var createdAt: UnixTime
    var status = "ACTIVE_HEALTHY"
    /// What is not ACTIVE_HEALTHY, by service.
    var unwell: [String: String] = [:]
    /// The keys that its gateway admits.
    var keys: Set<String> = []
    /// Columns by table.
    var tables: [String: Set<String>] = [:]
    /// Tables of which row level security shows nothing.
    var hiddenTables: Set<String> = []
    var functions: Set<String> = []
    /// Why the project is cut off (402), such as `exceed_db_size_quota`.
    var restriction: String?
    /// What PostgREST says of its database instead of an answer, such as `PGRST002`.
    var databaseError: String?

    var isAsleep: Bool { Self.asleep.contains(status) }

    /// The state of a service as the health endpoint tells it: nothing is well in a project that sleeps.
    func state(of service: String) -> String { isAsleep ? "UNHEALTHY" : unwell[service] ?? "ACTIVE_HEALTHY" }
}

/// A management token and what it may do.
struct SupabaseToken: Hashable, Sendable {
    var scopes: Set<String> = ["projects:read"]
    var isRevoked = false
    var expiresAt: UnixTime?
    /// Requests a minute, of each endpoint.
    var minuteLimit = 120

    func isValid(at now: UnixTime) -> Bool { !isRevoked && (expiresAt.map { now < $0 } ?? true) }
}
