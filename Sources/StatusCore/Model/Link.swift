package import StatusModel

/// A project's settings for one provider: what is linked, and which credential opens it (SPEC §1).
package struct Link: Hashable, Sendable {
    /// What is linked, by provider.
    package enum Target: Hashable, Sendable {
        case github(GitHubTarget)
    }

    package var target: Target
    /// Where the secret is found; nil for anonymous access.
    package var credential: CredentialReference?
    /// A link may be kept and switched off.
    package var isEnabled: Bool

    package init(target: Target, credential: CredentialReference? = nil, isEnabled: Bool = true) {
        self.target = target
        self.credential = credential
        self.isEnabled = isEnabled
    }

    package var key: ItemKey {
        switch target {
        case .github: .provider(.github)
        }
    }
}

/// A repository on GitHub or a GitHub Enterprise host.
package struct GitHubTarget: Hashable, Sendable {
    package var owner: String
    package var repository: String
    /// The API's base without a trailing slash: `https://api.github.com`, `https://HOST/api/v3`.
    package var baseURL: String

    package init(owner: String, repository: String, baseURL: String = "https://api.github.com") {
        self.owner = owner
        self.repository = repository
        self.baseURL = baseURL
    }
}

/// Where a secret is found. The configuration and the store hold references, never values (SPEC §5).
package enum CredentialReference: Hashable, Sendable {
    /// `file:/absolute/path`: the content without its final line break.
    case file(path: String)
    /// `env:NAME`.
    case environment(name: String)
    /// `credential:NAME`: a file below `$CREDENTIALS_DIRECTORY`, as systemd passes them.
    case systemd(name: String)
}

/// A secret in memory. It never describes itself.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The secret itself, for the one header that carries it.
    package func reveal() -> String { value }

    package var description: String { "‹secret›" }
    package var debugDescription: String { "‹secret›" }
}

/// One project as the configuration names it.
package struct ProjectDefinition: Hashable, Sendable {
    package var id: ProjectID
    /// At most one link per item.
    package var links: [ItemKey: Link]
    /// Items that policy hides, and from which roles (SPEC §8).
    package var hidden: [ItemKey: Set<Role>]

    package init(id: ProjectID, links: [ItemKey: Link], hidden: [ItemKey: Set<Role>] = [:]) {
        self.id = id
        self.links = links
        self.hidden = hidden
    }
}
