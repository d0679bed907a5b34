package import HTTPClient
package import StaleCache
package import StatusCore
package import StatusModel

/// The providers' status pages, asked for only when a probe has failed: each at most once in ``interval``, and once
/// for however many failures come together.
///
/// A page that does not answer, or answers nonsense, explains nothing; nobody is told, and it is left alone as long.
package final class StatusPages: Sendable {
    /// How often a page is asked for at most (providers.md §7).
    package static let interval = Duration.seconds(300)
    /// How long a request for a page may take.
    package static let timeout = Duration.seconds(1)
    /// The longest page read, in bytes.
    package static let pageBytesMax = 1 << 20
    /// How long a page past its interval still explains, while it is asked for anew behind.
    static let staleLifetime = Duration.seconds(300)
    /// How many wishes wait for ``run()``. A failure whose wish is dropped makes another when it comes again.
    private static let wishesMax = 16

    private let sources: [ProviderKey: StatusPageSource]
    private let transport: any HTTPTransport
    /// What explains failures, by provider; nil for a page without trouble, and for one that gave no answer.
    private let cache: StaleCache<ProviderKey, StatusPageTrouble?>
    private let wishes: AsyncStream<ProviderKey>
    private let wish: AsyncStream<ProviderKey>.Continuation

    /// - Parameters:
    ///   - sources: The pages there are.
    ///   - transport: Sends the requests.
    ///   - clock: What the interval is measured by.
    package init(
        sources: [ProviderKey: StatusPageSource], transport: any HTTPTransport, clock: any StaleCacheClock
    ) {
        self.sources = sources
        self.transport = transport
        cache = StaleCache(
            StaleCacheConfiguration(
                timeToLive: Self.interval, staleLifetime: Self.staleLifetime, capacity: ProviderKey.allCases.count,
                retry: .never),
            clock: clock)
        (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.wishesMax))
    }

    /// Fetches the pages that failures had no time to wait for, until its task is cancelled. Its owner calls it once.
    package func run() async {
        // One after another: there are four, and each takes a second at most.
        for await provider in wishes { _ = await fetched(provider) }
        await cache.cancelFetches()
    }

    /// The failure with what the status page of the link's provider says of it.
    ///
    /// It takes no longer than `wait`. What would is left to ``run()``, so that the next failure is explained; an older
    /// word of the page serves meanwhile.
    package func explain(_ failure: ProviderFailure, of link: Link, within wait: Duration) async -> ProviderFailure {
        guard failure.isExplicable, case .provider(let provider) = link.key, let source = sources[provider],
            source.covers(link.target), let trouble = await trouble(of: provider, within: wait)
        else { return failure }
        return failure.explained(by: trouble, provider: provider.displayName, page: source.page)
    }

    private func trouble(of provider: ProviderKey, within wait: Duration) async -> StatusPageTrouble? {
        if let known = await cache.get(provider) { return known }
        if wait >= Self.timeout { return await fetched(provider) }
        wish.yield(provider)
        return await cache.entry(for: provider)?.value ?? nil
    }

    private func fetched(_ provider: ProviderKey) async -> StatusPageTrouble? {
        await cache.valueOrStale(
            for: provider, fetch: { [self] in try await fetch(provider) }, fallback: nil
        ).value
    }

    /// Asks for a page. No answer is one too: it is kept as long as a page, so that nobody asks again before.
    ///
    /// - Throws: `CancellationError` when it was not left to end.
    private func fetch(_ provider: ProviderKey) async throws -> StatusPageTrouble? {
        guard let source = sources[provider] else { return nil }
        let request = HTTPRequest(
            url: source.url, headers: ["Accept": "application/json"], connectTimeout: Self.timeout,
            totalTimeout: Self.timeout, bodyBytesMax: Self.pageBytesMax)
        let response = try? await transport.send(request)
        try Task.checkCancellation()
        guard let response, response.status == 200, let page = StatusPage(json: response.body) else { return nil }
        return page.trouble(of: StatusPageParts(provider))
    }
}
