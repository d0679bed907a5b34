/// What is wrong with bytes that a peer sent. The caller answers it with `INVALID_ARGUMENT`, naming the field.
package struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path to the field within the message, such as `contract.max_wait`; empty for the message as a whole.
    package var field: String
    /// What it must be instead, as the end of a sentence that begins with the field.
    package var reason: String

    package init(field: StaticString, reason: String) {
        self.field = field.description
        self.reason = reason
    }

    /// The bytes are no protobuf message, or one that takes more memory than the arena grants.
    package static let malformed = WireError(field: "", reason: "is not a well-formed message, or too large")

    /// A message of a stream, of a kind that only a newer peer knows. The reader skips it and goes on.
    package static let unknownKind = WireError(field: "message", reason: "must be of a kind that this version knows")

    package var description: String { field.isEmpty ? "the message \(reason)" : "\(field) \(reason)" }

    /// The same, seen from the message that holds this one in `field`.
    func within(_ field: StaticString, index: Int? = nil) -> Self {
        var outer = self
        let name = index.map { "\(field)[\($0)]" } ?? field.description
        outer.field = self.field.isEmpty ? name : "\(name).\(self.field)"
        return outer
    }
}
