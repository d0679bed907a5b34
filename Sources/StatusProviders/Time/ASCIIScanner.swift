/// Reads a short text from the left, byte by byte; what does not fit is refused and never traps.
struct ASCIIScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// The byte to come; nil at the end.
    var next: UInt8? { isAtEnd ? nil : bytes[position] }

    /// Passes `character` when it comes next; letters in either case when told.
    mutating func take(_ character: Unicode.Scalar, ignoringCase: Bool = false) -> Bool {
        guard let next, character.isASCII else { return false }
        let wanted = UInt8(ascii: character)
        guard next == wanted || (ignoringCase && next | 0x20 == wanted | 0x20) else { return false }
        position += 1
        return true
    }

    /// A number of exactly `count` digits; at most nine, so that it always fits.
    mutating func number(digits count: Int) -> Int? {
        guard (1...9).contains(count), bytes.count - position >= count else { return nil }
        var value = 0
        for byte in bytes[position..<position + count] {
            guard let digit = Self.digit(byte) else { return nil }
            value = value * 10 + digit
        }
        position += count
        return value
    }

    /// One or more digits read as the decimals of a second, in nanoseconds; finer ones are passed and dropped.
    mutating func fraction() -> Int? {
        var value = 0
        var scale = 100_000_000
        let start = position
        while let byte = next, let digit = Self.digit(byte) {
            value += digit * scale
            scale /= 10
            position += 1
        }
        return position > start ? value : nil
    }

    /// The letters that come next; empty when none do.
    mutating func letters() -> String {
        let start = position
        while let byte = next, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
    }
}
