internal import Resilience

/// An in-memory cache that fetches what it lacks once, however many ask, and keeps the last good value to stand in for
/// a fetch that fails.
///
/// A value has three ages. Until its time to live ends it is *fresh*, and answers. Then it is *stale*: it answers only
/// where a fetch failed (``valueOrStale(for:ttl:fetch:fallback:)``). Past the configured stale lifetime it is gone.
/// Values beyond the capacity go earlier, the least recently used first. A failed fetch never removes a value: its
/// error stands beside it (``entry(for:)``) until the next success.
///
/// A fetch runs in a task that the cache owns, so a caller who leaves disturbs nobody. When everybody who waited has
/// left, it is cancelled. Keys are isolated: no fetch, failure or value of one is ever seen under another.
public actor StaleCache<Key: Hashable & Sendable, Value: Sendable> {
    /// Gets a value from where it comes from. It runs outside the cache, with the priority and the task-local values of
    /// the caller that started it, and should end early when its task is cancelled.
    public typealias Fetch = @Sendable () async throws -> Value

    /// The bounds and times this cache lives by, each moved into its range.
    public nonisolated let configuration: StaleCacheConfiguration

    let clock: any StaleCacheClock
    let retryPolicy: RetryPolicy
    var generator: any RandomNumberGenerator & Sendable
    var storage: CacheStorage<Key, Value>
    var flights = FlightTable<Key, Value>()
    /// The counters alone; ``stats`` adds what is counted at the moment.
    var counters = StaleCacheStatistics()

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - configuration: The bounds and times.
    ///   - clock: The time to live by; a test passes one driven by hand.
    ///   - generator: The randomness of the waits between retries; a test passes a seeded one.
    public init(
        _ configuration: StaleCacheConfiguration = StaleCacheConfiguration(),
        clock: any StaleCacheClock = StaleCacheSystemClock(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) {
        let configuration = configuration.normalized
        let retry = configuration.retry
        self.configuration = configuration
        self.clock = clock
        self.generator = generator
        storage = CacheStorage(capacity: configuration.capacity, staleLifetime: configuration.staleLifetime)
        retryPolicy = RetryPolicy(
            retriesMax: retry.retriesMax,
            backoff: Backoff(initial: retry.initialDelay, multiplier: retry.multiplier, max: retry.maxDelay))
    }

    /// The fresh value of a key; nil when there is none. Counts as a hit or a miss, and a hit as a use of the value.
    public func get(_ key: Key) -> Value? {
        hit(key, at: clock.now)?.value
    }

    /// Keeps a value, fresh from now on. A fetch of the key that is in flight does not overwrite it.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - key: Where to keep it.
    ///   - ttl: How long it is fresh; nil for the configured time to live.
    ///   - age: How long ago it was obtained, for a value that was kept elsewhere meanwhile. One older than its time to
    ///     live is stale from the start.
    /// - Throws: `setFailed` when `ttl` is not positive or `age` is negative; what was there before stays.
    public func set(
        _ value: Value, for key: Key, ttl: Duration? = nil, age: Duration = .zero
    ) throws(StaleCacheError) {
        let lifetime = try lifetime(ttl)
        guard age >= .zero else { throw .timeToLiveNotPositive }
        flights.supersede(key)
        store(value, for: key, obtainedAt: clock.now - min(age, Self.lifetimeMax), lifetime: lifetime)
    }

    /// Whether a fresh value of the key is there. Counts neither as a question nor as a use.
    public func has(_ key: Key) -> Bool {
        let now = clock.now
        return storage.record(for: key, at: now)?.isFresh(at: now) ?? false
    }

    /// What is known of a key, fresh or stale, with its newest error; nil when there is no value. Counts neither as a
    /// question nor as a use.
    public func entry(for key: Key) -> StaleCacheEntry<Value>? {
        let now = clock.now
        return storage.record(for: key, at: now).map { record in
            StaleCacheEntry(
                value: record.value, storedAt: record.storedAt, expiresAt: record.expiresAt,
                isExpired: !record.isFresh(at: now), lastError: record.failure?.error,
                lastErrorAt: record.failure?.at)
        }
    }

    /// How much longer the value of a key is fresh: zero when it is stale, nil when there is none.
    public func timeToExpiry(for key: Key) -> Duration? {
        let now = clock.now
        return storage.record(for: key, at: now).map { max(now.duration(to: $0.expiresAt), .zero) }
    }

    /// Removes the value of a key, also as a stand-in for a failed fetch. A fetch in flight still answers those who
    /// wait for it, but its result is not kept, and whoever asks from now on starts another.
    ///
    /// - Returns: Whether there was a value.
    @discardableResult
    public func invalidate(_ key: Key) -> Bool {
        flights.supersede(key)
        return storage.remove(key)
    }

    /// Does what ``invalidate(_:)`` does for every key that the predicate picks, in time proportional to the size.
    ///
    /// - Returns: How many values were removed.
    @discardableResult
    public func invalidate(where isPicked: @Sendable (Key) -> Bool) -> Int {
        flights.supersedeAll(where: isPicked)
        return storage.removeAll(where: isPicked)
    }

    /// Makes the value of a key stale at once: it is fetched anew when next asked for, and stands in should that fail.
    /// A fetch in flight began with the old facts, and is treated as by ``invalidate(_:)``.
    ///
    /// - Returns: Whether there was a fresh value.
    @discardableResult
    public func expire(_ key: Key) -> Bool {
        flights.supersede(key)
        return storage.expire(key, at: clock.now)
    }

    /// Does what ``invalidate(_:)`` does for all keys. The counters go on.
    public func clear() {
        _ = flights.supersedeAll()
        storage.removeAll()
    }

    /// How many values are held: fresh, stale, and those past their stale lifetime that no cleanup has met yet.
    public var size: Int { storage.count }

    /// The counts of this moment. Takes time proportional to ``size``.
    public var stats: StaleCacheStatistics {
        var stats = counters
        stats.size = storage.count
        stats.active = storage.freshCount(at: clock.now)
        stats.expired = stats.size - stats.active
        stats.fetchesInFlight = flights.count
        return stats
    }
}

extension StaleCache {
    /// Longer times are cut to this century, so that no sum of an instant and a time can overflow.
    static var lifetimeMax: Duration { .seconds(3_155_760_000) }

    /// Asks for the fresh value, and counts.
    func hit(_ key: Key, at now: ContinuousClock.Instant) -> CacheStorage<Key, Value>.Record? {
        let record = storage.useFresh(key, at: now)
        if record == nil { counters.misses += 1 } else { counters.hits += 1 }
        return record
    }

    /// The time to live to use, checked.
    func lifetime(_ ttl: Duration?) throws(StaleCacheError) -> Duration {
        let lifetime = ttl ?? configuration.timeToLive
        guard lifetime > .zero else { throw .timeToLiveNotPositive }
        return min(lifetime, Self.lifetimeMax)
    }

    func store(_ value: Value, for key: Key, obtainedAt: ContinuousClock.Instant, lifetime: Duration) {
        let evicted = storage.store(value, for: key, storedAt: obtainedAt, expiresAt: obtainedAt + lifetime)
        if evicted { counters.evictions += 1 }
    }
}
