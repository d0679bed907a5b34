package import StatusModel

/// The headers of a delivery by name.
package struct WebhookHeaders: Sendable {
    private let values: [String: [String]]

    package init(_ headers: [WebhookHeader]) {
        values = Dictionary(grouping: headers) { $0.name.lowercased() }.mapValues { $0.map(\.value) }
    }

    /// The value of a header, by its name in lower case; nil when it did not come, or more than once: then nobody knows
    /// which one its sender wrote.
    package subscript(name: String) -> String? {
        guard let found = values[name], found.count == 1 else { return nil }
        return found.first
    }

    /// Whether it came at all.
    package func contains(_ name: String) -> Bool { values[name] != nil }
}
