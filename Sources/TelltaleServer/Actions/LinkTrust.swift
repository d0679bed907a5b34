import StatusCore
import StatusModel

/// What a payload may name of this host and of the world: a secret only where the operator has put it there for that, and
/// only such addresses as the operator trusts with secrets. Whoever may connect a project could otherwise have any file of
/// the daemon's sent to any host.
struct LinkTrust {
    var settings: ActionsConfiguration
    /// As the configuration says.
    var projects: [ProjectDefinition]

    /// Records in `section` what of it may not be named. It was read as `link`, which is to be `project`'s.
    func check(_ section: ConfigSection, read link: Link, for project: ProjectID) {
        check("credential", of: link, in: section, for: project)
        check(SupabaseTarget.projectKey, of: link, in: section, for: project)
        for key in LinkAddress.allCases where section[key.rawValue] != nil {
            guard let address = link.target.address(key), !isTrusted(address, key, of: link, for: project) else {
                continue
            }
            section.refuse(
                key.rawValue,
                "is an address that the configuration does not name; add it to actions.apis of the daemon's configuration"
            )
        }
    }

    private func check(_ key: String, of link: Link, in section: ConfigSection, for project: ProjectID) {
        guard section[key] != nil, let reference = link.reference(key),
            !isTrusted(reference, key, of: link, for: project)
        else { return }
        section.refuse(
            key,
            "is a secret that no such link of this project names; add \(PrintableText.quoted(reference.text)) to "
                + "actions.credentials of the daemon's configuration")
    }

    /// One that a link of the same provider names for the same use. The key of a project's own host is that project's.
    private func isTrusted(
        _ reference: CredentialReference, _ key: String, of link: Link, for project: ProjectID
    ) -> Bool {
        if settings.credentials.contains(where: { $0.covers(reference) }) { return true }
        return links(of: project).contains { known in
            guard known.key == link.key, known.reference(key) == reference else { return false }
            return key != SupabaseTarget.projectKey || known.target.standard == link.target.standard
        }
    }

    /// The base of an API serves all projects. A project's own host is another's no more than its key is.
    private func isTrusted(_ address: String, _ key: LinkAddress, of link: Link, for project: ProjectID) -> Bool {
        if address == link.target.standard.address(key) || settings.apis.contains(address) { return true }
        let isNamed: (Link) -> Bool = { $0.key == link.key && $0.target.address(key) == address }
        return key.isProjectsOwn
            ? links(of: project).contains(where: isNamed)
            : projects.contains { $0.links.values.contains(where: isNamed) }
    }

    private func links(of project: ProjectID) -> [Link] { projects.first { $0.id == project }?.links.values ?? [] }
}

extension Link {
    /// The secret that its section names under a key.
    fileprivate func reference(_ key: String) -> CredentialReference? {
        key == "credential" ? credential : namedCredentials[key]
    }
}

/// An address that a link's section may name, by its key.
enum LinkAddress: String, CaseIterable {
    case api
    case dataApi
    case url

    /// Whether it is the host of one project, and not the provider's for all.
    var isProjectsOwn: Bool { self != .api }
}

extension Link.Target {
    /// Where requests go; nil for an address that such a link does not have.
    func address(_ key: LinkAddress) -> String? {
        switch (self, key) {
        case (.github(let target), .api): target.baseURL
        case (.vercel(let target), .api): target.baseURL
        case (.sanity(let target), .api): target.managementURL
        case (.sanity(let target), .dataApi): target.dataURL
        case (.supabase(let target), .api): target.managementURL
        case (.supabase(let target), .url): target.projectURL
        case (.github, _), (.vercel, _), (.sanity, _), (.supabase, _), (.service, _): nil
        }
    }

    /// The same thing at the provider's own addresses.
    var standard: Self {
        switch self {
        case .github(let target): .github(GitHubTarget(owner: target.owner, repository: target.repository))
        case .vercel(let target): .vercel(VercelTarget(project: target.project))
        case .sanity(let target): .sanity(SanityTarget(projectID: target.projectID))
        case .supabase(let target): .supabase(SupabaseTarget(reference: target.reference))
        case .service: self
        }
    }
}
