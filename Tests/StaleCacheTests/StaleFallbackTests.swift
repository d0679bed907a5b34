import StaleCache
import Testing

@Suite(.timeLimit(.minutes(1))) struct StaleFallbackTests {
    private let clock = ManualCacheClock()
    private let fetch = ManualFetch<Int>()

    private func cache(staleLifetime: Duration? = nil) -> StaleCache<String, Int> {
        StaleCache(StaleCacheConfiguration(staleLifetime: staleLifetime), clock: clock)
    }

    @Test("what is not there is fetched and called fresh, what is there is called cached and tells its age")
    func freshThenCached() async {
        let cache = cache()
        let first = await cache.valueOrStale(for: "a", fetch: { 1 }, fallback: 0)
        guard case .fresh = first.source else {
            Issue.record("\(first)")
            return
        }
        #expect((first.value, first.age) == (1, .zero))
        clock.advance(by: .seconds(30))
        let second = await cache.valueOrStale(for: "a", fetch: { 2 }, fallback: 0)
        guard case .cached = second.source else {
            Issue.record("\(second)")
            return
        }
        #expect((second.value, second.age) == (1, .seconds(30)))
        #expect(second.error == nil)
    }

    @Test("when the fetch fails, the value past its time to live answers, with its age and the error")
    func stale() async throws {
        let cache = cache()
        try await cache.set(1, for: "a", ttl: .seconds(10))
        clock.advance(by: .seconds(3_600))
        let answer = await cache.valueOrStale(for: "a", fetch: { throw FetchError.refused }, fallback: 0)
        guard case .stale(let error) = answer.source else {
            Issue.record("\(answer)")
            return
        }
        #expect((answer.value, answer.age) == (1, .seconds(3_600)))
        #expect(error.underlyingError as? FetchError == .refused)
        let stats = await cache.stats
        #expect((stats.misses, stats.staleHits, stats.fetchFailures) == (1, 1, 1))
    }

    @Test("a stale value that still answers is in use, and is not the first to be evicted")
    func staleUse() async throws {
        let cache = StaleCache<String, Int>(StaleCacheConfiguration(capacity: 2), clock: clock)
        try await cache.set(1, for: "a", ttl: .seconds(1))
        try await cache.set(2, for: "b", ttl: .seconds(1))
        clock.advance(by: .seconds(1))
        _ = await cache.valueOrStale(for: "a", fetch: { throw FetchError.refused }, fallback: 0)
        try await cache.set(3, for: "c")
        #expect(await cache.entry(for: "a") != nil)
        #expect(await cache.entry(for: "b") == nil)
    }

    @Test("without any value the fallback answers, with the error, and is not kept")
    func fallback() async {
        let cache = cache()
        let answer = await cache.valueOrStale(for: "a", fetch: { throw FetchError.refused }, fallback: -1)
        guard case .fallback(let error) = answer.source else {
            Issue.record("\(answer)")
            return
        }
        #expect((answer.value, answer.age) == (-1, nil))
        #expect(error.code == .fetchFailed)
        #expect(await cache.size == 0)
    }

    @Test("a value past its stale lifetime answers no more")
    func tooOld() async throws {
        let cache = cache(staleLifetime: .seconds(60))
        try await cache.set(1, for: "a", ttl: .seconds(10))
        clock.advance(by: .seconds(70))
        let answer = await cache.valueOrStale(for: "a", fetch: { throw FetchError.refused }, fallback: -1)
        #expect(answer.value == -1)
    }

    @Test("a value that somebody set while the fetch failed is called cached")
    func setMeanwhile() async throws {
        let cache = cache()
        async let answer = cache.valueOrStale(for: "a", fetch: { try await fetch() }, fallback: 0)
        let attempt = try await fetch.next()
        try await cache.set(8, for: "a")
        attempt.fail(FetchError.refused)
        guard case .cached = await answer.source else {
            Issue.record("\(await answer)")
            return
        }
        #expect(await answer.value == 8)
        #expect(await cache.entry(for: "a")?.lastError == nil)
    }

    @Test("terms that are refused answer from what is there, never by throwing")
    func refusedTerms() async throws {
        let cache = cache()
        let answer = await cache.valueOrStale(for: "a", ttl: .zero, fetch: { 1 }, fallback: -1)
        #expect(answer.value == -1)
        #expect(answer.error?.code == .setFailed)
    }

    @Test("the newest error stands beside the last good value until the next success")
    func errorBesideValue() async throws {
        let cache = cache()
        try await cache.set(1, for: "a", ttl: .seconds(10))
        let storedAt = clock.now
        for _ in 1...2 {
            clock.advance(by: .seconds(60))
            _ = await cache.refresh(for: "a") { throw FetchError.refused }
        }
        let failed = try #require(await cache.entry(for: "a"))
        #expect((failed.value, failed.storedAt, failed.isExpired) == (1, storedAt, true))
        #expect(failed.lastError?.underlyingError as? FetchError == .refused)
        #expect(failed.lastErrorAt == clock.now)
        _ = await cache.refresh(for: "a") { 2 }
        let healed = try #require(await cache.entry(for: "a"))
        #expect((healed.value, healed.isExpired) == (2, false))
        #expect(healed.lastError == nil)
        #expect(healed.lastErrorAt == nil)
    }

    @Test("a failed refresh leaves a value fresh that is fresh")
    func stillFresh() async throws {
        let cache = cache()
        try await cache.set(1, for: "a")
        _ = await cache.refresh(for: "a") { throw FetchError.refused }
        #expect(await cache.get("a") == 1)
        #expect(await cache.entry(for: "a")?.lastError?.code == .fetchFailed)
    }
}
