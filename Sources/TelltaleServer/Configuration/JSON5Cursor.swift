import FoundationEssentials

/// A place in a JSON5 file that steps over blanks, comments and scalars, and knows its line.
struct JSON5Cursor {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var line = 1
    private var lineStart = 0

    /// The first place after a byte order mark.
    init(_ bytes: [UInt8]) throws(ConfigSyntaxError) {
        self.bytes = bytes
        try requireText()
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    /// The byte here; nil at the end.
    var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }
    private var next: UInt8? { offset + 1 < bytes.count ? bytes[offset + 1] : nil }

    /// What is wrong right here.
    func error(_ message: String) -> ConfigSyntaxError {
        ConfigSyntaxError(line: line, column: offset - lineStart + 1, message: message)
    }

    /// Steps over one byte, which must be there.
    mutating func advance() {
        if bytes[offset] == UInt8(ascii: "\n") {
            line += 1
            lineStart = offset + 1
        }
        offset += 1
    }

    /// Everything after relies on this: UTF-8, and no NUL, by which the decoder of escapes would guess UTF-16. Looks for
    /// the line only where there is something to tell.
    private func requireText() throws(ConfigSyntaxError) {
        if !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil { return }
        var codec = UTF8()
        var iterator = bytes.makeIterator()
        var line = 1
        while true {
            switch codec.decode(&iterator) {
            case .emptyInput: return
            case .scalarValue("\n"): line += 1
            case .scalarValue("\0"), .error:
                throw ConfigSyntaxError(line: line, column: 1, message: "the line is not UTF-8 text")
            case .scalarValue: continue
            }
        }
    }
}

extension JSON5Cursor {
    /// Steps over white space and comments.
    mutating func skipBlank() throws(ConfigSyntaxError) {
        while let byte = current {
            switch byte {
            case 0x09...0x0D, 0x20: advance()
            case UInt8(ascii: "/"): try comment()
            default: return
            }
        }
    }

    private mutating func comment() throws(ConfigSyntaxError) {
        let start = self
        switch next {
        case UInt8(ascii: "/"):
            while let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { advance() }
        case UInt8(ascii: "*"):
            offset += 2
            while current != UInt8(ascii: "*") || next != UInt8(ascii: "/") {
                guard current != nil else { throw start.error("the comment never ends; close it with */") }
                advance()
            }
            offset += 2
        default: throw error("a comment begins with // or /*")
        }
    }
}

extension JSON5Cursor {
    /// Reads a key without quotes; empty when none is next. Only ASCII: other letters must be quoted.
    mutating func identifier() -> String {
        let start = offset
        while let byte = current, Self.isIdentifier(byte, first: offset == start) { advance() }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Reads a string, whose opening quote is here.
    mutating func string() throws(ConfigSyntaxError) -> String {
        let quote = bytes[offset]
        let start = self
        let unended = "the string never ends on its line; close it with its quote"
        var isEscaped = false
        advance()
        while let byte = current, byte != quote {
            switch byte {
            case UInt8(ascii: "\\"):
                isEscaped = true
                advance()
                guard current != nil else { throw start.error(unended) }
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): throw start.error(unended)
            case 0..<0x20: throw error("a control character stands in a string; write it as \\u00XX")
            default: break
            }
            advance()
        }
        guard current != nil else { throw start.error(unended) }
        advance()
        guard isEscaped else { return String(decoding: bytes[start.offset + 1..<offset - 1], as: UTF8.self) }
        // Escapes are the decoder's: what it cannot read is found here, where the line is known.
        guard let value = try? ConfigValue(json5: Data(bytes[start.offset..<offset])), case .string(let text) = value
        else {
            throw start.error("the string holds an escape that is none; write a backslash as \\\\")
        }
        return text
    }

    /// Reads `null`, a boolean or a number.
    mutating func literal() throws(ConfigSyntaxError) -> ConfigValue {
        let start = self
        while let byte = current, Self.isLiteral(byte) { advance() }
        let text = String(decoding: bytes[start.offset..<offset], as: UTF8.self)
        switch text {
        case "": throw start.error("a value must come here")
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            guard let number = Self.number(text) else {
                throw start.error("\(PrintableText.quoted(text)) is no value; is it a string without quotes?")
            }
            return .number(number)
        }
    }

    private static func isIdentifier(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "$"):
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): !first
        default: false
        }
    }

    private static func isLiteral(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "/"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            false
        default: true
        }
    }

    /// The number that a text writes; nil when it writes none, or one that is too large.
    private static func number(_ text: String) -> Double? {
        var digits = Substring(text)
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        return magnitude(digits).map { isNegative ? -$0 : $0 }
    }

    private static func magnitude(_ text: Substring) -> Double? {
        if text == "Infinity" { return .infinity }
        if text == "NaN" { return .nan }
        if text.hasPrefix("0x") || text.hasPrefix("0X") {
            // 15 digits always fit an integer.
            guard (3...17).contains(text.utf8.count), text.dropFirst(2).allSatisfy({ $0.isASCII && $0.isHexDigit })
            else { return nil }
            return UInt64(text.dropFirst(2), radix: 16).map { Double($0) }
        }
        guard text.first?.isASCII == true, text.first?.isNumber == true || text.first == "." else { return nil }
        if text.hasPrefix("0"), text.dropFirst().first?.isNumber == true { return nil }
        guard text != "." else { return nil }
        let whole = (text.hasPrefix(".") ? "0" : "") + text + (text.hasSuffix(".") ? "0" : "")
        return Double(String(whole)).flatMap { $0.isFinite ? $0 : nil }
    }
}
