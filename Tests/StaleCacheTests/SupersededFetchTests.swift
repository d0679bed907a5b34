import StaleCache
import Testing

/// What happens to a fetch whose key changes while it is in flight.
@Suite(.timeLimit(.minutes(1))) struct SupersededFetchTests {
    enum Change: CaseIterable, Sendable {
        case set, invalidate, invalidateWhere, expire, clear
    }

    private let clock = ManualCacheClock()
    private let fetch = ManualFetch<Int>()

    private func apply(_ change: Change, to cache: StaleCache<String, Int>) async throws {
        switch change {
        case .set: try await cache.set(100, for: "a")
        case .invalidate: await cache.invalidate("a")
        case .invalidateWhere: await cache.invalidate { $0 == "a" }
        case .expire: await cache.expire("a")
        case .clear: await cache.clear()
        }
    }

    @Test("its callers get its value, but it does not overwrite the change", arguments: Change.allCases)
    func notStored(change: Change) async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        try await cache.set(1, for: "a", ttl: .seconds(1))
        clock.advance(by: .seconds(1))
        async let value = cache.value(for: "a") { try await fetch() }
        let attempt = try await fetch.next()
        try await apply(change, to: cache)
        attempt.succeed(2)
        #expect(try await value == 2)
        #expect(await cache.get("a") == (change == .set ? 100 : nil))
    }

    @Test("its failure is not noted beside what the change left", arguments: Change.allCases)
    func failureNotNoted(change: Change) async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        try await cache.set(1, for: "a")
        async let refresh = cache.refresh(for: "a") { try await fetch() }
        let attempt = try await fetch.next()
        try await apply(change, to: cache)
        attempt.fail(FetchError.refused)
        _ = await refresh
        #expect(await cache.entry(for: "a")?.lastError == nil)
    }

    @Test(
        "whoever asks after the change gets a fetch of its own, and the newer value stays", arguments: Change.allCases)
    func newFetch(change: Change) async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        async let old = cache.refresh(for: "a") { try await fetch() }
        let oldAttempt = try await fetch.next()
        try await apply(change, to: cache)
        async let new = cache.refresh(for: "a") { try await fetch() }
        let newAttempt = try await fetch.next()
        #expect(await cache.stats.fetchesInFlight == 2)
        newAttempt.succeed(3)
        #expect(try await new.outcome.get() == 3)
        oldAttempt.succeed(2)
        #expect(try await old.outcome.get() == 2)
        #expect(await cache.get("a") == 3)
        #expect(await cache.stats.collapsed == 0)
    }

    @Test("a predicate leaves the fetches of other keys alone")
    func otherKeys() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        async let value = cache.value(for: "a") { try await fetch() }
        let attempt = try await fetch.next()
        await cache.invalidate { $0 == "b" }
        await cache.invalidate("b")
        attempt.succeed(2)
        #expect(try await value == 2)
        #expect(await cache.get("a") == 2)
    }
}
