import Locks
import StaleCache
import Synchronization
import TestSupport
import Testing

/// A clock whose sleeps end at once and are noted.
private final class RecordingClock: StaleCacheClock {
    private let start = ContinuousClock.now
    private let noted = Lock<[Duration]>([])

    var waits: [Duration] { noted.withLock { $0 } }
    var now: ContinuousClock.Instant { start + waits.reduce(.zero, +) }

    func sleep(until instant: ContinuousClock.Instant) async throws {
        let wait = now.duration(to: instant)
        noted.withLock { $0.append(wait) }
    }
}

/// A fetch that meets one error after the other, and then answers with the number of its attempt.
private final class FailingFetch: Sendable {
    private let state: Lock<(attemptCount: Int, errors: [any Error])>

    init(_ errors: [any Error]) { state = Lock((0, errors)) }

    var attemptCount: Int { state.withLock { $0.attemptCount } }

    func callAsFunction() throws -> Int {
        try state.withLock { state in
            state.attemptCount += 1
            if state.attemptCount <= state.errors.count { throw state.errors[state.attemptCount - 1] }
            return state.attemptCount
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct RetryTests {
    private struct Unclassified: Error {}

    private let clock = RecordingClock()

    private func cache(_ retry: StaleCacheRetry = StaleCacheRetry(), seed: UInt64 = 1) -> StaleCache<String, Int> {
        StaleCache(StaleCacheConfiguration(retry: retry), clock: clock, generator: SeededGenerator(seed: seed))
    }

    @Test("a retryable failure is tried again, and what it gives in the end is kept")
    func succeedsLater() async throws {
        let (cache, fetch) = (
            cache(), FailingFetch([FetchError.overloaded, FetchError.overloaded, FetchError.overloaded])
        )
        let value = try await cache.value(for: "a") { try fetch() }
        #expect(value == 4)
        #expect(await cache.get("a") == 4)
        let stats = await cache.stats
        #expect((stats.fetches, stats.retries, stats.fetchFailures) == (1, 3, 0))
    }

    @Test("after three retries it fails with the last error, and nobody need retry on top")
    func exhausted() async throws {
        let (cache, fetch) = (cache(), FailingFetch(Array(repeating: FetchError.overloaded, count: 10)))
        let error = try #require(
            await #expect(throws: StaleCacheError.self) { try await cache.value(for: "a") { try fetch() } })
        #expect(error.code == .retryExhausted)
        #expect(error.isRetryable == false)
        #expect(error.underlyingError as? FetchError == .overloaded)
        #expect(fetch.attemptCount == 4)
        let stats = await cache.stats
        #expect((stats.fetches, stats.retries, stats.fetchFailures) == (1, 3, 1))
    }

    @Test("the waits are drawn evenly below 100, 200 and 400 ms", arguments: 1...50 as ClosedRange<UInt64>)
    func waits(seed: UInt64) async {
        let (cache, fetch) = (cache(seed: seed), FailingFetch(Array(repeating: FetchError.overloaded, count: 4)))
        _ = await cache.refresh(for: "a") { try fetch() }
        let waits = clock.waits
        #expect(waits.count == 3)
        for (wait, ceiling) in zip(waits, [100, 200, 400]) { #expect(wait >= .zero && wait <= .milliseconds(ceiling)) }
        #expect(Set(waits).count == 3)
    }

    @Test("the waits stop growing at 2 s")
    func longestWait() async {
        let cache = cache(StaleCacheRetry(retriesMax: 200))
        let fetch = FailingFetch(Array(repeating: FetchError.overloaded, count: 200))
        _ = await cache.refresh(for: "a") { try fetch() }
        #expect(clock.waits.allSatisfy { $0 <= .seconds(2) })
        #expect(clock.waits.contains { $0 > .seconds(1) })
    }

    @Test(
        "a failure that no retry helps, or that says nothing, is not repeated",
        arguments: [FetchError.refused, Unclassified(), CancellationError()] as [any Error])
    func notRetryable(error: any Error) async throws {
        let (cache, fetch) = (cache(), FailingFetch([error]))
        let failure = try #require(
            await #expect(throws: StaleCacheError.self) { try await cache.value(for: "a") { try fetch() } })
        #expect(failure.code == .fetchFailed)
        #expect(failure.isRetryable == false)
        #expect(fetch.attemptCount == 1)
        #expect(clock.waits.isEmpty)
    }

    @Test("a retry that meets another kind of failure ends there")
    func endsEarly() async throws {
        let (cache, fetch) = (cache(), FailingFetch([FetchError.overloaded, FetchError.refused]))
        let refresh = await cache.refresh(for: "a") { try fetch() }
        #expect(throws: StaleCacheError.self) { try refresh.outcome.get() }
        guard case .failure(let error) = refresh.outcome else { return }
        #expect(error.code == .fetchFailed)
        #expect(error.underlyingError as? FetchError == .refused)
        #expect(fetch.attemptCount == 2)
    }

    @Test("which errors are worth a retry can be said by the owner")
    func ownRule() async throws {
        let cache = cache(StaleCacheRetry(isRetryable: { $0 is Unclassified }))
        let fetch = FailingFetch([Unclassified(), Unclassified()])
        let value = try await cache.value(for: "a") { try fetch() }
        #expect(value == 3)
    }

    @Test("without retries the first failure is the answer, and says whether another try may help")
    func never() async throws {
        let (cache, fetch) = (cache(.never), FailingFetch([FetchError.overloaded]))
        let error = try #require(
            await #expect(throws: StaleCacheError.self) { try await cache.value(for: "a") { try fetch() } })
        #expect(error.code == .fetchFailed)
        #expect(error.isRetryable)
        #expect(fetch.attemptCount == 1)
    }

    @Test("a cache that fetches from another does not retry what that one has retried")
    func nested() async {
        let (inner, outer) = (cache(), cache())
        let fetch = FailingFetch(Array(repeating: FetchError.overloaded, count: 100))
        _ = await outer.refresh(for: "a") { try await inner.value(for: "a") { try fetch() } }
        #expect(fetch.attemptCount == 4)
    }
}
