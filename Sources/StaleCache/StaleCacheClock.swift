/// The time a cache lives by: monotonic, so that nobody who sets the wall clock changes an age.
///
/// The system's clock is ``StaleCacheSystemClock``; a test passes one that it drives by hand.
public protocol StaleCacheClock: Sendable {
    /// This instant.
    var now: ContinuousClock.Instant { get }

    /// Returns at the instant.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until instant: ContinuousClock.Instant) async throws
}

/// The system's monotonic clock, which goes on while the system sleeps.
public struct StaleCacheSystemClock: StaleCacheClock {
    /// Makes one; all are alike.
    public init() {}

    /// This instant.
    public var now: ContinuousClock.Instant { ContinuousClock.now }

    /// Returns at the instant.
    ///
    /// - Throws: `CancellationError` when the task is cancelled first.
    public func sleep(until instant: ContinuousClock.Instant) async throws {
        try await ContinuousClock().sleep(until: instant)
    }
}
