import StaleCache
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    private let clock = ManualCacheClock()
    private let fetch = ManualFetch<Int>()

    @Test("of 100 joined callers one cancels: it ends at once, the fetch and the other 99 go on")
    func oneOfMany() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        let callers = (0..<100).map { _ in Task { try await cache.value(for: "a") { try await fetch() } } }
        await eventually { await cache.stats.collapsed == 99 }
        callers[42].cancel()
        await #expect(throws: CancellationError.self) { try await callers[42].value }
        #expect(fetch.cancelledCount == 0)
        try await fetch.next().succeed(7)
        for (index, caller) in callers.enumerated() where index != 42 {
            let value = try await caller.value
            #expect(value == 7)
        }
        #expect(await cache.get("a") == 7)
        #expect(fetch.attemptCount == 1)
    }

    @Test("it may be the one that started the fetch")
    func starter() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        let starter = Task { try await cache.value(for: "a") { try await fetch() } }
        let attempt = try await fetch.next()
        async let joined = cache.value(for: "a") { 0 }
        await eventually { await cache.stats.collapsed == 1 }
        starter.cancel()
        await #expect(throws: CancellationError.self) { try await starter.value }
        attempt.succeed(7)
        #expect(try await joined == 7)
    }

    @Test("when all cancel, the fetch is cancelled, which is no failure")
    func all() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        try await cache.set(1, for: "a", ttl: .seconds(1))
        clock.advance(by: .seconds(1))
        let callers = (0..<100).map { _ in Task { try await cache.value(for: "a") { try await fetch() } } }
        await eventually { await cache.stats.collapsed == 99 }
        for caller in callers { caller.cancel() }
        for caller in callers { await #expect(throws: CancellationError.self) { try await caller.value } }
        await eventually { await cache.stats.fetchesInFlight == 0 }
        #expect(fetch.cancelledCount == 1)
        #expect(await cache.stats.fetchFailures == 0)
        #expect(await cache.entry(for: "a")?.lastError == nil)
    }

    @Test("a fetch that was given up is not joined: the next caller starts anew, even while the old one lingers")
    func startsAnew() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        // A task of its own, so that cancellation does not reach the fetch.
        let leaving = Task { try await cache.value(for: "a") { try await Task { try await fetch() }.value } }
        let lingering = try await fetch.next()
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        let value = try await cache.value(for: "a") { 2 }
        #expect(value == 2)
        lingering.succeed(1)
        await eventually { await cache.stats.fetchesInFlight == 0 }
        #expect(await cache.get("a") == 2)
    }

    @Test("a caller cancelled beforehand gets what is there but starts no fetch")
    func beforehand() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        try await cache.set(1, for: "there")
        let caller = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let value = try await cache.value(for: "there") { try await fetch() }
            #expect(value == 1)
            #expect(await cache.refresh(for: "there") { try await fetch() }.role == .refused)
            _ = try await cache.value(for: "missing") { try await fetch() }
        }
        await #expect(throws: CancellationError.self) { try await caller.value }
        #expect(fetch.attemptCount == 0)
    }

    @Test("a cancelled caller that wants a value in any case gets the stale one at once")
    func staleAtOnce() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        try await cache.set(1, for: "a", ttl: .seconds(1))
        clock.advance(by: .seconds(1))
        let caller = Task { await cache.valueOrStale(for: "a", fetch: { try await fetch() }, fallback: 0) }
        _ = try await fetch.next()
        caller.cancel()
        let answer = await caller.value
        #expect(answer.value == 1)
        #expect(answer.error?.code == .getFailed)
        #expect(answer.error?.underlyingError is CancellationError)
    }

    @Test("a fetch that waits for its retry is cancelled as well")
    func duringRetryWait() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        let caller = Task { try await cache.value(for: "a") { throw FetchError.overloaded } }
        await clock.waitForSleepers(1)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        await eventually { await cache.stats.fetchesInFlight == 0 }
        #expect(await cache.stats.retries == 0)
    }

    @Test("an owner that shuts down cancels all fetches and waits until they have ended")
    func shutDown() async throws {
        let cache = StaleCache<String, Int>(clock: clock)
        let callers = ["a", "b", "c"].map { key in Task { try await cache.value(for: key) { try await fetch() } } }
        await eventually { fetch.attemptCount == 3 }
        await cache.cancelFetches()
        #expect(await cache.stats.fetchesInFlight == 0)
        #expect(fetch.cancelledCount == 3)
        for caller in callers {
            let error = await #expect(throws: StaleCacheError.self) { try await caller.value }
            #expect(error?.code == .fetchFailed)
        }
        #expect(await cache.size == 0)
    }

    @Test(
        "callers that come, cancel and invalidate at random leave nothing in flight",
        arguments: [1, 2, 3, .random(in: 4 ... .max)] as [UInt64])
    func random(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let cache = StaleCache<Int, Int>(
            StaleCacheConfiguration(capacity: 4, retry: .never), generator: SeededGenerator(seed: seed))
        var callers: [Task<Void, any Error>] = []
        for _ in 0..<1_000 {
            let key = Int.random(in: 0..<6, using: &generator)
            let yieldCount = Int.random(in: 0..<10, using: &generator)
            let fails = Int.random(in: 0..<4, using: &generator) == 0
            callers.append(
                Task {
                    let refresh = await cache.refresh(for: key) {
                        for _ in 0..<yieldCount { await Task.yield() }
                        if fails { throw FetchError.overloaded }
                        return key
                    }
                    if case .success(let value) = refresh.outcome { #expect(value == key, "seed \(seed)") }
                })
            switch Int.random(in: 0..<10, using: &generator) {
            case 0: await cache.invalidate(key)
            case 1: await cache.clear()
            case 2...4: callers[Int.random(in: 0..<callers.count, using: &generator)].cancel()
            case 5: await Task.yield()
            default: break
            }
        }
        for caller in callers { try await caller.value }
        await eventually { await cache.stats.fetchesInFlight == 0 }
        let stats = await cache.stats
        #expect(stats.size <= 4, "seed \(seed)")
        #expect(stats.fetches + stats.collapsed <= 1_000, "seed \(seed)")
        for key in 0..<6 {
            let value = try await cache.value(for: key) { key }
            #expect(value == key, "seed \(seed)")
        }
    }
}
