/// What to change of a repository, or how to make one; nil leaves a field as it is.
package struct GitHubRepositoryPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case `private`, archived, disabled, fork, empty
        case requiresSSO = "requires_sso"
        case defaultBranch = "default_branch"
        case pushedAt = "pushed_at"
        case quietDays = "quiet_days"
        case renamedFrom = "renamed_from"
        case behind, conflict, workflows
    }

    package var `private`: Bool?
    package var archived: Bool?
    package var disabled: Bool?
    package var fork: Bool?
    /// true takes every branch away; false makes sure that there is a commit.
    package var empty: Bool?
    package var requiresSSO: Bool?
    package var defaultBranch: String?
    package var pushedAt: InstantOrNever?
    /// The last push was so many days ago: another way to say ``pushedAt``. 0 to 36 500.
    package var quietDays: Int?
    /// The repository of that name takes the new one; the old one leads to it from then on (301).
    package var renamedFrom: String?
    /// Of a fork: how many commits its upstream has that it has not, 0 to 1000.
    package var behind: Int?
    /// Whether these conflict with its own.
    package var conflict: Bool?
    /// Files of workflows that may be dispatched; `deploy.yml` unless told.
    package var workflows: [String]?

    package init(
        private: Bool? = nil, archived: Bool? = nil, disabled: Bool? = nil, fork: Bool? = nil, empty: Bool? = nil,
        requiresSSO: Bool? = nil, defaultBranch: String? = nil, pushedAt: InstantOrNever? = nil,
        quietDays: Int? = nil, renamedFrom: String? = nil, behind: Int? = nil, conflict: Bool? = nil,
        workflows: [String]? = nil
    ) {
        self.private = `private`
        self.archived = archived
        self.disabled = disabled
        self.fork = fork
        self.empty = empty
        self.requiresSSO = requiresSSO
        self.defaultBranch = defaultBranch
        self.pushedAt = pushedAt
        self.quietDays = quietDays
        self.renamedFrom = renamedFrom
        self.behind = behind
        self.conflict = conflict
        self.workflows = workflows
    }
}

/// What to change of a token, or how to make one; nil leaves a field as it is.
package struct GitHubTokenPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case login, scopes, permissions, revoked
        case expiresAt = "expires_at"
        case expiresIn = "expires_in_s"
        case ssoAuthorized = "sso_authorized"
        case hourlyLimit = "hourly_limit"
    }

    package var login: String?
    /// Makes it a classic token with these scopes.
    package var scopes: [String]?
    /// Makes it a fine-grained token with these permissions, each meaning read access.
    package var permissions: [String]?
    package var revoked: Bool?
    package var expiresAt: InstantOrNever?
    /// Seconds from now, negative for the past: another way to say ``expiresAt``.
    package var expiresIn: Int?
    package var ssoAuthorized: Bool?
    /// Requests an hour, 0 to 1 000 000.
    package var hourlyLimit: Int?

    package init(
        login: String? = nil, scopes: [String]? = nil, permissions: [String]? = nil, revoked: Bool? = nil,
        expiresAt: InstantOrNever? = nil, expiresIn: Int? = nil, ssoAuthorized: Bool? = nil, hourlyLimit: Int? = nil
    ) {
        self.login = login
        self.scopes = scopes
        self.permissions = permissions
        self.revoked = revoked
        self.expiresAt = expiresAt
        self.expiresIn = expiresIn
        self.ssoAuthorized = ssoAuthorized
        self.hourlyLimit = hourlyLimit
    }
}

/// One push: a new commit on a branch, the default one when none is named.
package struct GitHubPush: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case branch, message, author
    }

    package var branch: String?
    package var message: String?
    /// A login; a name with a space in it belongs to no account, so that `author` is null in answers.
    package var author: String?

    package init(branch: String? = nil, message: String? = nil, author: String? = nil) {
        self.branch = branch
        self.message = message
        self.author = author
    }
}

/// A limit to be reached from now on, for everybody.
package struct GitHubLimitOrder: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case kind, status
        case forSeconds = "for_s"
        case retryAfter = "retry_after"
    }

    package enum Kind: String, Hashable, Sendable, Decodable, CaseIterable {
        case primary, secondary
    }

    package var kind: Kind
    /// How long it lasts, 1 to 86 400 s; 60 unless told.
    package var forSeconds: Int?
    /// 403, which is the default, or 429.
    package var status: Int?
    /// Whether a secondary limit says how long to wait; true unless told.
    package var retryAfter: Bool?

    package init(_ kind: Kind, forSeconds: Int? = nil, status: Int? = nil, retryAfter: Bool? = nil) {
        self.kind = kind
        self.forSeconds = forSeconds
        self.status = status
        self.retryAfter = retryAfter
    }
}
