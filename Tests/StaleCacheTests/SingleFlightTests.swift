import StaleCache
import Testing

@Suite(.timeLimit(.minutes(1))) struct SingleFlightTests {
    private let clock = ManualCacheClock()
    private let fetch = ManualFetch<Int>()

    private func cache(_ configuration: StaleCacheConfiguration = StaleCacheConfiguration()) -> StaleCache<String, Int>
    {
        StaleCache(configuration, clock: clock)
    }

    @Test("500 callers of one stale key cause one fetch, and all get its value")
    func oneFetch() async throws {
        let cache = cache()
        try await cache.set(1, for: "a", ttl: .seconds(10))
        clock.advance(by: .seconds(11))
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<500 { group.addTask { try await cache.value(for: "a") { try await fetch() } } }
            await eventually { await cache.stats.collapsed == 499 }
            try await fetch.next().succeed(2)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == Array(repeating: 2, count: 500))
        #expect(fetch.attemptCount == 1)
        let stats = await cache.stats
        #expect((stats.fetches, stats.collapsed, stats.misses, stats.fetchesInFlight) == (1, 499, 500, 0))
    }

    @Test("a fetched value is kept, for the time to live that came with the fetch")
    func kept() async throws {
        let cache = cache()
        let value = try await cache.value(for: "a", ttl: .seconds(24 * 3_600)) { 7 }
        #expect(value == 7)
        #expect(await cache.timeToExpiry(for: "a") == .seconds(24 * 3_600))
        let again = try await cache.value(for: "a") { throw FetchError.refused }
        #expect(again == 7)
        #expect(await cache.stats.hits == 1)
    }

    @Test("the time to live counts from the end of the fetch")
    func countsFromTheEnd() async throws {
        let cache = cache()
        async let value = cache.value(for: "a", ttl: .seconds(10)) { try await fetch() }
        let attempt = try await fetch.next()
        clock.advance(by: .seconds(8))
        attempt.succeed(1)
        #expect(try await value == 1)
        #expect(await cache.timeToExpiry(for: "a") == .seconds(10))
    }

    @Test("keys are isolated: one that fails or hangs leaves the others alone")
    func isolated() async throws {
        let cache = cache()
        async let hanging = cache.value(for: "hanging") { try await fetch() }
        let attempt = try await fetch.next()
        await #expect(throws: StaleCacheError.self) {
            try await cache.value(for: "failing") { throw FetchError.refused }
        }
        let value = try await cache.value(for: "working") { 3 }
        #expect(value == 3)
        #expect(await cache.entry(for: "failing") == nil)
        attempt.succeed(4)
        #expect(try await hanging == 4)
    }

    @Test("a fetch runs outside the cache, so one that computes holds nobody up")
    func outsideTheActor() async throws {
        let cache = StaleCache<String, Bool>()
        let isOutside = try await cache.value(for: "a") { #isolation == nil }
        #expect(isOutside)
    }

    @Test("a refresh fetches although the value is fresh, and says that it did")
    func refreshStarts() async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        let refresh = await cache.refresh(for: "a", ttl: .seconds(15)) { 2 }
        #expect(refresh.role == .started)
        #expect(try refresh.outcome.get() == 2)
        #expect(await cache.get("a") == 2)
        #expect(await cache.timeToExpiry(for: "a") == .seconds(15))
        #expect(await cache.stats.misses == 0)
    }

    @Test("a refresh joins the fetch in flight, whoever started it, and says that it did")
    func refreshJoins() async throws {
        let cache = cache()
        async let value = cache.value(for: "a") { try await fetch() }
        let attempt = try await fetch.next()
        async let refresh = cache.refresh(for: "a") { throw FetchError.refused }
        await eventually { await cache.stats.collapsed == 1 }
        attempt.succeed(5)
        #expect(try await value == 5)
        #expect(await refresh.role == .collapsed)
        #expect(try await refresh.outcome.get() == 5)
    }

    @Test("a miss beyond the fetches allowed in flight fails at once and may be tried again; joining is no fetch")
    func fetchBound() async throws {
        let cache = cache(StaleCacheConfiguration(fetchesInFlightMax: 1))
        async let first = cache.value(for: "a") { try await fetch() }
        let attempt = try await fetch.next()
        let error = await #expect(throws: StaleCacheError.self) { try await cache.value(for: "b") { 1 } }
        #expect(error?.code == .fetchFailed)
        #expect(error?.isRetryable == true)
        #expect(await cache.refresh(for: "b") { 1 }.role == .refused)
        async let joined = cache.value(for: "a") { 0 }
        await eventually { await cache.stats.collapsed == 1 }
        attempt.succeed(2)
        #expect(try await [first, joined] == [2, 2])
        let afterwards = try await cache.value(for: "b") { 1 }
        #expect(afterwards == 1)
    }

    @Test("a caller beyond those allowed to wait is refused at once and may try again; hits are no wait")
    func waiterBound() async throws {
        let cache = cache(StaleCacheConfiguration(waitersMax: 2))
        try await cache.set(9, for: "hit")
        async let first = cache.value(for: "a") { try await fetch() }
        let attempt = try await fetch.next()
        async let second = cache.value(for: "a") { 0 }
        await eventually { await cache.stats.collapsed == 1 }
        let error = await #expect(throws: StaleCacheError.self) { try await cache.value(for: "a") { 0 } }
        #expect(error?.code == .getFailed)
        #expect(error?.isRetryable == true)
        let hit = try await cache.value(for: "hit") { 0 }
        #expect(hit == 9)
        attempt.succeed(2)
        #expect(try await [first, second] == [2, 2])
        let afterwards = try await cache.value(for: "b") { 3 }
        #expect(afterwards == 3)
    }

    @Test("a time to live that is not positive is refused before anything is fetched")
    func refusedTimeToLive() async {
        let cache = cache()
        let error = await #expect(throws: StaleCacheError.self) {
            try await cache.value(for: "a", ttl: .zero) { try await fetch() }
        }
        #expect(error?.code == .setFailed)
        #expect(fetch.attemptCount == 0)
    }
}
