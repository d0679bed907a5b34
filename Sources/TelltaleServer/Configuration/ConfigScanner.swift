import FoundationEssentials

/// Where a file is no JSON5, or more of it than the daemon reads.
package struct ConfigSyntaxError: Error, Hashable, Sendable {
    /// Counted from 1.
    package var line: Int
    /// Counted in bytes from 1.
    package var column: Int
    package var message: String
}

/// Walks the tokens of a JSON5 file (json5.org) to learn where each value begins, and says where the file is broken.
///
/// It guards the decoder, which recurses and tells no positions: what the scanner accepts is at most ``depthMax`` deep,
/// and the decoder accepts it too.
package struct ConfigScanner {
    /// How deep objects and lists may nest.
    package static let depthMax = 32
    /// How many values a file may hold.
    package static let valuesMax = 1 << 20

    private let bytes: [UInt8]
    private let valuesMax: Int
    private var offset = 0
    private var line = 1
    private var lineStart = 0
    private var map = ConfigSourceMap()

    private init(_ bytes: [UInt8], valuesMax: Int) {
        self.bytes = bytes
        self.valuesMax = valuesMax
    }

    /// Reads all of the file.
    package static func scan(
        _ bytes: [UInt8], valuesMax: Int = Self.valuesMax
    ) throws(ConfigSyntaxError) -> ConfigSourceMap {
        var scanner = Self(bytes, valuesMax: valuesMax)
        try scanner.requireText()
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.offset = 3 }
        try scanner.skipBlank()
        guard scanner.current != nil else { throw scanner.error("the file is empty; write {} for the defaults") }
        guard scanner.current == UInt8(ascii: "{") else {
            throw scanner.error("the file must hold one object: { … }")
        }
        scanner.map = ConfigSourceMap(rootLine: scanner.line)
        try scanner.value(at: ConfigPath(), number: 0)
        try scanner.skipBlank()
        guard scanner.current == nil else { throw scanner.error("nothing may follow the closing brace of the file") }
        return scanner.map
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }
    private var next: UInt8? { offset + 1 < bytes.count ? bytes[offset + 1] : nil }

    private func error(_ message: String) -> ConfigSyntaxError {
        ConfigSyntaxError(line: line, column: offset - lineStart + 1, message: message)
    }

    private mutating func advance() {
        if bytes[offset] == UInt8(ascii: "\n") {
            line += 1
            lineStart = offset + 1
        }
        offset += 1
    }

    /// Everything after relies on this: UTF-8, and no NUL, by which the decoder would guess UTF-16.
    private func requireText() throws(ConfigSyntaxError) {
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

extension ConfigScanner {
    private mutating func value(at path: ConfigPath, number: Int) throws(ConfigSyntaxError) {
        guard map.count <= valuesMax else { throw error("the file holds more than \(valuesMax) values") }
        switch current {
        case UInt8(ascii: "{"): try object(at: path, number: number)
        case UInt8(ascii: "["): try array(at: path, number: number)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try string()
        default: try literal()
        }
    }

    private mutating func object(at path: ConfigPath, number: Int) throws(ConfigSyntaxError) {
        try open(UInt8(ascii: "}"), depth: path.steps.count)
        while try !close(UInt8(ascii: "}")) {
            let keyLine = line
            let member = path.appending(try key())
            try skipBlank()
            guard current == UInt8(ascii: ":") else { throw error("a colon must follow the key \(member)") }
            advance()
            try skipBlank()
            let child = map.insert(member, below: number, line: keyLine)
            try value(at: member, number: child)
            try separator(before: UInt8(ascii: "}"))
        }
    }

    private mutating func array(at path: ConfigPath, number: Int) throws(ConfigSyntaxError) {
        try open(UInt8(ascii: "]"), depth: path.steps.count)
        var index = 0
        while try !close(UInt8(ascii: "]")) {
            let element = path.appending(index)
            let child = map.insert(element, below: number, line: line)
            try value(at: element, number: child)
            try separator(before: UInt8(ascii: "]"))
            index += 1
        }
    }

    /// Steps over an opening bracket. Depth is the only thing that could exhaust the stack, here and in the decoder.
    private mutating func open(_ closing: UInt8, depth: Int) throws(ConfigSyntaxError) {
        guard depth < Self.depthMax else { throw error("values nest deeper than \(Self.depthMax) levels") }
        advance()
        try skipBlank()
    }

    /// Steps over the closing bracket if it is next.
    private mutating func close(_ closing: UInt8) throws(ConfigSyntaxError) -> Bool {
        guard let current else {
            throw error("the file ends before its closing \(Character(Unicode.Scalar(closing)))")
        }
        guard current == closing else { return false }
        advance()
        return true
    }

    /// Steps over a comma, which only the last value may omit.
    private mutating func separator(before closing: UInt8) throws(ConfigSyntaxError) {
        try skipBlank()
        if current == UInt8(ascii: ",") {
            advance()
            try skipBlank()
        } else if let current, current != closing {
            throw error("a comma or \(Character(Unicode.Scalar(closing))) must come here")
        }
    }

    private mutating func skipBlank() throws(ConfigSyntaxError) {
        while let byte = current {
            switch byte {
            case 0x09...0x0D, 0x20: advance()
            case UInt8(ascii: "/"): try comment()
            default: return
            }
        }
    }

    private mutating func comment() throws(ConfigSyntaxError) {
        let start = error("the comment never ends; close it with */")
        switch next {
        case UInt8(ascii: "/"):
            while let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { advance() }
        case UInt8(ascii: "*"):
            offset += 2
            while current != UInt8(ascii: "*") || next != UInt8(ascii: "/") {
                guard current != nil else { throw start }
                advance()
            }
            offset += 2
        default: throw error("a comment begins with // or /*")
        }
    }
}

extension ConfigScanner {
    private mutating func key() throws(ConfigSyntaxError) -> String {
        if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") { return try string() }
        let start = offset
        while let byte = current, Self.isIdentifier(byte, first: offset == start) { advance() }
        guard offset > start else { throw error("a key must come here; quote it unless it is letters, digits, _ or $") }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    private mutating func string() throws(ConfigSyntaxError) -> String {
        let quote = bytes[offset]
        let start = offset
        let unended = error("the string never ends on its line; close it with its quote")
        var isEscaped = false
        advance()
        while let byte = current, byte != quote {
            switch byte {
            case UInt8(ascii: "\\"):
                isEscaped = true
                advance()
                guard current != nil else { throw unended }
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): throw unended
            case 0..<0x20: throw error("a control character stands in a string; write it as \\u00XX")
            default: break
            }
            advance()
        }
        guard current != nil else { throw unended }
        advance()
        guard isEscaped else { return String(decoding: bytes[start + 1..<offset - 1], as: UTF8.self) }
        // Escapes are the decoder's: what it cannot read is found here, where the line is known.
        guard let value = try? ConfigValue(json5: Data(bytes[start..<offset])), case .string(let text) = value else {
            throw error("the string before this holds an escape that is none; write a backslash as \\\\")
        }
        return text
    }

    private mutating func literal() throws(ConfigSyntaxError) {
        let start = offset
        let here = self
        while let byte = current, Self.isLiteral(byte) { advance() }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard !text.isEmpty else { throw here.error("a value must come here") }
        guard ["null", "true", "false"].contains(text) || Self.isNumber(text) else {
            throw here.error("\(PrintableText.quoted(text)) is no value; is it a string without quotes?")
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

    private static func isNumber(_ text: String) -> Bool {
        var digits = Substring(text)
        if digits.hasPrefix("+") || digits.hasPrefix("-") { digits.removeFirst() }
        if digits == "Infinity" || digits == "NaN" { return true }
        if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
            // 15 digits always fit the decoder's integer.
            return (3...17).contains(digits.utf8.count) && digits.dropFirst(2).allSatisfy(\.isHexDigit)
        }
        guard digits.first?.isASCII == true, digits.first?.isNumber == true || digits.first == "." else { return false }
        if digits.hasPrefix("0"), digits.dropFirst().first?.isNumber == true { return false }
        guard digits != "." else { return false }
        if digits.hasPrefix(".") { digits = "0" + digits }
        if digits.hasSuffix(".") { digits += "0" }
        return Double(String(digits))?.isFinite ?? false
    }
}
