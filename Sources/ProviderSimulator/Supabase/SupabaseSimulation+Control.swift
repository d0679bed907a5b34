package import StatusModel

extension SupabaseSimulation {
    /// What `GET /_sim/state` tells. Credentials are counted, not told.
    package struct Summary: Encodable, Sendable {
        struct Project: Encodable, Sendable {
            var ref: String
            var name: String
            var status: String
            var unwell: [String: String]
            var keys: Int
        }

        var projects: [Project]
        var validTokens: Int
        var clients: [String]
        var unusedRefreshTokens: Int
        /// How many refreshes were granted.
        var grants: UInt64
        var limitUntil: Nullable<String>
    }

    package func summary(now: UnixTime) -> Summary {
        Summary(
            projects: projects.values.sorted { $0.ref < $1.ref }.map {
                .init(ref: $0.ref, name: $0.name, status: $0.status, unwell: $0.unwell, keys: $0.keys.count)
            },
            validTokens: tokens.values.count { $0.isValid(at: now) }, clients: oauth.clients.keys.sorted(),
            unusedRefreshTokens: oauth.refreshTokens.values.count { !$0.isRevoked }, grants: oauth.grantCount,
            limitUntil: Nullable(limits.exhaustedUntil.map(TimeText.iso8601)))
    }

    package mutating func control(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        switch (request.method, path.first, path.count) {
        case ("PUT", "projects", 2): try setProject(path[1], try .decoded(from: request), now: now)
        case ("DELETE", "projects", 2): try removeProject(path[1])
        case ("PUT", "tokens", 2): try setToken(path[1], try .decoded(from: request), now: now)
        case ("PUT", "clients", 2): try setClient(path[1], try .decoded(from: request))
        case ("PUT", "refresh-tokens", 2): try setRefreshToken(path[1], try .decoded(from: request))
        case ("POST", "limits", 1): try reachLimit(try .decoded(from: request), now: now)
        case ("DELETE", "limits", 1): clearLimits()
        default:
            throw ControlError(
                404,
                "no such command; below /_sim/supabase there are: PUT and DELETE projects/{ref}, PUT tokens/{token}, "
                    + "PUT clients/{id}, PUT refresh-tokens/{token}, POST and DELETE limits")
        }
        return .json(200, summary(now: now))
    }

    /// The reference of the project that the program plays from the start.
    package static let exampleRef = "abcdefghijklmnopqrst"

    /// What the program plays from the start: one project that is well, a token, a key, and a client with its first
    /// refresh token.
    static func example(now: UnixTime) throws(ControlError) -> Self {
        var example = Self()
        try example.setProject(
            exampleRef,
            SupabaseProjectPatch(
                name: "acme-shop", keys: ["sb_secret_sim"], tables: ["ping": ["id"]], functions: ["ping"]),
            now: now)
        try example.setToken("sim-supabase-token", SupabaseTokenPatch(), now: now)
        try example.setClient("sim-client", SupabaseClientPatch(secret: "sim-client-secret"))
        try example.setRefreshToken("sim-refresh-token", SupabaseRefreshTokenPatch(client: "sim-client"))
        return example
    }
}
