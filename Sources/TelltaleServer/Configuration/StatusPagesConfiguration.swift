package import StatusModel
import StatusProviders

/// The providers' public status pages, which explain a failing probe and never colour a healthy one.
package struct StatusPagesConfiguration: Hashable, Sendable {
    package var isEnabled = true
    /// The address of GitHub's `summary.json`; those of the others are beside it.
    package var github = StatusPageSource.ownURL(of: .github)
    package var vercel = StatusPageSource.ownURL(of: .vercel)
    package var sanity = StatusPageSource.ownURL(of: .sanity)
    package var supabase = StatusPageSource.ownURL(of: .supabase)

    package init() {}

    package func url(of provider: ProviderKey) -> String {
        switch provider {
        case .github: github
        case .vercel: vercel
        case .sanity: sanity
        case .supabase: supabase
        }
    }
}

extension StatusPagesConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .flag("enabled", \.isEnabled),
            .url("github", \.github),
            .url("vercel", \.vercel),
            .url("sanity", \.sanity),
            .url("supabase", \.supabase),
        ]
    }

    package var conflicts: [(key: String, message: String)] { [] }
}
