/// The bounds and times of one cache.
public struct StaleCacheConfiguration: Sendable {
    /// How long a value is fresh unless it came with a time to live of its own: 5 minutes.
    public var timeToLive: Duration

    /// How long a value past its time to live may still stand in for a fetch that fails: 24 hours, long enough for an
    /// outage that people must repair. Nil: until it is evicted or invalidated.
    public var staleLifetime: Duration?

    /// The most values held, fresh and stale: 10,000, at least 1. One more evicts the least recently used.
    public var capacity: Int

    /// How often `run()` removes values that are past their stale lifetime: 60 s, at least 1 s.
    public var cleanupInterval: Duration

    /// The most fetches in flight, those included that were cancelled and have not ended: 1,024, at least 1. Beyond
    /// them a miss fails at once with a retryable `fetchFailed`; load is shed here, not queued.
    public var fetchesInFlightMax: Int

    /// The most callers that wait for fetches: 65,536, at least 1. Beyond them a miss fails at once with a retryable
    /// `getFailed`.
    public var waitersMax: Int

    /// Whether and how a failed fetch is tried again.
    public var retry: StaleCacheRetry

    /// Makes a configuration; numbers below their least value are raised to it when the cache is made.
    public init(
        timeToLive: Duration = .seconds(300), staleLifetime: Duration? = .seconds(24 * 3600), capacity: Int = 10_000,
        cleanupInterval: Duration = .seconds(60), fetchesInFlightMax: Int = 1_024, waitersMax: Int = 65_536,
        retry: StaleCacheRetry = StaleCacheRetry()
    ) {
        self.timeToLive = timeToLive
        self.staleLifetime = staleLifetime
        self.capacity = capacity
        self.cleanupInterval = cleanupInterval
        self.fetchesInFlightMax = fetchesInFlightMax
        self.waitersMax = waitersMax
        self.retry = retry
    }

    /// The same with every number in its range.
    var normalized: StaleCacheConfiguration {
        var copy = self
        copy.staleLifetime = staleLifetime.map { max($0, .zero) }
        copy.capacity = max(capacity, 1)
        copy.cleanupInterval = max(cleanupInterval, .seconds(1))
        copy.fetchesInFlightMax = max(fetchesInFlightMax, 1)
        copy.waitersMax = max(waitersMax, 1)
        return copy
    }
}

/// Whether and how a failed fetch is tried again.
///
/// The wait before each retry has full jitter: it is drawn evenly between nothing and a ceiling, which starts at
/// ``initialDelay`` and is multiplied each time until it reaches ``maxDelay``.
public struct StaleCacheRetry: Sendable {
    /// How many attempts may follow the first: 3.
    public var retriesMax: Int

    /// The ceiling of the first wait: 100 ms.
    public var initialDelay: Duration

    /// What the ceiling is multiplied by after each wait: 2.
    public var multiplier: Double

    /// The highest ceiling: 2 s.
    public var maxDelay: Duration

    /// Whether an error is worth another attempt. By default, when it says so by being a ``RetryableError``: an error
    /// that says nothing is not repeated.
    public var isRetryable: @Sendable (any Error) -> Bool

    /// Makes a rule; a negative number of retries counts as none.
    public init(
        retriesMax: Int = 3, initialDelay: Duration = .milliseconds(100), multiplier: Double = 2,
        maxDelay: Duration = .seconds(2),
        isRetryable: @escaping @Sendable (any Error) -> Bool = { ($0 as? any RetryableError)?.isRetryable ?? false }
    ) {
        self.retriesMax = retriesMax
        self.initialDelay = initialDelay
        self.multiplier = multiplier
        self.maxDelay = maxDelay
        self.isRetryable = isRetryable
    }

    /// One attempt and no more: for callers that retry by rules of their own.
    public static let never = StaleCacheRetry(retriesMax: 0)
}
