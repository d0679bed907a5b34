/// Sizes as the configuration writes them: bytes as a number, or `64KiB`, `4MiB`.
package enum ByteCountText {
    private static let units: [(name: String, bytes: Int)] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]

    /// The number of bytes that a text writes; nil when it writes none, or more than an `Int` holds.
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let name = text.dropFirst(digits.count)
        guard let count = Int(digits), let unit = units.first(where: { $0.name == name }) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : product
    }

    /// The shortest exact way to write a size.
    package static func render(_ bytes: Int) -> String {
        for unit in units.reversed() where bytes != 0 && bytes % unit.bytes == 0 {
            return "\(bytes / unit.bytes)\(unit.name)"
        }
        return String(bytes)
    }
}
