/// Walks the tokens of a JSON5 file (json5.org) to learn where each value begins, and says where the file is broken.
///
/// It guards the decoder, which recurses and tells no positions: what the scanner accepts is at most ``depthMax`` deep,
/// and the decoder accepts it too.
package struct ConfigScanner {
    /// How deep objects and lists may nest.
    package static let depthMax = 32
    /// How many values a file may hold.
    package static let valuesMax = 1 << 20

    private let valuesMax: Int
    private var cursor: JSON5Cursor
    private var map = ConfigSourceMap()

    /// Reads all of the file.
    package static func scan(
        _ bytes: [UInt8], valuesMax: Int = Self.valuesMax
    ) throws(ConfigSyntaxError) -> ConfigSourceMap {
        var scanner = Self(valuesMax: valuesMax, cursor: try JSON5Cursor(bytes))
        try scanner.file()
        return scanner.map
    }

    private init(valuesMax: Int, cursor: JSON5Cursor) {
        self.valuesMax = valuesMax
        self.cursor = cursor
    }

    private mutating func file() throws(ConfigSyntaxError) {
        try cursor.skipBlank()
        guard let first = cursor.current else { throw cursor.error("the file is empty; write {} for the defaults") }
        guard first == UInt8(ascii: "{") else { throw cursor.error("the file must hold one object: { … }") }
        map = ConfigSourceMap(rootLine: cursor.line)
        try value(at: ConfigPath(), number: 0)
        try cursor.skipBlank()
        guard cursor.current == nil else { throw cursor.error("nothing may follow the closing brace of the file") }
    }

    private mutating func value(at path: ConfigPath, number: Int) throws(ConfigSyntaxError) {
        guard map.count <= valuesMax else { throw cursor.error("the file holds more than \(valuesMax) values") }
        switch cursor.current {
        case UInt8(ascii: "{"): try object(at: path, number: number)
        case UInt8(ascii: "["): try array(at: path, number: number)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try cursor.string()
        default: try cursor.literal()
        }
    }

    private mutating func object(at path: ConfigPath, number: Int) throws(ConfigSyntaxError) {
        try open(depth: path.steps.count)
        while try !close(UInt8(ascii: "}")) {
            let keyLine = cursor.line
            let member = path.appending(try key())
            try cursor.skipBlank()
            guard cursor.current == UInt8(ascii: ":") else {
                throw cursor.error("a colon must follow the key \(member)")
            }
            cursor.advance()
            try cursor.skipBlank()
            let child = map.insert(member, below: number, line: keyLine)
            try value(at: member, number: child)
            try separator(before: UInt8(ascii: "}"))
        }
    }

    private mutating func array(at path: ConfigPath, number: Int) throws(ConfigSyntaxError) {
        try open(depth: path.steps.count)
        var index = 0
        while try !close(UInt8(ascii: "]")) {
            let element = path.appending(index)
            let child = map.insert(element, below: number, line: cursor.line)
            try value(at: element, number: child)
            try separator(before: UInt8(ascii: "]"))
            index += 1
        }
    }

    /// Steps over an opening bracket. Depth is the only thing that could exhaust the stack, here and in the decoder.
    private mutating func open(depth: Int) throws(ConfigSyntaxError) {
        guard depth < Self.depthMax else { throw cursor.error("values nest deeper than \(Self.depthMax) levels") }
        cursor.advance()
        try cursor.skipBlank()
    }

    /// Steps over the closing bracket if it is next.
    private mutating func close(_ closing: UInt8) throws(ConfigSyntaxError) -> Bool {
        guard let byte = cursor.current else {
            throw cursor.error("the file ends before its closing \(Character(Unicode.Scalar(closing)))")
        }
        guard byte == closing else { return false }
        cursor.advance()
        return true
    }

    /// Steps over a comma, which only the last value may omit.
    private mutating func separator(before closing: UInt8) throws(ConfigSyntaxError) {
        try cursor.skipBlank()
        if cursor.current == UInt8(ascii: ",") {
            cursor.advance()
            try cursor.skipBlank()
        } else if let byte = cursor.current, byte != closing {
            throw cursor.error("a comma or \(Character(Unicode.Scalar(closing))) must come here")
        }
    }

    private mutating func key() throws(ConfigSyntaxError) -> String {
        if cursor.current == UInt8(ascii: "\"") || cursor.current == UInt8(ascii: "'") { return try cursor.string() }
        let key = cursor.identifier()
        guard !key.isEmpty else {
            throw cursor.error("a key must come here; quote it unless it is letters, digits, _ or $")
        }
        return key
    }
}
