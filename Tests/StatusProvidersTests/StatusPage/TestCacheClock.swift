import StaleCache
import StatusCore
import TestSupport

/// The hand-driven clock, as a cache wants it.
struct TestCacheClock: StaleCacheClock {
    let time: ManualTime

    var now: ContinuousClock.Instant { time.now.instant }

    func sleep(until instant: ContinuousClock.Instant) async throws { try await time.sleep(until: instant) }
}
