import FoundationEssentials
package import StatusModel

/// A JSON value to be written. Names are sorted, so that the same value always gives the same line.
package enum JSONValue: Hashable, Sendable, Codable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }

    /// A value from outside. A whole number that 64 bits hold is kept exactly.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let values = try? container.decode([JSONValue].self) {
            self = .list(values)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Reads a JSON text; nil when it is none.
    package init?(reading text: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text)) else { return nil }
        self = value
    }

    /// The value in one line, without a line break.
    package var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("Cannot encode a JSON value, though none of its cases can fail")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension JSONValue {
    package static func count(_ value: Int) -> Self { .integer(Int64(value)) }

    package static func list<Element>(_ elements: [Element], _ json: (Element) -> JSONValue) -> Self {
        .list(elements.map(json))
    }

    /// RFC 3339 in UTC, to the millisecond; null when there is none.
    package static func time(_ time: UnixTime?) -> Self { time.map { .text(TimeText.rfc3339($0)) } ?? .null }

    /// Seconds with their unit, as the JSON mapping of protobuf has it: `1.5s`; null when there is none.
    package static func duration(_ duration: Duration?) -> Self {
        duration.map { .text(TimeText.seconds($0)) } ?? .null
    }

    /// `EPOCH:SEQUENCE`, as `watch --since` takes it; null when there is none.
    package static func event(_ id: EventID?) -> Self { id.map { .text($0.text) } ?? .null }
}

extension EventID {
    /// `EPOCH:SEQUENCE`.
    package var text: String { "\(epoch):\(sequence)" }

    /// Reads what ``text`` writes.
    package init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = UInt64(parts[0]), let sequence = UInt64(parts[1]) else { return nil }
        self.init(epoch: epoch, sequence: sequence)
    }
}
