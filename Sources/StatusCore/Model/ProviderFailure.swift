package import StatusModel

/// Why a provider gave no reading: the result of its classifier, which is a pure table.
package struct ProviderFailure: Error, Hashable, Sendable {
    /// What becomes of the last good reading.
    package enum Disposition: Hashable, Sendable {
        /// It stays, marked stale with the problem; without one the item is an error (SPEC §2).
        case keepsLast
        /// The item is an error whatever was known: refused, revoked, gone.
        case replaces
    }

    package var code: ProblemCode
    package var cause: ProblemCause
    /// What the person can do, in one sentence. Holds no token and no payload.
    package var hint: String
    package var disposition: Disposition
    /// The provider asks not to be called before this instant.
    package var retryAfter: UnixTime?
    /// Whether the limit is the link's own, such as a plan's quota, and says nothing of others with the same secret.
    package var isOwnLimit = false
    /// Nobody was asked: a breaker holds requests back until then. What was known of the trouble stands.
    package var heldUntil: UnixTime?
    /// Whether trying again within the same refresh can help.
    package var isRetryable: Bool

    package init(
        code: ProblemCode, cause: ProblemCause, hint: String, disposition: Disposition,
        retryAfter: UnixTime? = nil, heldUntil: UnixTime? = nil, isRetryable: Bool = false
    ) {
        self.code = code
        self.cause = cause
        self.hint = hint
        self.disposition = disposition
        self.retryAfter = retryAfter
        self.heldUntil = heldUntil
        self.isRetryable = isRetryable
    }

    /// Until when no link with the same secret may ask, because the provider said so; nil where it said nothing of the kind.
    package var sharedLimitEndsAt: UnixTime? { isThrottled && !isOwnLimit ? retryAfter : nil }
}
