/// What to change of a project, or how to make one; nil leaves a field as it is.
package struct VercelProjectPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case team, empty, repository
        case hasApp = "has_app"
    }

    /// The owning team's id; empty for a person's own.
    package var team: String?
    /// true takes every deployment away.
    package var empty: Bool?
    /// The linked repository on GitHub as `owner/name`; empty for none.
    package var repository: String?
    /// Whether Vercel's app on GitHub sees repositories that it is to be linked to; true unless told.
    package var hasApp: Bool?

    package init(
        team: String? = nil, empty: Bool? = nil, repository: String? = nil, hasApp: Bool? = nil
    ) {
        self.team = team
        self.empty = empty
        self.repository = repository
        self.hasApp = hasApp
    }
}

/// One deployment to be made.
package struct VercelDeploy: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case target, state, substate, branch, message, count
        case secondsAgo = "seconds_ago"
    }

    /// `production`, which is the default, `preview`, `staging`, or the slug of another environment.
    package var target: String?
    /// `READY` unless told.
    package var state: String?
    /// `PROMOTED` for production that is ready and `STAGED` for another that is, unless told.
    package var substate: String?
    package var branch: String?
    package var message: String?
    /// How long ago it was made, 0 to 315 360 000 s.
    package var secondsAgo: Int?
    /// So many alike, 1 to 400, a second apart; the last one at ``secondsAgo``.
    package var count: Int?

    package init(
        target: String? = nil, state: String? = nil, substate: String? = nil, branch: String? = nil,
        message: String? = nil, secondsAgo: Int? = nil, count: Int? = nil
    ) {
        self.target = target
        self.state = state
        self.substate = substate
        self.branch = branch
        self.message = message
        self.secondsAgo = secondsAgo
        self.count = count
    }
}

/// What becomes of a project's newest deployment.
package struct VercelSettlement: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case state, substate
    }

    package var state: String
    package var substate: String?

    package init(_ state: String, substate: String? = nil) {
        self.state = state
        self.substate = substate
    }
}

/// What to change of a token, or how to make one; nil leaves a field as it is.
package struct VercelTokenPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case username, revoked, scope, limited, saml, limit
    }

    package var username: String?
    package var revoked: Bool?
    /// The one team it is made for; empty for all that its owner has.
    package var scope: String?
    /// Refuses it every project without a reason, while it lives.
    package var limited: Bool?
    package var saml: Bool?
    /// Requests a minute on each endpoint, 0 to 1 000 000.
    package var limit: Int?

    package init(
        username: String? = nil, revoked: Bool? = nil, scope: String? = nil, limited: Bool? = nil, saml: Bool? = nil,
        limit: Int? = nil
    ) {
        self.username = username
        self.revoked = revoked
        self.scope = scope
        self.limited = limited
        self.saml = saml
        self.limit = limit
    }
}

/// A limit to be reached from now on, for everybody and every endpoint.
package struct VercelLimitOrder: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case shape
        case forSeconds = "for_s"
        case retryAfter = "retry_after"
    }

    package enum Shape: String, Hashable, Sendable, Decodable, CaseIterable {
        /// `{"error":{"code":"rate_limited",…}}`.
        case wrapped
        /// `{"status":429,"code":"too_many_requests",…}`, as newer endpoints have it.
        case plain
    }

    /// How long it lasts, 1 to 604 800 s; 60 unless told.
    package var forSeconds: Int?
    /// Whether `Retry-After` is sent; true unless told.
    package var retryAfter: Bool?
    /// `wrapped` unless told.
    package var shape: Shape?

    package init(forSeconds: Int? = nil, retryAfter: Bool? = nil, shape: Shape? = nil) {
        self.forSeconds = forSeconds
        self.retryAfter = retryAfter
        self.shape = shape
    }
}
