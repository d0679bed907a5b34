package import StatusModel

/// One instant on both clocks: the monotonic one for ages, times to live and deadlines, and the wall clock to show.
///
/// The core never reads a clock: every decision takes the moment as an argument.
package struct Moment: Hashable, Sendable {
    /// Monotonic, counting through suspension.
    package var instant: ContinuousClock.Instant
    /// The wall clock at that instant.
    package var wall: UnixTime

    package init(instant: ContinuousClock.Instant, wall: UnixTime) {
        self.instant = instant
        self.wall = wall
    }

    /// This moment moved by `duration` on both clocks.
    package func advanced(by duration: Duration) -> Self {
        Self(instant: instant.advanced(by: duration), wall: wall.advanced(by: duration))
    }

    /// Monotonic time from `earlier` to this moment; never negative.
    package func age(since earlier: Self) -> Duration {
        max(.zero, earlier.instant.duration(to: instant))
    }
}
