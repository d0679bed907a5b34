import StaleCache
import Testing

@Suite(.timeLimit(.minutes(1))) struct CleanupTests {
    private let clock = ManualCacheClock()

    @Test("a value is a stand-in for its stale lifetime and then gone, cleaned up or not")
    func staleLifetime() async throws {
        let cache = StaleCache<String, Int>(StaleCacheConfiguration(staleLifetime: .seconds(60)), clock: clock)
        try await cache.set(1, for: "a", ttl: .seconds(10))
        clock.advance(by: .seconds(69))
        #expect(await cache.entry(for: "a")?.value == 1)
        #expect(await cache.cleanupExpired() == 0)
        clock.advance(by: .seconds(1))
        #expect(await cache.entry(for: "a") == nil)
        #expect(await cache.timeToExpiry(for: "a") == nil)
        #expect(await cache.size == 1)
        #expect(await cache.cleanupExpired() == 1)
        #expect(await cache.size == 0)
    }

    @Test("without an end of the stale lifetime nothing is ever cleaned up")
    func forEver() async throws {
        let cache = StaleCache<String, Int>(StaleCacheConfiguration(staleLifetime: nil), clock: clock)
        try await cache.set(1, for: "a")
        clock.advance(by: .seconds(86_400 * 3_650))
        #expect(await cache.cleanupExpired() == 0)
        #expect(await cache.entry(for: "a")?.value == 1)
    }

    @Test("with a stale lifetime of nothing a fresh value stays and an expired one goes")
    func noStaleLifetime() async throws {
        let cache = StaleCache<String, Int>(StaleCacheConfiguration(staleLifetime: .zero), clock: clock)
        try await cache.set(1, for: "a", ttl: .seconds(10))
        try await cache.set(2, for: "b", ttl: .seconds(20))
        clock.advance(by: .seconds(10))
        #expect(await cache.cleanupExpired() == 1)
        #expect(await cache.get("b") == 2)
    }

    @Test("the periodic cleanup runs every 60 s until it is cancelled")
    func periodic() async throws {
        let cache = StaleCache<String, Int>(StaleCacheConfiguration(staleLifetime: .seconds(5)), clock: clock)
        try await withThrowingTaskGroup { group in
            group.addTask { try await cache.run() }
            for round in 1...3 {
                try await cache.set(round, for: "a", ttl: .seconds(1))
                await clock.waitForSleepers(1)
                clock.advance(by: .seconds(59))
                #expect(await cache.size == 1)
                clock.advance(by: .seconds(1))
                await eventually { await cache.size == 0 }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("a clock that fails ends the periodic cleanup with an error that says so")
    func clockFails() async {
        struct BrokenClock: StaleCacheClock {
            var now: ContinuousClock.Instant { ContinuousClock.now }
            func sleep(until instant: ContinuousClock.Instant) async throws { throw FetchError.refused }
        }
        let cache = StaleCache<String, Int>(clock: BrokenClock())
        let error = await #expect(throws: StaleCacheError.self) { try await cache.run() }
        #expect(error?.code == .cleanupFailed)
        #expect(error?.underlyingError as? FetchError == .refused)
    }
}
