/// What is wrong with a record that the file gave: damage, or the mistake of a daemon that wrote it.
package struct RecordError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path to the field within the record, such as `reading.turns[3].to`; empty for the record as a whole.
    package var field: String
    /// What it must be instead, as the end of a sentence that begins with the field.
    package var reason: String

    package init(field: StaticString, reason: String) {
        self.field = field.description
        self.reason = reason
    }

    /// The bytes are no protobuf message, or one that takes more memory than the arena grants.
    package static let malformed = RecordError(field: "", reason: "is not a well-formed message, or too large")

    package var description: String { field.isEmpty ? "the record \(reason)" : "\(field) \(reason)" }

    /// The same, seen from the message that holds this one in `field`.
    func within(_ field: StaticString, index: Int? = nil) -> Self {
        var outer = self
        let name = index.map { "\(field)[\($0)]" } ?? field.description
        outer.field = self.field.isEmpty ? name : "\(name).\(self.field)"
        return outer
    }
}
