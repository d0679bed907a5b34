import CLinux
import Glibc

/// The loop's clock, read once per wake-up: nanoseconds of `CLOCK_BOOTTIME`, which counts through suspension.
package struct LoopInstant: Hashable, Sendable, Comparable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static func now() -> Self {
        Self(nanoseconds: telltale_boottime())
    }

    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// This instant moved by `duration`, clamped to what can be represented.
    package func advanced(by duration: Duration) -> Self {
        let (seconds, attoseconds) = duration.components
        let limit: Int64 = seconds < 0 ? .min : .max
        let whole = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !whole.overflow else { return Self(nanoseconds: limit) }
        let sum = nanoseconds.addingReportingOverflow(whole.partialValue)
        guard !sum.overflow else { return Self(nanoseconds: limit) }
        let total = sum.partialValue.addingReportingOverflow(attoseconds / 1_000_000_000)
        return Self(nanoseconds: total.overflow ? limit : total.partialValue)
    }

    package func duration(since earlier: Self) -> Duration { .nanoseconds(nanoseconds - earlier.nanoseconds) }
}
