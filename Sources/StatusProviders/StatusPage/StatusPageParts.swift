package import StatusModel

/// Which components of a provider's status page concern us: those that its API, its webhooks and what we show of it
/// rest on. A page-wide "major" may be about another product (providers.md §7).
///
/// A component is known by its id, which outlives its name, or by a word of its name: ids are documented for GitHub
/// alone, and names change. Pages also list the upstreams of their provider under those upstreams' names, which are
/// not the provider's own parts.
package struct StatusPageParts: Hashable, Sendable {
    /// Ids of components.
    package var ids: Set<String> = []
    /// Beginnings of words in names, in lower case: `webhook` is in "GROQ-powered Webhooks".
    package var words: [String]
    /// Names of others: a component that has one is none of ours, whatever else it is called.
    package var strangers: [String] = []

    /// Those of a provider.
    package init(_ provider: ProviderKey) {
        switch provider {
        case .github:
            // API Requests, Git Operations, Webhooks, Actions.
            ids = ["brv1bkgrwx7q", "8l4ygp009s5s", "4230lsnqdsld", "br0l2tvcx85d"]
            words = ["api", "git operations", "webhook", "actions"]
            strangers = ["copilot"]
        case .vercel:
            // What is shown are deployments, so what makes them counts beside the API.
            words = ["api", "webhook", "deploy", "build"]
            strangers = ["github", "gitlab", "bitbucket", "aws", "amazon", "azure", "cloudflare", "google"]
        case .sanity:
            // Queries go to the Content Lake, once called its data store, through the API or its CDN.
            words = ["api", "webhook", "content lake", "data store", "datastore", "quer"]
            strangers = ["aws", "google", "cloudflare", "fastly"]
        case .supabase:
            // The services whose health is asked for by default, and what they are reached through.
            words = ["api", "auth", "database", "postgres", "pooler", "realtime", "storage", "rest"]
            strangers = ["aws", "amazon", "cloudflare", "fly.io", "github"]
        }
    }

    /// Whether a component is one of them.
    package func contain(_ component: StatusPage.Component) -> Bool {
        ids.contains(component.id) || areNamed(in: component.name)
    }

    /// Whether a text, such as an incident's title, speaks of one of them.
    package func areNamed(in text: String) -> Bool {
        let text = Self.words(of: text)
        return !strangers.contains { text.contains(Self.words(of: $0)) }
            && words.contains { text.contains(" " + $0) }
    }

    /// In lower case, with one space before each word and one after the last, so that words are found and not parts of
    /// them.
    static func words(of text: String) -> String {
        " " + text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
    }
}
