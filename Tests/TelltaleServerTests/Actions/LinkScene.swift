import StatusCore
import StatusModel
import TelltaleServer

/// The project `shop`, some of whose items are linked, beside another one; and what becomes of a payload.
struct LinkScene {
    static let text = """
        {
            actions: {
                credentials: ["file:/etc/telltale/tokens/*", "env:SPARE", "oauth:acme"],
                apis: ["https://proxy.example.com/"],
            },
            oauth: { acme: { tokenURL: "https://example.com/t", clientID: "id", tokenFile: "/var/t.json" } },
            projects: {
                shop: {
                    github: { repo: "acme/shop", api: "https://git.example.com/api/v3", credential: "file:/etc/git" },
                    sanity: { project: "abcd1234", dataApi: "https://data.example.com", credential: "file:/etc/sanity" },
                    supabase: {
                        ref: "abcdefghijklmnopqrst", credential: "env:SUPABASE", projectKey: "env:KEY",
                        url: "https://db.example.com",
                    },
                    services: { worker: { url: "https://w.example.com", secretHeaders: { "X-Key": "env:WORKER" } } },
                },
                other: {
                    github: { repo: "acme/other", api: "https://elsewhere.example.com", credential: "env:OTHER" },
                    supabase: { ref: "tsrqponmlkjihgfedcba", credential: "env:OTHER", url: "https://own.example.com" },
                },
            },
        }
        """

    let configuration: Configuration
    let links: ConfiguredLinks

    init(_ text: String = Self.text) throws {
        configuration = try parse(text)
        links = ConfiguredLinks(configuration)
    }

    func configured(_ provider: ProviderKey) -> Link? {
        configuration.projects.first { $0.id.rawValue == "shop" }?.links[.provider(provider)]
    }

    /// What an action makes of a payload where the configuration's link is in force, or `current`.
    func proposal(
        _ action: IntegrationAction, _ key: ItemKey, _ payload: String = "", current: Link?? = .none
    ) throws(ActionFailure) -> LinkProposal? {
        guard let project = ProjectID("shop") else { return nil }
        var configured: Link?
        if case .provider(let provider) = key { configured = self.configured(provider) }
        return try links.proposal(
            action, of: ItemReference(project: project, key: key), payload: Array(payload.utf8),
            configured: configured, current: current ?? configured)
    }

    func link(
        _ action: IntegrationAction, _ provider: ProviderKey, _ payload: String = "", current: Link?? = .none
    ) throws(ActionFailure) -> Link? {
        guard case .link(let link)? = try proposal(action, .provider(provider), payload, current: current) else {
            return nil
        }
        return link
    }

    /// Why a payload is refused; nil when it is not.
    func failure(
        _ action: IntegrationAction, _ provider: ProviderKey, _ payload: String = "", current: Link?? = .none
    ) -> ActionFailure? {
        do throws(ActionFailure) {
            _ = try proposal(action, .provider(provider), payload, current: current)
            return nil
        } catch {
            return error
        }
    }
}
