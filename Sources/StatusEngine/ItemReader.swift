import StaleCache
package import StatusCore
package import StatusModel

/// One item of one project.
package struct ItemReference: Hashable, Sendable {
    package var project: ProjectID
    package var key: ItemKey

    package init(project: ProjectID, key: ItemKey) {
        self.project = project
        self.key = key
    }
}

/// Which adapter reads a link.
package struct ProviderSet: Sendable {
    package var github: any Provider

    package init(github: any Provider) { self.github = github }

    func provider(for link: Link) -> any Provider {
        switch link.target {
        case .github: github
        }
    }
}

/// Reads one item: credential, then provider, within a deadline; one read of an item at a time, however many want it.
struct ItemReader: Sendable {
    let providers: ProviderSet
    let credentials: any CredentialSource
    let time: any TimeSource
    /// Newest good readings. Single-flight, the retries within a refresh, and the fallback live in it.
    let cache: StaleCache<ItemReference, Reading>
    /// The adapter's deadline (SPEC §4: 2.5 s), retries included.
    let deadline: Duration

    /// Reads the item, or joins a read that is under way.
    func read(_ item: ItemReference, link: Link, previous: Reading?, ttl: Duration) async -> Result<
        Reading, ProviderFailure
    > {
        let deadline = time.now.instant.advanced(by: deadline)
        let result = await cache.refresh(for: item, ttl: ttl) {
            try await within(deadline) {
                try await self.attempt(item, link: link, previous: previous, deadline: deadline)
            }
        }
        switch result.outcome {
        case .success(let reading): return .success(reading)
        case .failure(let error): return .failure(error.underlyingError as? ProviderFailure ?? Self.failure(for: error))
        }
    }

    private func attempt(
        _ item: ItemReference, link: Link, previous: Reading?, deadline: ContinuousClock.Instant
    ) async throws(ProviderFailure) -> Reading {
        var secret: Secret?
        if let reference = link.credential { secret = try await credentials.secret(for: reference) }
        let request = ReadRequest(
            project: item.project, link: link, secret: secret, previous: previous, now: time.now, deadline: deadline)
        return try await providers.provider(for: link).read(request)
    }

    /// Runs a read until the deadline; then it is cancelled, and counts as timed out whatever it still says.
    private func within(
        _ deadline: ContinuousClock.Instant, _ read: @escaping @Sendable () async throws -> Reading
    ) async throws -> Reading {
        try await withThrowingTaskGroup(of: Reading?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await read() }
            group.addTask {
                try await time.sleep(until: deadline)
                return nil
            }
            guard let first = try await group.next(), let reading = first else { throw Self.timedOut }
            return reading
        }
    }

    private static let timedOut = ProviderFailure(
        code: .timeout, cause: .provider, hint: "The provider did not answer in time; it is asked again by itself.",
        disposition: .keepsLast)

    /// What the cache itself met, without any provider: a bound of ours, or the end of the daemon.
    private static func failure(for error: StaleCacheError) -> ProviderFailure {
        ProviderFailure(
            code: .unknown, cause: .host, hint: "The daemon could not ask the provider: \(error.message)",
            disposition: .keepsLast)
    }
}

/// The engine's time, as the cache wants it.
struct CacheClock: StaleCacheClock {
    let time: any TimeSource

    var now: ContinuousClock.Instant { time.now.instant }

    func sleep(until instant: ContinuousClock.Instant) async throws { try await time.sleep(until: instant) }
}
