import HTTPClient
import Resilience
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders

// The way out: from the one HTTP client to the adapters and what stands around them.
extension Daemon {
    var userAgent: String { "telltale/\(TelltaleVersion.current)" }

    /// Renews the tokens that expire. It goes past the guard, for it backs off by itself, token by token.
    func makeRefresher(_ client: CurlHTTPClient) -> OAuthRefresher {
        OAuthRefresher(
            configuration.oauth, exchange: OAuthExchange(transport: client, userAgent: userAgent),
            secrets: CredentialReader(environment: environment, logger: logger), time: time, logger: logger)
    }

    /// What stands between the adapters and the client: a host that keeps failing is left alone by all projects.
    func makeGuards(_ client: CurlHTTPClient) -> UpstreamGuards {
        UpstreamGuards(over: client, policy: configuration.breakerPolicy, time: time, logger: logger)
    }

    /// The adapters, each behind a guard of its own.
    func providers(behind guards: UpstreamGuards, _ digest: @escaping DigestFunction) -> ProviderSet {
        ProviderSet(
            github: GitHubProvider(
                transport: guards.transport(for: .provider(.github)), digest: digest, userAgent: userAgent),
            vercel: VercelProvider(
                transport: guards.transport(for: .provider(.vercel)), digest: digest, userAgent: userAgent),
            sanity: SanityProvider(
                transport: guards.transport(for: .provider(.sanity)), digest: digest, userAgent: userAgent),
            supabase: SupabaseProvider(
                transport: guards.transport(for: .provider(.supabase)), digest: digest, userAgent: userAgent),
            service: ServiceProvider(
                transport: guards.transport(for: .services), time: time, digest: digest, userAgent: userAgent))
    }

    /// The same with each provider's status page behind it. Services have none.
    func explained(_ providers: ProviderSet, by pages: StatusPages?) -> ProviderSet {
        guard let pages else { return providers }
        var explained = providers
        explained.github = ExplainedProvider(providers.github, by: pages, time: time)
        explained.vercel = ExplainedProvider(providers.vercel, by: pages, time: time)
        explained.sanity = ExplainedProvider(providers.sanity, by: pages, time: time)
        explained.supabase = ExplainedProvider(providers.supabase, by: pages, time: time)
        return explained
    }

    /// What "why" says of the hosts of a link.
    func standing(by guards: UpstreamGuards) -> @Sendable (Link) -> BreakerStanding {
        { link in
            let standing = guards.standing(of: link)
            return switch standing.state {
            case .closed: BreakerStanding(.closed)
            case .open(let until, _, _): BreakerStanding(.open, until: until)
            case .halfOpen: BreakerStanding(.halfOpen)
            }
        }
    }
}
