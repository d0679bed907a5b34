/// Both clocks, and the one way to wait. Shells hold one and hand its moments to the core.
package protocol TimeSource: Sendable {
    /// This moment.
    var now: Moment { get }

    /// The monotonic clock alone, in nanoseconds of an origin of its own: what a path reads that has no time for more.
    var nanoseconds: Int64 { get }

    /// What ties the monotonic clock of this process to that of the next one.
    var boot: BootClock { get }

    /// Returns at the instant, or throws `CancellationError` when the task is cancelled first.
    func sleep(until instant: ContinuousClock.Instant) async throws
}

/// Which start of the host the monotonic clock counts from. As long as the host runs, an instant that one process noted
/// is an instant to the next, whatever becomes of the wall clock between them.
package struct BootClock: Hashable, Sendable {
    /// Differs for each start of the host; empty when the system does not tell, and then nothing can be compared.
    package var id: String
    /// The instant at which the host started.
    package var origin: ContinuousClock.Instant

    package init(id: String, origin: ContinuousClock.Instant) {
        self.id = id
        self.origin = origin
    }
}
