import Glibc
import LinuxSystem
package import StatusCore
package import StatusModel

/// The system's clocks.
package struct SystemTime: TimeSource {
    package init() {}

    package var now: Moment { Moment(instant: ContinuousClock.now, wall: Self.wall) }

    package var nanoseconds: Int64 { LoopInstant.now().nanoseconds }

    package func sleep(until instant: ContinuousClock.Instant) async throws {
        try await ContinuousClock().sleep(until: instant, tolerance: nil)
    }

    /// The wall clock, for what has no monotonic side, such as a log line.
    package static var wall: UnixTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
