import FoundationEssentials

/// What is kept of `GET /v9/projects/{idOrName}`. The URLs of deploy hooks, which are secrets, stand beside it and are
/// not decoded.
package struct VercelProject: Hashable, Sendable {
    /// The longest name shown, in bytes; Vercel permits 100.
    package static let nameBytesMax = 256

    /// Nil when Vercel answers and leaves it out, as it does where the token does not reach.
    package var id: String?
    /// Nil when there is none that can be shown.
    package var name: String?
    /// What production serves: the only trace of a deployment that lists no longer hold.
    package var production: VercelDeployment?

    package init(id: String?, name: String? = nil, production: VercelDeployment? = nil) {
        self.id = id
        self.name = name
        self.production = production
    }

    /// Reads an answer's body; nil when it is no object.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else { return nil }
        self = wire.project
    }

    /// A name as it may be shown; nil for one that may not.
    static func shown(_ name: String) -> String? {
        !name.isEmpty && name.utf8.count <= nameBytesMax && name.isPrintable ? name : nil
    }

    private struct Wire: Decodable {
        enum CodingKeys: String, CodingKey {
            case id, name, targets, production
        }

        var project: VercelProject

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let name = container.text(.name).flatMap(VercelProject.shown)
            let targets = try? container.nestedContainer(keyedBy: CodingKeys.self, forKey: .targets)
            var production = try? targets?.decode(VercelDeployment.self, forKey: .production)
            // It stands under this name, whatever it says of itself.
            production?.environment = .production
            project = VercelProject(
                id: container.text(.id).flatMap { $0.isEmpty ? nil : $0 }, name: name,
                production: production?.state == .deleted ? nil : production)
        }
    }
}
