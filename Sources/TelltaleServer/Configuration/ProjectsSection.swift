import StatusCore
import StatusModel

/// Reads `projects`: a table of sections by provider, so that a new provider is one line here and one file beside this.
enum ProjectsSection {
    /// How many projects one file may hold.
    static let projectsMax = 100_000

    private typealias LinkReader = @Sendable (ConfigSection) -> Link?

    private static let linkReaders: [(key: String, keys: [String], read: LinkReader)] = [
        (ProviderKey.github.rawValue, GitHubSection.keys, GitHubSection.link),
        (ProviderKey.vercel.rawValue, VercelSection.keys, VercelSection.link),
        (ProviderKey.sanity.rawValue, SanitySection.keys, SanitySection.link),
        (ProviderKey.supabase.rawValue, SupabaseSection.keys, SupabaseSection.link),
    ]

    /// The projects by id. What is mistaken is recorded and left out.
    static func read(
        _ value: ConfigValue?, at path: ConfigPath, mistakes: MistakeCollector
    ) -> [ProjectDefinition] {
        guard let value, let section = ConfigSection(anyKeysOf: value, at: path, mistakes: mistakes) else { return [] }
        let names = section.names
        guard names.count <= projectsMax else {
            mistakes.add("\(names.count) projects are more than the \(projectsMax) of one daemon", at: path)
            return []
        }
        var shared = SharedValues()
        return names.compactMap { name in
            guard let id = ProjectID(name) else {
                section.refuse(
                    name,
                    "is no project id: 1 to \(ProjectID.lengthBytesMax) of A–Z a–z 0–9 . _ : / @ -, "
                        + "beginning with a letter or a digit")
                return nil
            }
            return section[name].flatMap {
                project(id, $0, at: path.appending(name), mistakes: mistakes, shared: &shared)
            }
        }
    }

    private static func project(
        _ id: ProjectID, _ value: ConfigValue, at path: ConfigPath, mistakes: MistakeCollector,
        shared: inout SharedValues
    ) -> ProjectDefinition? {
        let keys = linkReaders.map(\.key) + ["services", "hidden"]
        guard let section = ConfigSection(value, at: path, keys: keys, mistakes: mistakes) else { return nil }
        var definition = ProjectDefinition(id: id, links: [:])
        for reader in linkReaders {
            guard let value = section[reader.key],
                let part = ConfigSection(
                    value, at: path.appending(reader.key), keys: reader.keys, mistakes: mistakes),
                let link = reader.read(part)
            else { continue }
            definition.links[link.key] = shared.sharing(link)
            if case .provider(let provider) = link.key, let secrets = WebhookSecretText.read(part) {
                definition.webhookSecrets[provider] = secrets
            }
        }
        if let services = section["services"] {
            for link in ServicesSection.links(services, at: path.appending("services"), mistakes: mistakes) {
                definition.links[link.key] = shared.sharing(link)
            }
        }
        if let hidden = section["hidden"] {
            definition.hidden = hiddenItems(hidden, at: path.appending("hidden"), mistakes: mistakes)
        }
        return definition
    }

    /// `hidden: { github: ["viewer"] }`: which items policy hides, and from which roles (SPEC §8).
    private static func hiddenItems(
        _ value: ConfigValue, at path: ConfigPath, mistakes: MistakeCollector
    ) -> [ItemKey: Set<Role>] {
        guard let section = ConfigSection(anyKeysOf: value, at: path, mistakes: mistakes) else { return [:] }
        var hidden: [ItemKey: Set<Role>] = [:]
        for name in section.names {
            guard let key = ItemKey(name) else {
                let known = ProviderKey.allCases.map(\.rawValue)
                let question = Suggestion.question(about: name, among: known)
                section.refuse(
                    name, "is no item; items are \(known.joined(separator: ", ")) and service:NAME\(question)")
                continue
            }
            hidden[key] = roles(section[name] ?? .null, at: path.appending(name), mistakes: mistakes)
        }
        return hidden
    }

    private static func roles(_ value: ConfigValue, at path: ConfigPath, mistakes: MistakeCollector) -> Set<Role> {
        guard case .array(let elements) = value, !elements.isEmpty else {
            mistakes.add("expected a list of the roles it is hidden from, such as [\"viewer\"]", at: path)
            return []
        }
        var roles: Set<Role> = []
        for (index, element) in elements.enumerated() {
            do throws(ConfigComplaint) {
                roles.insert(try RoleText.parse(element))
            } catch {
                mistakes.add(error.sentence, at: path.appending(index))
            }
        }
        return roles
    }
}
