/// Counts of one cache since it was made. The counts of values and of fetches in flight are those of the moment.
public struct StaleCacheStatistics: Hashable, Sendable {
    /// Values held, fresh and expired: ``active`` + ``expired``.
    public var size = 0
    /// Values within their time to live.
    public var active = 0
    /// Values past it: kept to stand in for a fetch that fails, or about to be removed by the next cleanup.
    public var expired = 0

    /// Questions answered with a fresh value that was there.
    public var hits = 0
    /// Questions that found no fresh value.
    public var misses = 0
    /// Misses that were answered with a stale value because the fetch failed.
    public var staleHits = 0
    /// Callers that waited for a fetch another caller had started.
    public var collapsed = 0

    /// Values that made room for others.
    public var evictions = 0

    /// Fetches started. One with retries counts once.
    public var fetches = 0
    /// Fetches that failed after all their retries. One that was cancelled is none.
    public var fetchFailures = 0
    /// Attempts after the first.
    public var retries = 0
    /// Fetches that run at this moment.
    public var fetchesInFlight = 0

    /// Makes empty statistics.
    public init() {}

    /// The part of all questions that a fresh value answered, from 0 to 1; 0 before the first question.
    public var hitRatio: Double {
        hits + misses == 0 ? 0 : Double(hits) / Double(hits + misses)
    }
}
