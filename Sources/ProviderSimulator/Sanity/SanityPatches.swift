/// What to change of a project, or how to make one; nil leaves a field as it is.
package struct SanityProjectPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case blocked, disabled
        case displayName = "display_name"
        case studioHost = "studio_host"
        case externalStudioHost = "external_studio_host"
    }

    package var displayName: String?
    package var blocked: Bool?
    package var disabled: Bool?
    /// The studio's name at Sanity's host, empty for none; the project's id unless told.
    package var studioHost: String?
    /// Where the project has a studio of its own; empty for nowhere.
    package var externalStudioHost: String?

    package init(
        displayName: String? = nil, blocked: Bool? = nil, disabled: Bool? = nil, studioHost: String? = nil,
        externalStudioHost: String? = nil
    ) {
        self.displayName = displayName
        self.blocked = blocked
        self.disabled = disabled
        self.studioHost = studioHost
        self.externalStudioHost = externalStudioHost
    }
}

/// What to change of a dataset, or how to make one.
package struct SanityDatasetPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case `private`, empty
    }

    /// Anonymous readers find nothing in it.
    package var `private`: Bool?
    /// true takes every document away.
    package var empty: Bool?

    package init(private: Bool? = nil, empty: Bool? = nil) {
        self.private = `private`
        self.empty = empty
    }
}

/// One change of a document, which live hooks deliver.
package struct SanityChange: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, type
        case quietDays = "quiet_days"
    }

    /// A new document unless told.
    package var id: String?
    package var type: String?
    /// So many days ago, 0 to 36 500; now unless told.
    package var quietDays: Int?

    package init(id: String? = nil, type: String? = nil, quietDays: Int? = nil) {
        self.id = id
        self.type = type
        self.quietDays = quietDays
    }
}

/// What to change of a hook, or how to make one; a new one is live and hears of every dataset.
package struct SanityHookPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case dataset, disabled, deleted, failing
        case disabledByUser = "disabled_by_user"
    }

    package var dataset: String?
    package var disabled: Bool?
    package var disabledByUser: Bool?
    package var deleted: Bool?
    /// Its receiver answers 500 from now on.
    package var failing: Bool?

    package init(
        dataset: String? = nil, disabled: Bool? = nil, disabledByUser: Bool? = nil, deleted: Bool? = nil,
        failing: Bool? = nil
    ) {
        self.dataset = dataset
        self.disabled = disabled
        self.disabledByUser = disabledByUser
        self.deleted = deleted
        self.failing = failing
    }
}

/// One delivery of a hook's, without a change.
package struct SanityMessageOrder: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case status
        case resultCode = "result_code"
    }

    /// `success`, `failure`, `queued` or `sending`.
    package var status: String
    /// 100 to 599.
    package var resultCode: Int?

    package init(_ status: String, resultCode: Int? = nil) {
        self.status = status
        self.resultCode = resultCode
    }
}

/// What to change of a token, or how to make one; a new one never expires and reads webhooks.
package struct SanityTokenPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case project, webhooks, revoked
        case expiresIn = "expires_in_s"
    }

    package var project: String?
    /// Whether it may read webhooks.
    package var webhooks: Bool?
    /// Takes it away, so that it is known no more.
    package var revoked: Bool?
    /// Seconds from now, negative for the past.
    package var expiresIn: Int?

    package init(project: String? = nil, webhooks: Bool? = nil, revoked: Bool? = nil, expiresIn: Int? = nil) {
        self.project = project
        self.webhooks = webhooks
        self.revoked = revoked
        self.expiresIn = expiresIn
    }
}

/// A limit to be reached from now on, for everybody.
package struct SanityLimitOrder: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case forSeconds = "for_s"
        case retryAfter = "retry_after"
    }

    /// How long it lasts, 1 to 86 400 s; 1 unless told, for Sanity's limits are per second.
    package var forSeconds: Int?
    /// Whether `retry-after` says how long to wait; true unless told. `ratelimit-reset` always does.
    package var retryAfter: Bool?

    package init(forSeconds: Int? = nil, retryAfter: Bool? = nil) {
        self.forSeconds = forSeconds
        self.retryAfter = retryAfter
    }
}
