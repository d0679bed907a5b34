import FoundationEssentials
package import StatusModel

/// Instants and lengths of time as programs read them.
package enum TimeText {
    /// `2026-01-01T00:00:00.000Z`: RFC 3339 in UTC, cut to the millisecond.
    package static func rfc3339(_ time: UnixTime) -> String {
        // Whole seconds are exact in a `Double`, fractions are not.
        let seconds = Date(timeIntervalSince1970: Double(time.seconds)).formatted(.iso8601)
        let remainder = time.nanoseconds % 1_000_000_000
        let milliseconds = (remainder < 0 ? remainder + 1_000_000_000 : remainder) / 1_000_000
        return "\(seconds.dropLast()).\(milliseconds.zeroPadded(to: 3))Z"
    }

    /// `1.5s`: seconds with as many decimals as are needed, as the JSON mapping of protobuf writes a duration.
    package static func seconds(_ duration: Duration) -> String {
        let nanoseconds = duration.saturatedNanoseconds
        let (seconds, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = rest.zeroPadded(to: 9)
        let decimals =
            rest == 0 ? "" : "." + digits.prefix(through: digits.lastIndex { $0 != "0" } ?? digits.startIndex)
        return "\(nanoseconds < 0 ? "-" : "")\(seconds)\(decimals)s"
    }
}
