import FoundationEssentials

/// A JSON value to look into: `json["owner"]["login"].string`.
enum JSON: Decodable, Hashable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([JSON])
    case object([String: JSON])
    /// Not there, or no JSON.
    case missing

    init(_ reply: RawClient.Reply) {
        self = (try? JSONDecoder().decode(JSON.self, from: Data(reply.body))) ?? .missing
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .missing } else { .missing }
    }

    subscript(index: Int) -> JSON {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { .missing }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var int: Int? {
        if case .number(let value) = self { value } else { nil }
    }

    var count: Int {
        if case .array(let elements) = self { elements.count } else { 0 }
    }
}
