/// Header fields in order; names compare without regard to case (RFC 9110 §5.1).
package struct HeaderFields: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    package private(set) var fields: [Field] = []

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    /// The first value of a field. Setting replaces all values; nil removes them.
    package subscript(name: String) -> String? {
        get {
            let wanted = name.lowercased()
            return fields.first { $0.name.lowercased() == wanted }?.value
        }
        set {
            let wanted = name.lowercased()
            fields.removeAll { $0.name.lowercased() == wanted }
            if let newValue { fields.append(Field(name: name, value: newValue)) }
        }
    }

    /// Adds a value beside those that are there.
    package mutating func append(name: String, value: String) { fields.append(Field(name: name, value: value)) }
}
