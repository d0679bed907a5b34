/// A value in the cache beside the newest error of its key.
public struct StaleCacheEntry<Value: Sendable>: Sendable {
    /// The last good value.
    public var value: Value

    /// When the value was obtained.
    public var storedAt: ContinuousClock.Instant

    /// When the value stops being fresh; from this instant on it is stale.
    public var expiresAt: ContinuousClock.Instant

    /// Whether the value was stale when the cache was asked.
    public var isExpired: Bool

    /// Why the newest fetch failed; nil since the last success.
    public var lastError: StaleCacheError?

    /// When the newest fetch failed; nil since the last success.
    public var lastErrorAt: ContinuousClock.Instant?

    /// Makes an entry, such as a fake cache gives in a test.
    public init(
        value: Value, storedAt: ContinuousClock.Instant, expiresAt: ContinuousClock.Instant, isExpired: Bool,
        lastError: StaleCacheError? = nil, lastErrorAt: ContinuousClock.Instant? = nil
    ) {
        self.value = value
        self.storedAt = storedAt
        self.expiresAt = expiresAt
        self.isExpired = isExpired
        self.lastError = lastError
        self.lastErrorAt = lastErrorAt
    }
}
