/// Both clocks, and the one way to wait. Shells hold one and hand its moments to the core.
package protocol TimeSource: Sendable {
    /// This moment.
    var now: Moment { get }

    /// The monotonic clock alone, in nanoseconds of an origin of its own: what a path reads that has no time for more.
    var nanoseconds: Int64 { get }

    /// Returns at the instant, or throws `CancellationError` when the task is cancelled first.
    func sleep(until instant: ContinuousClock.Instant) async throws
}
