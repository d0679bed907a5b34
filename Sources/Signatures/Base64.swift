/// Base 64 with its plain alphabet and with padding (RFC 4648 §4).
package enum Base64 {
    /// The bytes; nil for white space, the URL-safe alphabet, padding that is missing or too much, and left-over bits that
    /// are not zero: each value has exactly one spelling.
    package static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 4) else { return nil }
        var digits = text.utf8[...]
        for _ in 0..<2 where digits.last == UInt8(ascii: "=") { digits.removeLast() }
        guard !digits.contains(where: { urlDigits.contains($0) }) else { return nil }
        let translated = digits.map { digit in
            switch digit {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: digit
            }
        }
        return Base64URL.decode(String(decoding: translated, as: UTF8.self))
    }

    private static let urlDigits = [UInt8(ascii: "-"), UInt8(ascii: "_")]
}
