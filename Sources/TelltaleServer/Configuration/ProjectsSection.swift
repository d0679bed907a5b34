import StatusCore
import StatusModel

/// Reads `projects`: sections by provider, so that a new provider is one line here and one file beside this.
enum ProjectsSection {
    /// How many projects one file may hold.
    static let projectsMax = 100_000

    private static let keys = ProviderKey.allCases.map(\.rawValue) + ["services", "hidden", "actions"]

    /// How a provider's section is read: its keys, and what makes a link of it, or records why it cannot.
    struct LinkForm: Sendable {
        var keys: [String]
        var read: @Sendable (ConfigSection) -> Link?
    }

    static func form(of provider: ProviderKey) -> LinkForm {
        switch provider {
        case .github: LinkForm(keys: GitHubSection.keys, read: GitHubSection.link)
        case .vercel: LinkForm(keys: VercelSection.keys, read: VercelSection.link)
        case .sanity: LinkForm(keys: SanitySection.keys, read: SanitySection.link)
        case .supabase: LinkForm(keys: SupabaseSection.keys, read: SupabaseSection.link)
        }
    }

    /// The projects by id; their commands go into a table. What is mistaken is recorded and left out.
    static func read(
        _ value: ConfigValue?, at path: ConfigPath, mistakes: MistakeCollector, commands: inout CommandTable
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
            guard let value = section[name],
                let part = ConfigSection(value, at: path.appending(name), keys: keys, mistakes: mistakes)
            else { return nil }
            let definition = project(id, part, shared: &shared)
            if let value = part["actions"] {
                CommandsSection.read(
                    value, of: definition, at: part.path.appending("actions"), mistakes: mistakes, into: &commands)
            }
            return definition
        }
    }

    private static func project(
        _ id: ProjectID, _ section: ConfigSection, shared: inout SharedValues
    ) -> ProjectDefinition {
        let (path, mistakes) = (section.path, section.mistakes)
        var definition = ProjectDefinition(id: id, links: [:])
        for provider in ProviderKey.allCases {
            let form = form(of: provider)
            guard let value = section[provider.rawValue],
                let part = ConfigSection(
                    value, at: path.appending(provider.rawValue), keys: form.keys, mistakes: mistakes),
                let link = form.read(part)
            else { continue }
            definition.links[link.key] = shared.sharing(link)
            if let secrets = WebhookSecretText.read(part) { definition.webhookSecrets[provider] = secrets }
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
