package import FoundationEssentials

/// One value of the configuration file, before anything is known of its meaning.
package enum ConfigValue: Hashable, Sendable, Decodable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([ConfigValue])
    case object([String: ConfigValue])

    /// Decodes JSON5 (json5.org).
    ///
    /// The decoder recurses: pass only bytes that ``ConfigScanner`` has accepted, which bounds depth and count.
    package init(json5 data: Data) throws {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        self = try decoder.decode(Self.self, from: data)
    }

    package init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: AnyKey.self) {
            var object: [String: ConfigValue] = [:]
            for key in members.allKeys { object[key.stringValue] = try members.decode(Self.self, forKey: key) }
            self = .object(object)
        } else if var elements = try? decoder.unkeyedContainer() {
            var array: [ConfigValue] = []
            while !elements.isAtEnd { array.append(try elements.decode(Self.self)) }
            self = .array(array)
        } else {
            self = try Self(scalar: decoder.singleValueContainer())
        }
    }

    private init(scalar: any SingleValueDecodingContainer) throws {
        if scalar.decodeNil() {
            self = .null
        } else if let string = try? scalar.decode(String.self) {
            self = .string(string)
        } else if let boolean = try? scalar.decode(Bool.self) {
            self = .boolean(boolean)
        } else {
            self = .number(try scalar.decode(Double.self))
        }
    }

    /// What it is, with its article, for a sentence that says what was expected instead.
    package var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The whole number it is, if it is one.
    package var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(exactly: number)
    }
}

/// Any member name.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
