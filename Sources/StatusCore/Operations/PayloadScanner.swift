import StatusModel

/// Reads one JSON object (RFC 8259) and writes it anew in the one spelling that all spellings of it share: members by their
/// names, no blanks, texts without needless escapes, numbers by their value. No digit of a number is lost.
///
/// It takes no object that names a member twice: parsers differ in which of the two they believe.
struct PayloadScanner {
    private let bytes: [UInt8]
    private var place = 0
    /// The members that lead to where it reads, for the words of a refusal.
    private var path: [String] = []
    /// How deep it is: each level is a call.
    private var depth = 0
    private var valueCount = 0

    /// - Throws: ``ActionFailure`` that names the member which stands twice, or says that it is no such object.
    static func spelling(of bytes: [UInt8]) throws(ActionFailure) -> [UInt8] {
        var scanner = Self(bytes: bytes)
        scanner.skipBlanks()
        guard bytes.count <= ActionRequest.payloadBytesMax, scanner.next == UInt8(ascii: "{") else {
            throw .malformedPayload
        }
        let object = try scanner.value()
        scanner.skipBlanks()
        guard scanner.next == nil else { throw .malformedPayload }
        var spelling: [UInt8] = []
        spelling.reserveCapacity(bytes.count)
        object.write(to: &spelling)
        return spelling
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    /// Steps over one byte that must be there.
    private mutating func expect(_ byte: Unicode.Scalar) throws(ActionFailure) {
        guard next == UInt8(ascii: byte) else { throw .malformedPayload }
        place += 1
    }

    private mutating func value() throws(ActionFailure) -> PayloadValue {
        switch next {
        case UInt8(ascii: "{"): return try nested { scanner throws(ActionFailure) in try scanner.object() }
        case UInt8(ascii: "["): return try nested { scanner throws(ActionFailure) in try scanner.list() }
        case UInt8(ascii: "\""): return .scalar(JSONText.spelling(of: try text()))
        case UInt8(ascii: "t"): return .scalar(try word("true"))
        case UInt8(ascii: "f"): return .scalar(try word("false"))
        case UInt8(ascii: "n"): return .scalar(try word("null"))
        default: return .scalar(try number())
        }
    }

    /// A value that another holds.
    private mutating func member() throws(ActionFailure) -> PayloadValue {
        valueCount += 1
        guard valueCount <= ActionRequest.payloadValuesMax else { throw .malformedPayload }
        return try value()
    }

    private mutating func nested(
        _ read: (inout Self) throws(ActionFailure) -> PayloadValue
    ) throws(ActionFailure) -> PayloadValue {
        guard depth < ActionRequest.payloadDepthMax else { throw .malformedPayload }
        depth += 1
        place += 1
        skipBlanks()
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(ActionFailure) -> PayloadValue {
        // By texts that are equal to Unicode too: a parser may take them for one name.
        var members: [String: PayloadValue] = [:]
        while next != UInt8(ascii: "}") {
            if !members.isEmpty {
                try expect(",")
                skipBlanks()
            }
            let name = try text()
            skipBlanks()
            try expect(":")
            skipBlanks()
            path.append(name)
            guard members[name] == nil else { throw twice }
            members[name] = try member()
            path.removeLast()
            skipBlanks()
        }
        place += 1
        return .object(members)
    }

    private mutating func list() throws(ActionFailure) -> PayloadValue {
        var elements: [PayloadValue] = []
        while next != UInt8(ascii: "]") {
            if !elements.isEmpty {
                try expect(",")
                skipBlanks()
            }
            elements.append(try member())
            skipBlanks()
        }
        place += 1
        return .list(elements)
    }

    private mutating func word(_ word: String) throws(ActionFailure) -> [UInt8] {
        let spelling = Array(word.utf8)
        guard bytes[place...].starts(with: spelling) else { throw .malformedPayload }
        place += spelling.count
        return spelling
    }

    /// A name that is long or cannot be shown is not repeated.
    private var twice: ActionFailure {
        let name = path.joined(separator: ".")
        let isShown = name.utf8.count <= Self.shownBytesMax && name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return .invalid(
            isShown ? name : "", isShown ? "stands twice; name it once" : "has a member twice; name each once")
    }

    private static let shownBytesMax = 128
}

// Texts and numbers.
extension PayloadScanner {
    private mutating func text() throws(ActionFailure) -> String {
        try expect("\"")
        var scalars: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw .malformedPayload }
            place += 1
            if byte == UInt8(ascii: "\\") { scalars += Array(String(try escape()).utf8) } else { scalars.append(byte) }
        }
        try expect("\"")
        guard let text = String(validating: scalars, as: UTF8.self) else { throw .malformedPayload }
        return text
    }

    /// What stands behind a backslash.
    private mutating func escape() throws(ActionFailure) -> Unicode.Scalar {
        guard let byte = next else { throw .malformedPayload }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default: throw .malformedPayload
        }
    }

    /// Four digits, or twice four of a pair (RFC 8259 §7).
    private mutating func scalar() throws(ActionFailure) -> Unicode.Scalar {
        var code = try unit()
        if (0xD800...0xDBFF).contains(code) {
            try expect("\\")
            try expect("u")
            let low = try unit()
            guard (0xDC00...0xDFFF).contains(low) else { throw .malformedPayload }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw .malformedPayload }
        return scalar
    }

    private mutating func unit() throws(ActionFailure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw .malformedPayload
            }
            unit = unit << 4 + UInt32(digit)
            place += 1
        }
        return unit
    }

    private mutating func number() throws(ActionFailure) -> [UInt8] {
        let digits = bytes[place...].prefix { "+-.0123456789eE".utf8.contains($0) }
        guard let spelling = JSONNumber(digits)?.spelling else { throw .malformedPayload }
        place += digits.count
        return spelling
    }
}
