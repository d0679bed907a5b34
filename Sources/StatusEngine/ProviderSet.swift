package import StatusCore

/// Which adapter reads a link.
package struct ProviderSet: Sendable {
    package var github: any Provider
    package var vercel: any Provider
    package var sanity: any Provider
    package var supabase: any Provider
    package var service: any Provider

    package init(
        github: any Provider, vercel: any Provider, sanity: any Provider, supabase: any Provider,
        service: any Provider
    ) {
        self.github = github
        self.vercel = vercel
        self.sanity = sanity
        self.supabase = supabase
        self.service = service
    }

    /// One adapter for all of them.
    package init(all provider: any Provider) {
        self.init(github: provider, vercel: provider, sanity: provider, supabase: provider, service: provider)
    }

    func provider(for link: Link) -> any Provider {
        switch link.target {
        case .github: github
        case .vercel: vercel
        case .sanity: sanity
        case .supabase: supabase
        case .service: service
        }
    }
}
