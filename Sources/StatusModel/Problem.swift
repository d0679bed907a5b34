/// What is wrong, by the stable name that code may depend on (SPEC §2).
public enum ProblemCode: String, CaseIterable, Hashable, Sendable {
    case oauthRevoked = "oauth_revoked"
    case rateLimited = "rate_limited"
    case timeout
    case unknown
    case missingScope = "missing_scope"
    case notFound = "not_found"
    case providerOutage = "provider_outage"
    case sleeping
    case misconfigured
    case network
    case tls
}

/// Which of four things is wrong, so that one red light does not stand for all.
public enum ProblemCause: String, CaseIterable, Hashable, Sendable {
    /// The provider is down or answers nonsense.
    case provider
    /// The provider refuses us: credential, permission, or the link itself.
    case refused
    /// The provider throttles us.
    case throttled
    /// This host is at fault: its network, DNS, trust store, clock, disk or configuration.
    case host
}

/// What is wrong with an item, and what the reader can do about it.
public struct Problem: Hashable, Sendable {
    /// The stable name.
    public var code: ProblemCode
    /// Which of the four things is wrong.
    public var cause: ProblemCause
    /// What the person can do, in one sentence.
    public var hint: String
    /// When the provider wants to be asked again, if it said so.
    public var retryAfter: UnixTime?
    /// When this problem was first seen.
    public var firstSeenAt: UnixTime?
    /// How many refreshes in a row have met it.
    public var attempts: Int
    /// When the daemon tries next by itself.
    public var nextAttemptAt: UnixTime?

    /// Makes one from its parts.
    public init(
        code: ProblemCode, cause: ProblemCause, hint: String, retryAfter: UnixTime? = nil,
        firstSeenAt: UnixTime? = nil, attempts: Int = 1, nextAttemptAt: UnixTime? = nil
    ) {
        self.code = code
        self.cause = cause
        self.hint = hint
        self.retryAfter = retryAfter
        self.firstSeenAt = firstSeenAt
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
    }
}
