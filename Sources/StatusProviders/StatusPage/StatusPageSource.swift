package import StatusCore
package import StatusModel

/// Where a provider's status page is, and for which links it speaks.
package struct StatusPageSource: Hashable, Sendable {
    /// The address of its `summary.json`.
    package var url: String
    /// The base of the API that it is about; nil when somebody said that it is about all links. GitHub's own page knows
    /// nothing of a company's Enterprise server.
    package var apiBase: String?

    /// A URL of nil is the provider's own page.
    package init(_ provider: ProviderKey, url: String? = nil) {
        let own = Self.ownURL(of: provider)
        self.url = url ?? own
        apiBase = self.url == own ? Self.ownAPI(of: provider) : nil
    }

    /// Where a person reads the page.
    package var page: String {
        let path = "/api/v2/summary.json"
        return url.hasSuffix(path) ? String(url.dropLast(path.count)) : url
    }

    /// Whether the page speaks for what is linked.
    package func covers(_ target: Link.Target) -> Bool {
        guard let apiBase else { return true }
        return apiBase == Self.apiBase(of: target)
    }

    /// The providers' own pages (providers.md §7).
    package static func ownURL(of provider: ProviderKey) -> String {
        switch provider {
        case .github: "https://www.githubstatus.com/api/v2/summary.json"
        case .vercel: "https://www.vercel-status.com/api/v2/summary.json"
        case .sanity: "https://www.sanity-status.com/api/v2/summary.json"
        case .supabase: "https://status.supabase.com/api/v2/summary.json"
        }
    }

    private static func ownAPI(of provider: ProviderKey) -> String {
        switch provider {
        case .github: "https://api.github.com"
        case .vercel: "https://api.vercel.com"
        case .sanity: "https://api.sanity.io"
        case .supabase: "https://api.supabase.com"
        }
    }

    private static func apiBase(of target: Link.Target) -> String? {
        switch target {
        case .github(let target): target.baseURL
        case .vercel(let target): target.baseURL
        case .sanity(let target): target.managementURL
        case .supabase(let target): target.managementURL
        case .service: nil
        }
    }
}
