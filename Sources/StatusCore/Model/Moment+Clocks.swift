package import StatusModel

/// One clock's reading told by the other, as they stand together at a moment.
extension Moment {
    /// The monotonic instant at which the wall clock reads `time`, unless it is stepped until then.
    package func instant(of time: UnixTime) -> ContinuousClock.Instant {
        instant.advanced(by: time.since(wall))
    }

    /// The moment of a time that a store kept: as long ago by the monotonic clock, which does not outlive the host, as
    /// it is by the wall clock. A time ahead of ours was written by a clock since corrected, and becomes `now`.
    package init(restoring time: UnixTime, at now: Moment) {
        let wall = min(time, now.wall)
        self.init(instant: now.instant(of: wall), wall: wall)
    }

    /// What to show for this moment at `now`, so that a stepped wall clock neither ages nor renews it.
    ///
    /// The wall time noted then stands while both clocks agree to a second. After a larger step the time is counted
    /// back from `now` by the monotonic clock, in whole seconds: the two clocks are never read at exactly the same
    /// instant, and a time that trembles would make every rendering differ from the one before.
    package func wall(asOf now: Moment) -> UnixTime {
        let counted = now.wall.advanced(by: now.instant.duration(to: instant))
        let step = counted.since(wall)
        return step > .seconds(-1) && step < .seconds(1) ? wall : UnixTime(seconds: counted.seconds)
    }
}
