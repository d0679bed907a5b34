package import StatusModel

/// How long ago something was, in words of one unit: `just now`, `2m ago`, `3h ago`, `5d ago`, `6w ago`, `2y ago`.
///
/// The words are rounded down, so they are out of date by less than their own unit. An instant in the future comes
/// from a provider whose clock is ahead of ours, and reads `just now`.
package struct RelativeTime: Hashable, Sendable {
    package let words: String
    /// The first instant of the wall clock at which the words are others; always after the `now` they were made for.
    package let changesAt: UnixTime

    package init(from instant: UnixTime, at now: UnixTime) {
        let elapsedSeconds = (Int128(now.nanoseconds) - Int128(instant.nanoseconds)) / 1_000_000_000
        guard let index = Self.units.lastIndex(where: { $0.seconds <= elapsedSeconds }) else {
            words = "just now"
            changesAt = instant.advanced(by: .seconds(60))
            return
        }
        let unit = Self.units[index]
        let count = elapsedSeconds / unit.seconds
        let nextUnit = index + 1 < Self.units.count ? Self.units[index + 1].seconds : .max
        let changesAfterSeconds = min((count + 1) * unit.seconds, nextUnit)
        words = "\(count)\(unit.symbol) ago"
        changesAt = UnixTime(
            nanoseconds: Int64(clamping: Int128(instant.nanoseconds) + changesAfterSeconds * 1_000_000_000))
    }

    /// Ascending; a year is 365 days.
    private static let units: [(symbol: String, seconds: Int128)] = [
        ("m", 60), ("h", 3600), ("d", 86_400), ("w", 7 * 86_400), ("y", 365 * 86_400),
    ]
}
