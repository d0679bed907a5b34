import StaleCache
import StatusCore
import TestSupport

/// The hand-driven clock, as the cache wants it.
struct ManualCacheClock: StaleCacheClock {
    private let time = ManualTime()

    var now: ContinuousClock.Instant { time.now.instant }

    func sleep(until instant: ContinuousClock.Instant) async throws { try await time.sleep(until: instant) }

    func waitForSleepers(_ count: Int) async { await time.waitForSleepers(count) }

    func advance(by duration: Duration) { time.advance(by: duration) }
}
