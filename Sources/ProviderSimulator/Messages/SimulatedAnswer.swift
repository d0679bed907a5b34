import FoundationEssentials

/// One answer, whole, before a fault may spoil it.
package struct SimulatedAnswer: Hashable, Sendable {
    package var status: Int
    package var headers: HeaderFields
    package var body: [UInt8]
    /// How long whoever is played takes for it.
    package var delay = Duration.zero

    package init(status: Int, headers: HeaderFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// An answer whose body is `value` as JSON, keys in `snake_case` and sorted, so that equal values are equal bytes.
    static func json(_ status: Int, _ value: some Encodable, headers: HeaderFields = [:]) -> Self {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var answer = Self(status: status, headers: headers)
        answer.headers["content-type"] = "application/json; charset=utf-8"
        // Only a number that is no number fails to encode, and no body here holds a floating-point value.
        answer.body = (try? encoder.encode(value)).map(Array.init) ?? []
        return answer
    }

    static func text(_ status: Int, _ text: String, type: String = "text/plain; charset=utf-8") -> Self {
        Self(status: status, headers: ["content-type": type], body: Array(text.utf8))
    }
}

/// A field that the schema calls nullable: written as `null`, where an optional would be left out.
struct Nullable<Value: Encodable & Sendable>: Encodable, Sendable {
    var value: Value?

    init(_ value: Value?) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}
