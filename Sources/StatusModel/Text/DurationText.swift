/// Durations as the configuration writes them: a decimal number and its unit, `400ms`, `2.5s`, `5m`, `24h`.
package enum DurationText {
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
    ]

    /// The duration that a text writes; nil when it writes none, or one beyond 292 years.
    package static func parse(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let name = text.dropFirst(number.count)
        guard let unit = units.first(where: { $0.name == name }) else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first.flatMap({ Int64($0) }) else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return .nanoseconds(product) }
        guard let fraction = nanoseconds(fraction: parts[1], of: unit.nanoseconds) else { return nil }
        let (sum, sumOverflow) = product.addingReportingOverflow(fraction)
        return sumOverflow ? nil : .nanoseconds(sum)
    }

    /// At most six decimals, so that neither product below can overflow.
    private static func nanoseconds(fraction digits: Substring, of unit: Int64) -> Int64? {
        guard (1...6).contains(digits.utf8.count), let value = Int64(digits) else { return nil }
        let scale = repeatElement(Int64(10), count: digits.utf8.count).reduce(1, *)
        return unit / scale * value + unit % scale * value / scale
    }

    /// A short exact way to write a duration; ``parse(_:)`` reads it back when it is whole microseconds of a second or
    /// more, or whole nanoseconds of less.
    package static func render(_ duration: Duration) -> String {
        let nanoseconds = duration.saturatedNanoseconds
        if nanoseconds == 0 { return "0s" }
        if let unit = units.last(where: { nanoseconds % $0.nanoseconds == 0 }) {
            let isShort = unit.name != "ms" || nanoseconds.magnitude < 1_000_000_000
            if isShort { return "\(nanoseconds / unit.nanoseconds)\(unit.name)" }
        }
        return nanoseconds.magnitude < 1_000_000_000
            ? decimal(nanoseconds, of: 1_000_000, places: 6) + "ms"
            : decimal(nanoseconds, of: 1_000_000_000, places: 9) + "s"
    }

    private static func decimal(_ nanoseconds: Int64, of unit: Int64, places: Int) -> String {
        let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: unit)
        let digits = fraction.magnitude.zeroPadded(to: places)
        return "\(whole).\(digits.prefix(through: digits.lastIndex { $0 != "0" } ?? digits.startIndex))"
    }
}
