package import StatusModel

/// A project's settings for one provider: what is linked, and which credential opens it (SPEC §1).
package struct Link: Hashable, Sendable {
    /// What is linked, by provider. Indirect, for a table of links has places to spare, and each would be as large as the
    /// largest target.
    package indirect enum Target: Hashable, Sendable {
        case github(GitHubTarget)
        case vercel(VercelTarget)
        case sanity(SanityTarget)
        case supabase(SupabaseTarget)
        case service(ServiceTarget)
    }

    package var target: Target
    /// Where the secret is found; nil for anonymous access.
    package var credential: CredentialReference?
    /// Secrets beside the link's own, by what they are for: Supabase's project key (``SupabaseTarget/projectKey``), a
    /// service's header (by the header's name).
    package var namedCredentials: [String: CredentialReference]
    /// A link may be kept and switched off.
    package var isEnabled: Bool

    package init(
        target: Target, credential: CredentialReference? = nil,
        namedCredentials: [String: CredentialReference] = [:], isEnabled: Bool = true
    ) {
        self.target = target
        self.credential = credential
        self.namedCredentials = namedCredentials
        self.isEnabled = isEnabled
    }

    package var key: ItemKey {
        switch target {
        case .github: .provider(.github)
        case .vercel: .provider(.vercel)
        case .sanity: .provider(.sanity)
        case .supabase: .provider(.supabase)
        case .service(let service): .service(service.name)
        }
    }

    /// Whose rate limit the link's requests count against: providers count by the token, and by the address without one.
    package var limitScope: LimitScope { LimitScope(origin: origin, credential: credential) }

    private var origin: String {
        switch target {
        case .github(let target): target.baseURL
        case .vercel(let target): target.baseURL
        // Sanity counts by project and address, and each project has a host of its own.
        case .sanity(let target): target.dataURL
        // Without a management token only the project's own host is asked.
        case .supabase(let target): credential == nil ? target.projectURL : target.managementURL
        case .service(let target): target.url
        }
    }

    /// Whether the provider answers nobody without a secret, and the link names none. GitHub, Sanity and services have
    /// things that everybody may read.
    package var lacksCredential: Bool {
        switch target {
        case .vercel, .supabase: credentials.isEmpty
        case .github, .sanity, .service: false
        }
    }

    /// Every secret that the link needs.
    package var credentials: Set<CredentialReference> {
        Set(namedCredentials.values).union([credential].compactMap { $0 })
    }
}

/// Those links whose requests a provider counts together.
package struct LimitScope: Hashable, Sendable {
    /// Where the requests go.
    package var origin: String
    package var credential: CredentialReference?

    package init(origin: String, credential: CredentialReference?) {
        self.origin = origin
        self.credential = credential
    }
}

/// One project as the configuration names it.
package struct ProjectDefinition: Hashable, Sendable {
    package var id: ProjectID
    /// At most one link per item.
    package var links: LinkTable
    /// Items that policy hides, and from which roles (SPEC §8).
    package var hidden: [ItemKey: Set<Role>]
    /// With what a provider's webhooks are signed: one secret, or several while it is changed. They are no part of a link, for
    /// no request needs them and nothing that was read depends on them.
    package var webhookSecrets: [ProviderKey: [CredentialReference]]

    package init(
        id: ProjectID, links: [ItemKey: Link], hidden: [ItemKey: Set<Role>] = [:],
        webhookSecrets: [ProviderKey: [CredentialReference]] = [:]
    ) {
        self.id = id
        self.links = LinkTable(links)
        self.hidden = hidden
        self.webhookSecrets = webhookSecrets
    }
}
