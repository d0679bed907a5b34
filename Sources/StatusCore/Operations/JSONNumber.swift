/// A number of JSON (RFC 8259 §6) by its exact value: digits, and the power of ten that they are times.
struct JSONNumber {
    /// The longest run of zeros that a whole number is written with.
    private static let zerosMax = 20

    private var isNegative = false
    /// Without zeros at either end; empty for zero.
    private var digits: ArraySlice<UInt8> = []
    private var exponent = 0

    /// Nil for what is no number, or one whose exponent nobody means.
    init?(_ text: some Collection<UInt8>) {
        var rest = ArraySlice(text)
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let whole = rest.prefix(while: Self.isDigit)
        guard let first = whole.first, whole.count == 1 || first != UInt8(ascii: "0") else { return nil }
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: Self.isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(1 + fraction.count)
        }
        if let mark = rest.first {
            guard mark | 0x20 == UInt8(ascii: "e") else { return nil }
            // Int takes a sign, and nothing but digits behind it.
            guard let power = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), Self.powers.contains(power)
            else { return nil }
            exponent = power
        }
        exponent -= fraction.count
        take(Array(whole + fraction))
    }

    /// The one way to write it.
    var spelling: [UInt8] {
        guard !digits.isEmpty else { return [UInt8(ascii: "0")] }
        let sign = isNegative ? [UInt8(ascii: "-")] : []
        guard (0...Self.zerosMax).contains(exponent) else { return sign + digits + Array("e\(exponent)".utf8) }
        return sign + digits + Array(repeating: UInt8(ascii: "0"), count: exponent)
    }

    private mutating func take(_ all: [UInt8]) {
        let isZero: (UInt8) -> Bool = { $0 == UInt8(ascii: "0") }
        let leading = all.drop(while: isZero)
        let kept = leading.reversed().drop(while: isZero).reversed()
        exponent += leading.count - kept.count
        digits = ArraySlice(kept)
    }

    private static let powers = -1_000_000...1_000_000

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
