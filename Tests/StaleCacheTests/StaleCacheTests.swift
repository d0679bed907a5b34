import StaleCache
import Testing

@Suite struct StaleCacheTests {
    private let clock = ManualCacheClock()

    private func cache(_ configuration: StaleCacheConfiguration = StaleCacheConfiguration()) -> StaleCache<String, Int>
    {
        StaleCache(configuration, clock: clock)
    }

    @Test("a value is fresh for five minutes unless told otherwise, and not an instant longer")
    func defaultTimeToLive() async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        clock.advance(by: .seconds(300) - .nanoseconds(1))
        #expect(await cache.get("a") == 1)
        #expect(await cache.has("a"))
        clock.advance(by: .nanoseconds(1))
        #expect(await cache.get("a") == nil)
        #expect(await cache.has("a") == false)
    }

    @Test("a value may come with a time to live of its own")
    func ownTimeToLive() async throws {
        let cache = cache()
        try await cache.set(1, for: "a", ttl: .seconds(10))
        try await cache.set(2, for: "b", ttl: Duration(attoseconds: .max))
        #expect(await cache.timeToExpiry(for: "a") == .seconds(10))
        clock.advance(by: .seconds(86_400))
        #expect(await cache.get("a") == nil)
        #expect(await cache.get("b") == 2)
    }

    @Test("the time to expiry counts down to zero, and there is none for an unknown key")
    func timeToExpiry() async throws {
        let cache = cache()
        try await cache.set(1, for: "a", ttl: .seconds(10))
        clock.advance(by: .seconds(4))
        #expect(await cache.timeToExpiry(for: "a") == .seconds(6))
        clock.advance(by: .seconds(60))
        #expect(await cache.timeToExpiry(for: "a") == .zero)
        #expect(await cache.timeToExpiry(for: "b") == nil)
    }

    @Test("a value kept elsewhere meanwhile brings its age along")
    func age() async throws {
        let cache = cache()
        try await cache.set(1, for: "young", ttl: .seconds(60), age: .seconds(40))
        try await cache.set(2, for: "old", ttl: .seconds(60), age: .seconds(3_600))
        #expect(await cache.timeToExpiry(for: "young") == .seconds(20))
        #expect(await cache.get("old") == nil)
        let old = try #require(await cache.entry(for: "old"))
        #expect(old.value == 2)
        #expect(old.isExpired)
        #expect(old.storedAt == clock.now - .seconds(3_600))
    }

    @Test(
        "a value without a time to live, or from the future, is refused and leaves what was there",
        arguments: [(Duration.zero, Duration.zero), (.seconds(-1), .zero), (.seconds(1), .seconds(-1))])
    func refusedTerms(ttl: Duration, age: Duration) async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        let error = await #expect(throws: StaleCacheError.self) { try await cache.set(2, for: "a", ttl: ttl, age: age) }
        #expect(error?.code == .setFailed)
        #expect(error?.isRetryable == false)
        #expect(await cache.get("a") == 1)
    }

    @Test("a full cache evicts the least recently used value; only answers and new values count as use")
    func eviction() async throws {
        let cache = cache(StaleCacheConfiguration(capacity: 3))
        for (key, value) in [("a", 1), ("b", 2), ("c", 3)] { try await cache.set(value, for: key) }
        #expect(await cache.get("a") == 1)
        _ = await (cache.has("b"), cache.entry(for: "b"), cache.timeToExpiry(for: "b"))
        try await cache.set(4, for: "d")
        #expect(await cache.has("b") == false)
        try await cache.set(33, for: "c")
        try await cache.set(5, for: "e")
        #expect(await [cache.get("a"), cache.get("c"), cache.get("d"), cache.get("e")] == [nil, 33, 4, 5])
        #expect(await cache.size == 3)
        #expect(await cache.stats.evictions == 2)
    }

    @Test("invalidating removes a value altogether, and says whether there was one")
    func invalidate() async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        #expect(await cache.invalidate("a"))
        #expect(await cache.invalidate("a") == false)
        #expect(await cache.entry(for: "a") == nil)
    }

    @Test("invalidating by predicate removes what it picks and nothing else")
    func invalidateWhere() async throws {
        let cache = cache()
        for index in 0..<20 { try await cache.set(index, for: "\(index % 2 == 0 ? "even" : "odd")/\(index)") }
        #expect(await cache.invalidate { $0.hasPrefix("odd/") } == 10)
        #expect(await cache.size == 10)
        #expect(await cache.get("even/4") == 4)
        #expect(await cache.get("odd/5") == nil)
    }

    @Test("clearing removes every value, and the counters go on")
    func clear() async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        _ = await cache.get("a")
        await cache.clear()
        #expect(await cache.size == 0)
        #expect(await cache.get("a") == nil)
        #expect(await cache.stats.hits == 1)
    }

    @Test("expiring makes a value stale at once and keeps it as a stand-in")
    func expire() async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        #expect(await cache.expire("a"))
        #expect(await cache.expire("a") == false)
        #expect(await cache.expire("b") == false)
        #expect(await cache.get("a") == nil)
        #expect(await cache.entry(for: "a")?.value == 1)
    }

    @Test("statistics tell fresh values from expired ones and hits from misses")
    func statistics() async throws {
        let cache = cache()
        try await cache.set(1, for: "a", ttl: .seconds(10))
        try await cache.set(2, for: "b", ttl: .seconds(100))
        clock.advance(by: .seconds(10))
        _ = await (cache.get("a"), cache.get("b"), cache.get("b"), cache.get("c"))
        let stats = await cache.stats
        #expect((stats.size, stats.active, stats.expired) == (2, 1, 1))
        #expect((stats.hits, stats.misses, stats.staleHits) == (2, 2, 0))
        #expect(stats.hitRatio == 0.5)
        #expect(StaleCacheStatistics().hitRatio == 0)
    }

    @Test("bounds that make no sense are raised to the least that does")
    func normalized() async {
        let cache = cache(
            StaleCacheConfiguration(
                staleLifetime: .seconds(-1), capacity: -4, cleanupInterval: .zero, fetchesInFlightMax: 0,
                waitersMax: Int.min))
        #expect(cache.configuration.staleLifetime == .zero)
        #expect(cache.configuration.capacity == 1)
        #expect(cache.configuration.cleanupInterval == .seconds(1))
        #expect(cache.configuration.fetchesInFlightMax == 1)
        #expect(cache.configuration.waitersMax == 1)
    }
}
