package import StatusModel

/// The links for whose webhooks the configuration names secrets, by what deliveries call them.
package struct WebhookIndex: Sendable {
    private struct Name: Hashable {
        var provider: ProviderKey
        var text: String
    }

    private var projects: [Name: Set<ProjectID>] = [:]
    /// How many projects name each secret.
    private var secrets: [ProviderKey: [CredentialReference: Int]] = [:]

    package init() {}

    package mutating func add(_ definition: ProjectDefinition) {
        for name in Self.names(of: definition) {
            projects[name, default: []].insert(definition.id)
            for secret in Self.secrets(of: definition, name.provider) {
                secrets[name.provider, default: [:]][secret, default: 0] += 1
            }
        }
    }

    package mutating func remove(_ definition: ProjectDefinition) {
        for name in Self.names(of: definition) {
            projects[name]?.remove(definition.id)
            if projects[name]?.isEmpty == true { projects[name] = nil }
            for secret in Self.secrets(of: definition, name.provider) {
                let others = (secrets[name.provider]?[secret] ?? 0) - 1
                secrets[name.provider]?[secret] = others > 0 ? others : nil
            }
        }
    }

    /// The projects that link any of these, in order.
    package func projects(linking names: [String], of provider: ProviderKey) -> [ProjectID] {
        Set(names.flatMap { projects[Name(provider: provider, text: $0)] ?? [] }).sorted()
    }

    /// The secrets of all projects for a provider, each once, in no order.
    package func secrets(of provider: ProviderKey) -> some Collection<CredentialReference> {
        secrets[provider, default: [:]].keys
    }

    private static func secrets(of definition: ProjectDefinition, _ provider: ProviderKey) -> Set<CredentialReference> {
        Set(definition.webhookSecrets[provider] ?? [])
    }

    private static func names(of definition: ProjectDefinition) -> [Name] {
        definition.webhookSecrets.keys.compactMap { provider in
            guard let link = definition.links[.provider(provider)], link.isEnabled else { return nil }
            return link.target.webhookName.map { Name(provider: provider, text: $0) }
        }
    }
}

extension ProjectDefinition {
    /// The link whose webhooks of a provider can be checked; nil when nothing is linked, or no secret is named for it.
    package func webhookLink(of provider: ProviderKey) -> WebhookLink? {
        guard let link = links[.provider(provider)], link.isEnabled, let secrets = webhookSecrets[provider],
            !secrets.isEmpty
        else { return nil }
        return WebhookLink(project: id, link: link, secrets: secrets)
    }
}
