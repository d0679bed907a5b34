/// Reads a JSON5 file (json5.org): what it says, or on which line each of its values begins, or where it is broken.
///
/// A file may hold ten thousand projects, so it is read in one pass that keeps nothing but the values. Lines are for
/// people: they are learnt by another pass, once there is a mistake to tell of.
package struct ConfigScanner {
    /// How deep objects and lists may nest.
    package static let depthMax = 32
    /// How many values a file may hold: those of 100,000 projects with all providers, and as many again.
    package static let valuesMax = 1 << 22

    /// What a file says.
    package struct Reading: Sendable {
        package var value: ConfigValue
        /// Whether an object holds one name twice, of which the first counted.
        package var hasDuplicates: Bool
    }

    private let valuesMax: Int
    private var cursor: JSON5Cursor
    /// Nil while the lines are not asked for.
    private var map: ConfigSourceMap?
    /// The way to where the cursor is.
    private var path = ConfigPath()
    private var valueCount = 1
    private var hasDuplicates = false

    /// Reads what the file says.
    package static func read(_ bytes: [UInt8], valuesMax: Int = Self.valuesMax) throws(ConfigSyntaxError) -> Reading {
        var scanner = Self(valuesMax: valuesMax, cursor: try JSON5Cursor(bytes))
        let value = try scanner.file()
        return Reading(value: value, hasDuplicates: scanner.hasDuplicates)
    }

    /// Learns where each value of the file begins.
    package static func scan(
        _ bytes: [UInt8], valuesMax: Int = Self.valuesMax
    ) throws(ConfigSyntaxError) -> ConfigSourceMap {
        var scanner = Self(valuesMax: valuesMax, cursor: try JSON5Cursor(bytes))
        let map = ConfigSourceMap()
        scanner.map = map
        _ = try scanner.file()
        return scanner.map ?? map
    }

    private init(valuesMax: Int, cursor: JSON5Cursor) {
        self.valuesMax = valuesMax
        self.cursor = cursor
    }

    private mutating func file() throws(ConfigSyntaxError) -> ConfigValue {
        try cursor.skipBlank()
        guard let first = cursor.current else { throw cursor.error("the file is empty; write {} for the defaults") }
        guard first == UInt8(ascii: "{") else { throw cursor.error("the file must hold one object: { … }") }
        if map != nil { map = ConfigSourceMap(rootLine: cursor.line) }
        let root = try value(number: 0)
        try cursor.skipBlank()
        guard cursor.current == nil else { throw cursor.error("nothing may follow the closing brace of the file") }
        return root
    }

    /// Reads the value here, which the map knows by its number.
    private mutating func value(number: Int) throws(ConfigSyntaxError) -> ConfigValue {
        guard valueCount <= valuesMax else { throw cursor.error("the file holds more than \(valuesMax) values") }
        switch cursor.current {
        case UInt8(ascii: "{"): return .object(try object(number: number))
        case UInt8(ascii: "["): return .array(try array(number: number))
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try cursor.string())
        default: return try cursor.literal()
        }
    }

    private mutating func object(number: Int) throws(ConfigSyntaxError) -> [String: ConfigValue] {
        var members: [String: ConfigValue] = [:]
        try open()
        while try !close(UInt8(ascii: "}")) {
            let keyLine = cursor.line
            let key = try key()
            path.steps.append(.key(key))
            try cursor.skipBlank()
            guard cursor.current == UInt8(ascii: ":") else {
                throw cursor.error("a colon must follow the key \(path)")
            }
            cursor.advance()
            try cursor.skipBlank()
            let value = try member(of: number, line: keyLine)
            if members[key] == nil { members[key] = value } else { hasDuplicates = true }
            try separator(before: UInt8(ascii: "}"))
        }
        return members
    }

    private mutating func array(number: Int) throws(ConfigSyntaxError) -> [ConfigValue] {
        var elements: [ConfigValue] = []
        try open()
        while try !close(UInt8(ascii: "]")) {
            path.steps.append(.index(elements.count))
            elements.append(try member(of: number, line: cursor.line))
            try separator(before: UInt8(ascii: "]"))
        }
        return elements
    }

    /// Reads the value to which `path` leads, and steps back to what holds it.
    private mutating func member(of parent: Int, line: Int) throws(ConfigSyntaxError) -> ConfigValue {
        let number = map?.insert(path, below: parent, line: line) ?? 0
        valueCount += 1
        let value = try value(number: number)
        path.steps.removeLast()
        return value
    }

    /// Steps over an opening bracket. Depth is the only thing that could exhaust the stack.
    private mutating func open() throws(ConfigSyntaxError) {
        guard path.steps.count < Self.depthMax else {
            throw cursor.error("values nest deeper than \(Self.depthMax) levels")
        }
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
