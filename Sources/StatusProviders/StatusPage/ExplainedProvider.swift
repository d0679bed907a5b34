package import StatusCore

/// A provider whose failures are explained by its status page. A reading passes as it is: a red page never colours a
/// probe that is well (providers.md §7).
package struct ExplainedProvider: Provider {
    private let provider: any Provider
    private let pages: StatusPages
    private let time: any TimeSource

    package init(_ provider: any Provider, by pages: StatusPages, time: any TimeSource) {
        self.provider = provider
        self.pages = pages
        self.time = time
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        do throws(ProviderFailure) {
            return try await provider.read(Self.shortened(request))
        } catch {
            // Another attempt follows one that is worth it, and must not wait for the page.
            let wait = error.isRetryable ? .zero : time.now.instant.duration(to: request.deadline)
            throw await pages.explain(error, of: request.link, within: wait)
        }
    }

    /// Leaves a moment of the time, at most 50 ms, so that silence is told by the provider and explained here before
    /// whoever waits for the read gives up on it.
    private static func shortened(_ request: ReadRequest) -> ReadRequest {
        var shortened = request
        let timeLeft = request.now.instant.duration(to: request.deadline)
        shortened.deadline -= max(.zero, min(.milliseconds(50), timeLeft / 20))
        return shortened
    }
}
