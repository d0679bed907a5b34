import FoundationEssentials
package import HTTPClient

/// What is kept of `GET /projects/{id}`.
package struct SanityProject: Hashable, Sendable {
    /// Longer names are cut.
    package static let nameLengthMax = 80

    /// The name people gave it; nil when it has none that can be shown.
    package var name: String?
    /// Whether Sanity serves it no more.
    package var isBlocked: Bool

    package init(name: String?, isBlocked: Bool = false) {
        self.name = name.flatMap(Self.shown)
        self.isBlocked = isBlocked
    }

    /// Reads an answer; nil when it is no project.
    package init?(_ response: HTTPResponse) {
        guard response.status == 200, let wire = try? JSONDecoder().decode(Wire.self, from: Data(response.body)) else {
            return nil
        }
        self.init(name: wire.displayName, isBlocked: wire.isBlocked == true || wire.isDisabled == true)
    }

    private static func shown(_ name: String) -> String? {
        let name = String(name.trimmedOfBlanks.prefix(nameLengthMax))
        return !name.isEmpty && name.isPrintable && name.utf8.count <= nameLengthMax * 8 ? name : nil
    }

    private struct Wire: Decodable {
        var id: String
        var displayName: String?
        var isBlocked: Bool?
        var isDisabled: Bool?
    }
}
