import StatusModel

/// A credential and what it may do.
struct GitHubToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// A classic or OAuth token; its scopes are told in `x-oauth-scopes`.
        case classic(scopes: [String])
        /// A fine-grained token, whose permissions (`metadata`, `contents`) no header tells.
        case fineGrained(permissions: [String])
    }

    var login: String
    var kind: Kind
    var expiresAt: UnixTime?
    var isRevoked = false
    /// Whether it was authorised for the organizations that ask for single sign-on.
    var isSSOAuthorized = false
    /// Requests an hour, shared by all tokens of one login; the lowest among them counts.
    var hourlyLimit = 5_000

    var userID: Int { Fingerprint("user", login).number(max: 90_000_000) }

    func isValid(at now: UnixTime) -> Bool { !isRevoked && (expiresAt.map { now < $0 } ?? true) }

    /// Whether it reaches private repositories at all: without, they are not there (404).
    var reachesPrivate: Bool {
        switch kind {
        case .classic(let scopes): scopes.contains("repo")
        case .fineGrained(let permissions): permissions.contains("metadata")
        }
    }

    /// Whether a fine-grained token has a permission; a classic one has whatever its scopes let it reach.
    func permits(_ permission: String) -> Bool {
        switch kind {
        case .classic: true
        case .fineGrained(let permissions): permissions.contains(permission)
        }
    }
}

/// On whose behalf a request is made.
enum GitHubCaller: Hashable, Sendable {
    case anonymous
    case user(GitHubToken, credential: String)

    var token: GitHubToken? {
        if case .user(let token, _) = self { token } else { nil }
    }

    /// Whose hourly limit is used: a user's, or, without one, the address's.
    var account: String { token?.login ?? "" }

    var hourlyLimit: Int { token?.hourlyLimit ?? 60 }
}
