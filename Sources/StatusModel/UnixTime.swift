/// An instant of the wall clock: nanoseconds since 1970-01-01T00:00:00Z. Only to show; ages and waits are monotonic.
public struct UnixTime: Hashable, Sendable, Comparable {
    /// Nanoseconds since the epoch; negative before it. Reaches from the year 1678 to 2262.
    public var nanoseconds: Int64

    /// The instant that many nanoseconds after the epoch.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The instant that many seconds after the epoch; clamped to what nanoseconds can hold.
    public init(seconds: Int64) {
        let product = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.nanoseconds = product.overflow ? (seconds < 0 ? .min : .max) : product.partialValue
    }

    /// Whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds + 1) / 1_000_000_000 - 1
    }

    /// Orders by time.
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time from `earlier` to this instant; negative when `earlier` is later.
    public func since(_ earlier: Self) -> Duration {
        .nanoseconds(nanoseconds.subtractingSaturated(earlier.nanoseconds))
    }

    /// This instant moved by `duration`, clamped to what nanoseconds can hold.
    public func advanced(by duration: Duration) -> Self {
        Self(nanoseconds: nanoseconds.addingSaturated(duration.saturatedNanoseconds))
    }
}

extension Duration {
    /// The length in whole nanoseconds, clamped to `Int64`.
    public var saturatedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let product = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !product.overflow else { return seconds < 0 ? .min : .max }
        return product.partialValue.addingSaturated(attoseconds / 1_000_000_000)
    }
}

extension Int64 {
    fileprivate func addingSaturated(_ other: Int64) -> Int64 {
        let sum = addingReportingOverflow(other)
        return sum.overflow ? (other < 0 ? .min : .max) : sum.partialValue
    }

    fileprivate func subtractingSaturated(_ other: Int64) -> Int64 {
        let difference = subtractingReportingOverflow(other)
        return difference.overflow ? (other < 0 ? .max : .min) : difference.partialValue
    }
}
