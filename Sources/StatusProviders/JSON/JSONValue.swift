import FoundationEssentials

/// A JSON document from outside. Values are equal by what they are and not by how they are written: `3`, `3.0` and `3e0`
/// are one number, and the order of members does not count.
package enum JSONValue: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
    /// A number that nothing here can hold.
    case unreadable

    /// How deep a document may nest: the decoder recurses.
    package static let depthMax = 64

    /// Nil when the bytes are no JSON, or nest deeper than ``depthMax``.
    package init?(_ bytes: [UInt8]) {
        guard Self.depth(of: bytes) <= Self.depthMax,
            let value = try? JSONDecoder().decode(Self.self, from: Data(bytes))
        else { return nil }
        self = value
    }

    package init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Member.self) {
            var object: [String: JSONValue] = [:]
            for key in members.allKeys { object[key.stringValue] = try members.decode(Self.self, forKey: key) }
            self = .object(object)
        } else if var elements = try? decoder.unkeyedContainer() {
            var array: [JSONValue] = []
            while !elements.isAtEnd { array.append(try elements.decode(Self.self)) }
            self = .array(array)
        } else {
            self = try Self(scalar: decoder.singleValueContainer())
        }
    }

    private init(scalar: any SingleValueDecodingContainer) throws {
        if scalar.decodeNil() {
            self = .null
        } else if let value = try? scalar.decode(String.self) {
            self = .string(value)
        } else if let value = try? scalar.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? scalar.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? scalar.decode(Double.self) {
            self = Int64(exactly: value).map(Self.integer) ?? .number(value)
        } else {
            self = .unreadable
        }
    }

    /// How many brackets stand open at once, strings left out; an upper bound, whatever the bytes are.
    private static func depth(of bytes: [UInt8]) -> Int {
        var (depth, deepest, isInString, isEscaped) = (0, 0, false, false)
        for byte in bytes {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\") where isInString: isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }

    private struct Member: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
