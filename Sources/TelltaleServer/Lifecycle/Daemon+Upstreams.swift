import HTTPClient
import StatusCore
import StatusEngine
import StatusModel
import StatusProviders

// The way out: from the one HTTP client to the adapters and what stands around them.
extension Daemon {
    private var userAgent: String { "telltale/\(TelltaleVersion.current)" }

    /// Renews the tokens that expire. It goes past the guard, for it backs off by itself, token by token.
    func makeRefresher(_ client: CurlHTTPClient) -> OAuthRefresher {
        OAuthRefresher(
            configuration.oauth, exchange: OAuthExchange(transport: client, userAgent: userAgent),
            secrets: CredentialReader(environment: environment, logger: logger), time: time, logger: logger)
    }

    /// The adapters, each behind a guard of its own: a host that keeps failing is left alone by all projects.
    func providers(over client: CurlHTTPClient, _ digest: @escaping DigestFunction) -> ProviderSet {
        let services = guarded(client, "services", .service)
        return ProviderSet(
            github: GitHubProvider(transport: guarded(client, "github"), digest: digest, userAgent: userAgent),
            vercel: VercelProvider(transport: guarded(client, "vercel"), digest: digest, userAgent: userAgent),
            sanity: SanityProvider(transport: guarded(client, "sanity"), digest: digest, userAgent: userAgent),
            supabase: SupabaseProvider(transport: guarded(client, "supabase"), digest: digest, userAgent: userAgent),
            service: ServiceProvider(transport: services, time: time, digest: digest, userAgent: userAgent))
    }

    private func guarded(
        _ client: CurlHTTPClient, _ upstream: String, _ kind: GuardedPlace.Kind = .provider
    ) -> GuardedTransport {
        let log = BreakerLog(logger: logger, upstream: upstream)
        return GuardedTransport(
            client, kind: kind, policy: configuration.breakerPolicy, time: time
        ) { log.changed($0) }
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
}
