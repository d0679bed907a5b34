import FoundationEssentials

// Members of an object are written in the order of their names, so that equal values are equal bytes.
extension JSONValue: Encodable {
    /// The document as it is sent; nil when it holds what cannot be written.
    package var bytes: [UInt8]? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map(Array.init)
    }

    /// Whether each number of it could be read.
    package var isReadable: Bool {
        switch self {
        case .null, .bool, .integer, .number, .string: true
        case .array(let elements): elements.allSatisfy(\.isReadable)
        case .object(let members): members.values.allSatisfy(\.isReadable)
        case .unreadable: false
        }
    }

    /// - Throws: where a number stands that nothing here can hold.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        case .unreadable:
            throw EncodingError.invalidValue(self, .init(codingPath: encoder.codingPath, debugDescription: ""))
        }
    }
}
