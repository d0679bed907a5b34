/// What to change of a project, or how to make one; nil leaves a field as it is.
package struct SupabaseProjectPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, status, services, keys, tables, functions, restriction
        case hiddenTables = "hidden_tables"
        case databaseError = "database_error"
    }

    package var name: String?
    /// `ACTIVE_HEALTHY`, `INACTIVE`, …; whatever is sent is told, so that unknown ones can be tried.
    package var status: String?
    /// States by service; those that are left out are `ACTIVE_HEALTHY`.
    package var services: [String: String]?
    /// The keys that the project's gateway admits.
    package var keys: [String]?
    /// Columns by table.
    package var tables: [String: [String]]?
    /// Tables of which row level security shows nothing.
    package var hiddenTables: [String]?
    package var functions: [String]?
    /// Why it is cut off (402); empty for not at all.
    package var restriction: String?
    /// `PGRST000` to `PGRST003`; empty for a database that is well.
    package var databaseError: String?

    package init(
        name: String? = nil, status: String? = nil, services: [String: String]? = nil, keys: [String]? = nil,
        tables: [String: [String]]? = nil, hiddenTables: [String]? = nil, functions: [String]? = nil,
        restriction: String? = nil, databaseError: String? = nil
    ) {
        self.name = name
        self.status = status
        self.services = services
        self.keys = keys
        self.tables = tables
        self.hiddenTables = hiddenTables
        self.functions = functions
        self.restriction = restriction
        self.databaseError = databaseError
    }
}

/// What to change of a management token, or how to make one; nil leaves a field as it is.
package struct SupabaseTokenPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case scopes, revoked
        case expiresIn = "expires_in_s"
        case minuteLimit = "minute_limit"
    }

    package var scopes: [String]?
    package var revoked: Bool?
    /// Seconds from now, negative for the past.
    package var expiresIn: Int?
    /// Requests a minute of each endpoint, 0 to 1 000 000.
    package var minuteLimit: Int?

    package init(
        scopes: [String]? = nil, revoked: Bool? = nil, expiresIn: Int? = nil, minuteLimit: Int? = nil
    ) {
        self.scopes = scopes
        self.revoked = revoked
        self.expiresIn = expiresIn
        self.minuteLimit = minuteLimit
    }
}

/// A client of OAuth.
package struct SupabaseClientPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case secret
    }

    package var secret: String

    package init(secret: String) { self.secret = secret }
}

/// What to change of a refresh token, or how to make one; nil leaves a field as it is.
package struct SupabaseRefreshTokenPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case client, revoked, scopes
        case lifetime = "lifetime_s"
    }

    package var client: String?
    package var revoked: Bool?
    /// How long an access token lives that is had for it, 1 to 86 400 seconds.
    package var lifetime: Int?
    package var scopes: [String]?

    package init(
        client: String? = nil, revoked: Bool? = nil, lifetime: Int? = nil, scopes: [String]? = nil
    ) {
        self.client = client
        self.revoked = revoked
        self.lifetime = lifetime
        self.scopes = scopes
    }
}

/// For how long everybody is past the management API's limit.
package struct SupabaseLimitOrder: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case forSeconds = "for_s"
    }

    /// 1 to 86 400; 60 unless told.
    package var forSeconds: Int?

    package init(forSeconds: Int? = nil) { self.forSeconds = forSeconds }
}
