import FoundationEssentials
package import StatusModel

/// A JSON value to be written. Names are sorted, so that the same value always gives the same line.
package enum JSONValue: Hashable, Sendable, Encodable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
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
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
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
