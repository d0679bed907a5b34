/// Names one refresh of a project: the W3C trace id under which its reads go, and under which what they brought is kept.
package struct RefreshID: Hashable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    /// Draws a new one; never all zeros, which the trace context forbids (W3C Trace Context §3.2.2.3).
    package init(using generator: inout some RandomNumberGenerator) {
        high = generator.next()
        low = generator.next() | 1
    }

    /// Reads what ``description`` writes; nil for anything else, and for all zeros.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        let isLowerHex = digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard digits.count == 32, isLowerHex, let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16), high != 0 || low != 0
        else { return nil }
        self.high = high
        self.low = low
    }

    /// 32 hexadecimal digits in lower case.
    package var description: String { Self.hex(high) + Self.hex(low) }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
