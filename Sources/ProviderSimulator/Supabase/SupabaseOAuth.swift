import StatusModel

/// The clients of OAuth and their refresh tokens, each of which is good for one use.
struct SupabaseOAuth: Sendable {
    struct RefreshToken: Hashable, Sendable {
        var client: String
        /// Used up, or taken back by the user.
        var isRevoked = false
        /// How long an access token lives that is had for it.
        var lifetime: Duration = .seconds(3600)
        var scopes: Set<String> = ["projects:read"]
    }

    /// What a refresh gives.
    struct Grant: Sendable {
        var accessToken: String
        var refreshToken: String
        var lifetime: Duration
        var scopes: Set<String>
    }

    static let clientsMax = 64
    /// Every refresh leaves a used one behind, which is still told from one that never was.
    static let refreshTokensMax = 4096

    /// Secrets by client.
    var clients: [String: String] = [:]
    var refreshTokens: [String: RefreshToken] = [:]
    private(set) var grantCount: UInt64 = 0

    /// Exchanges a refresh token for a new pair; nil when it is unknown, used up, revoked, or another client's.
    mutating func refresh(_ token: String, client: String) -> Grant? {
        guard let old = refreshTokens[token], !old.isRevoked, old.client == client,
            refreshTokens.count < Self.refreshTokensMax
        else { return nil }
        grantCount &+= 1
        let number = String(grantCount)
        let grant = Grant(
            accessToken: "sbp_oauth_" + Fingerprint("access", token, number).hex(digits: 40),
            refreshToken: Fingerprint("refresh", token, number).hex(digits: 40), lifetime: old.lifetime,
            scopes: old.scopes)
        refreshTokens[token]?.isRevoked = true
        refreshTokens[grant.refreshToken] = old
        return grant
    }
}
