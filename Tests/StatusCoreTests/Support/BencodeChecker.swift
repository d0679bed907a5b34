/// A second, strict reader of bencoding (BEP 3): one value, nothing after it, dictionaries sorted without repetition.
struct BencodeChecker {
    private let bytes: [UInt8]
    private var position = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    static func isCanonical(_ text: String) -> Bool {
        var checker = Self(text)
        return checker.skipValue() && checker.position == checker.bytes.count
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipValue() -> Bool {
        switch next {
        case UInt8(ascii: "i"):
            position += 1
            return number(until: UInt8(ascii: "e")) != nil
        case UInt8(ascii: "l"):
            position += 1
            while next != UInt8(ascii: "e") { guard skipValue() else { return false } }
            position += 1
            return true
        case UInt8(ascii: "d"):
            position += 1
            return skipFields()
        default:
            return string() != nil
        }
    }

    private mutating func skipFields() -> Bool {
        var last: [UInt8]?
        while next != UInt8(ascii: "e") {
            guard let name = string(), last.map({ $0.lexicographicallyPrecedes(name) }) ?? true, skipValue() else {
                return false
            }
            last = name
        }
        position += 1
        return true
    }

    private mutating func string() -> [UInt8]? {
        guard let count = number(until: UInt8(ascii: ":")), count >= 0, position + count <= bytes.count else {
            return nil
        }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    private mutating func number(until terminator: UInt8) -> Int? {
        guard let end = bytes[position...].firstIndex(of: terminator) else { return nil }
        let digits = String(decoding: bytes[position..<end], as: UTF8.self)
        position = end + 1
        guard let number = Int(digits), String(number) == digits else { return nil }
        return number
    }
}
