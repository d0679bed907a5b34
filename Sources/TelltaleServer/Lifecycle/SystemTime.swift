import Glibc
import LinuxSystem
package import StatusCore
package import StatusModel

/// The system's clocks.
package struct SystemTime: TimeSource {
    package let boot: BootClock

    package init() { boot = Self.currentBoot() }

    package var now: Moment { Moment(instant: ContinuousClock.now, wall: Self.wall) }

    package var nanoseconds: Int64 { LoopInstant.now().nanoseconds }

    package func sleep(until instant: ContinuousClock.Instant) async throws {
        try await ContinuousClock().sleep(until: instant, tolerance: nil)
    }

    /// `ContinuousClock` counts from the host's start, through suspension, but does not tell its number: so the same
    /// clock is read by its number and by its instant, and the closest of a few pairs is taken.
    private static func currentBoot() -> BootClock {
        let origins = (0..<4).map { _ in
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            let sinceBoot = Duration.seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
            return ContinuousClock.now.advanced(by: .zero - sinceBoot)
        }
        let file = try? RegularFile(path: "/proc/sys/kernel/random/boot_id", bytesMax: 64)
        let id = file.flatMap { String(validating: $0.bytes, as: UTF8.self) } ?? ""
        let isPlain = id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F || $0 == 0x0A }
        return BootClock(
            id: isPlain ? String(id.prefix { $0 != "\n" }) : "", origin: origins.min() ?? ContinuousClock.now)
    }

    /// The wall clock, for what has no monotonic side, such as a log line.
    package static var wall: UnixTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UnixTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
