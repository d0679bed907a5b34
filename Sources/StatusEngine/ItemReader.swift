import Locks
import StaleCache
import StatusCore
import StatusModel
import Synchronization

/// Reads one item: credential, then provider, with retries, within a deadline; one read of an item at a time.
struct ItemReader: Sendable {
    let providers: ProviderSet
    let credentials: any CredentialSource
    let time: any TimeSource
    /// The single flight of each item, and how long what it brought is fresh. The reading itself is kept once, in the
    /// project's snapshot.
    let cache: StaleCache<ItemReference, Void>
    let retries: RetryLedger
    /// The adapter's deadline (SPEC §4: 2.5 s), retries included.
    let deadline: Duration

    /// Reads the item until the deadline. Then the read is cancelled and counts as timed out, whatever it still does.
    func read(
        _ item: ItemReference, link: Link, previous: Reading?, ttl: Duration, notes: CredentialNotes
    ) async -> Result<Reading, ProviderFailure> {
        let deadline = time.now.instant.advanced(by: deadline)
        return await withTaskGroup(of: Result<Reading, ProviderFailure>.self) { group in
            group.addTask {
                await refresh(item, ttl: ttl) {
                    try await attempts(item, link: link, previous: previous, deadline: deadline, notes: notes)
                }
            }
            group.addTask {
                // Cancelled when the read has ended before.
                try? await time.sleep(until: deadline)
                return .failure(Self.timedOut(item.key))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(Self.timedOut(item.key))
        }
    }

    /// Reads what is to be linked, once and past the cache: what is linked now is no answer.
    func verify(_ item: ItemReference, link: Link) async -> Result<Reading, ProviderFailure> {
        let deadline = time.now.instant.advanced(by: deadline)
        return await withTaskGroup(of: Result<Reading, ProviderFailure>.self) { group in
            group.addTask {
                do throws(ProviderFailure) {
                    return .success(try await attempt(item, link: link, previous: nil, deadline: deadline))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                // Cancelled when the read has ended before.
                try? await time.sleep(until: deadline)
                return .failure(Self.timedOut(item.key))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(Self.timedOut(item.key))
        }
    }

    /// Fetches through the cache, whose flight ends at once for whoever leaves it, even when the provider does not.
    private func refresh(
        _ item: ItemReference, ttl: Duration, _ fetch: @escaping @Sendable () async throws -> Reading
    ) async -> Result<Reading, ProviderFailure> {
        let landed = Lock<Reading?>(nil)
        let refresh = await cache.refresh(for: item, ttl: ttl) {
            let reading = try await fetch()
            landed.withLock { $0 = reading }
        }
        switch refresh.outcome {
        case .success:
            // The engine reads an item once at a time, so nobody joins the flight of another.
            return landed.withLock { $0 }.map { .success($0) } ?? .failure(Self.timedOut(item.key))
        case .failure(let error): return .failure(error.underlyingError as? ProviderFailure ?? Self.failure(for: error))
        }
    }

    /// Attempts until one succeeds, or fails in a way that another would not mend.
    private func attempts(
        _ item: ItemReference, link: Link, previous: Reading?, deadline: ContinuousClock.Instant,
        notes: CredentialNotes
    ) async throws -> Reading {
        // Before the secrets are read, so that one which changes meanwhile counts as changed.
        for reference in link.credentials { notes.note(reference, await credentials.version(of: reference)) }
        let upstream = Upstream(item.key)
        retries.began(upstream, at: time.now.instant)
        var attempt = 1
        var met: ProviderFailure?
        while true {
            let failure: ProviderFailure
            do throws(ProviderFailure) {
                return try await self.attempt(item, link: link, previous: previous, deadline: deadline)
            } catch {
                failure = error
            }
            // The attempts before have opened the breaker: what they met is the trouble, and not this.
            if failure.heldUntil != nil, let met { throw met }
            met = failure
            guard failure.isRetryable,
                let next = retries.retry(upstream, afterAttempt: attempt, at: time.now.instant, before: deadline)
            else { throw failure }
            try await time.sleep(until: next)
            attempt += 1
        }
    }

    private func attempt(
        _ item: ItemReference, link: Link, previous: Reading?, deadline: ContinuousClock.Instant
    ) async throws(ProviderFailure) -> Reading {
        let (secret, namedSecrets) = try await secrets(of: link)
        let request = ReadRequest(
            project: item.project, link: link, secret: secret, namedSecrets: namedSecrets,
            previous: previous, now: time.now, deadline: deadline)
        return try await providers.provider(for: link).read(request)
    }

    /// The link's own secret, and those beside it.
    func secrets(
        of link: Link
    ) async throws(ProviderFailure) -> (Secret?, named: [String: Result<Secret, ProviderFailure>]) {
        var secret: Secret?
        if let reference = link.credential { secret = try await credentials.secret(for: reference) }
        return (secret, await namedSecrets(of: link))
    }

    private func namedSecrets(of link: Link) async -> [String: Result<Secret, ProviderFailure>] {
        var secrets: [String: Result<Secret, ProviderFailure>] = [:]
        for (name, reference) in link.namedCredentials {
            do throws(ProviderFailure) {
                secrets[name] = .success(try await credentials.secret(for: reference))
            } catch {
                secrets[name] = .failure(error)
            }
        }
        return secrets
    }

    private static func timedOut(_ key: ItemKey) -> ProviderFailure {
        ProviderFailure(
            code: .timeout, cause: .provider,
            hint: "\(key.displayName) did not answer in time; \(ProviderFailure.askedAgain).", disposition: .keepsLast)
    }

    /// What the cache itself met, without any provider: the end of the daemon.
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
