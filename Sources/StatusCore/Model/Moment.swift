package import StatusModel

/// One instant on both clocks: the monotonic one for ages, times to live and deadlines, and the wall clock to show.
///
/// The core never reads a clock: every decision takes the moment as an argument.
package struct Moment: Hashable, Sendable {
    /// The instant, counted from the clock's epoch. The compiler does not know how large an instant is, so whatever held one
    /// would be copied through its metadata, word by word: a record of an item ten times as slowly.
    private var uptime: Duration
    /// The wall clock at that instant.
    package var wall: UnixTime

    package init(instant: ContinuousClock.Instant, wall: UnixTime) {
        uptime = Self.epoch.duration(to: instant)
        self.wall = wall
    }

    private init(uptime: Duration, wall: UnixTime) {
        self.uptime = uptime
        self.wall = wall
    }

    /// Monotonic, counting through suspension.
    package var instant: ContinuousClock.Instant {
        get { Self.epoch.advanced(by: uptime) }
        set { uptime = Self.epoch.duration(to: newValue) }
    }

    /// This moment moved by `duration` on both clocks.
    package func advanced(by duration: Duration) -> Self {
        Self(uptime: uptime + duration, wall: wall.advanced(by: duration))
    }

    /// Monotonic time from `earlier` to this moment; never negative.
    package func age(since earlier: Self) -> Duration { max(.zero, uptime - earlier.uptime) }

    private static var epoch: ContinuousClock.Instant { ContinuousClock().systemEpoch }
}
