package import Resilience

/// When access tokens are renewed (SPEC §4).
package struct TokenRefreshPolicy: Hashable, Sendable {
    /// A token is due once less than this is left of it…
    package var margin = Duration.seconds(300)
    /// …or less than this part of its lifetime, whichever is more.
    package var marginFraction = 0.1
    /// By up to this part of the margin it is due earlier, drawn for each token, so that those issued together are not
    /// renewed together.
    package var spread = 0.5
    /// How many refreshes run at once (SPEC §4).
    package var runningMax = 5
    /// The shortest time between two successes: a provider that issues tokens of no lifetime is not asked in a circle, nor one
    /// whose token somebody wants renewed again and again.
    package var successInterval = Duration.seconds(30)
    /// The wait after failures in a row.
    package var backoff = Backoff(initial: .seconds(10), max: .seconds(900))
    /// The longest wait that a provider may ask for.
    package var retryAfterMax = Duration.seconds(3_600)

    package init() {}
}

/// Which access token is renewed when: a machine that takes the time and chance, and neither reads nor sends anything.
///
/// Whoever runs it takes what is due from ``start(at:)`` and reports each one's end exactly once, by ``succeeded``,
/// ``failed``, ``revoked(_:)`` or ``superseded(_:)``. Until then the token holds one of the places and is not started
/// again.
package struct TokenRefreshSchedule: Sendable {
    private struct Entry {
        var expiresAt: ContinuousClock.Instant?
        /// Nil while time alone makes it never due.
        var due: ContinuousClock.Instant?
        /// Failures in a row.
        var failureCount = 0
        /// When a refresh brought the token; nil for one that a person put there.
        var renewedAt: ContinuousClock.Instant?
        var isRunning = false
        var isRevoked = false
    }

    private let policy: TokenRefreshPolicy
    private var entries: [String: Entry] = [:]
    package private(set) var runningCount = 0

    package init(policy: TokenRefreshPolicy = TokenRefreshPolicy()) { self.policy = policy }

    /// When ``start(at:)`` next has something to give; nil when never, or when only an end can free a place for it.
    package var nextDue: ContinuousClock.Instant? {
        guard runningCount < policy.runningMax else { return nil }
        return entries.values.compactMap { $0.isRunning ? nil : $0.due }.min()
    }

    /// Whether a refresh of it was started and has not ended.
    package func isRunning(_ name: String) -> Bool { entries[name]?.isRunning ?? false }

    /// Whether it would be started now if there were a place.
    package func isDue(_ name: String, at now: ContinuousClock.Instant) -> Bool {
        guard let entry = entries[name], !entry.isRunning, let due = entry.due else { return false }
        return due <= now
    }

    /// Whether the provider took the grant back: it is not asked again until another token is loaded.
    package func isRevoked(_ name: String) -> Bool { entries[name]?.isRevoked ?? false }

    /// Whether a refresh brought the token so lately that no newer one is to be had (``TokenRefreshPolicy/successInterval``).
    package func isNew(_ name: String, at now: ContinuousClock.Instant) -> Bool {
        guard let entry = entries[name], !entry.isRevoked, let renewedAt = entry.renewedAt else { return false }
        return renewedAt.duration(to: now) < policy.successInterval
    }

    /// A token that a person put there. What was known of the one before counts no more. Without an expiry, because
    /// nobody said, it is never due.
    package mutating func loaded(
        _ name: String, expiresAt: ContinuousClock.Instant?, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        let due = due(expiresAt, at: now, using: &generator)
        entries[name] = Entry(expiresAt: expiresAt, due: due, isRunning: entries[name]?.isRunning ?? false)
    }

    /// The wall clock was stepped, so that the loaded token's expiry is another instant than was thought.
    package mutating func moved(
        _ name: String, expiresAt: ContinuousClock.Instant?, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard var entry = entries[name], entry.expiresAt != expiresAt else { return }
        entry.expiresAt = expiresAt
        // A failure's wait and a revocation do not hang on the expiry.
        if entry.failureCount == 0, !entry.isRevoked { entry.due = due(expiresAt, at: now, using: &generator) }
        entries[name] = entry
    }

    /// There is no such token any more. Not for one that is being renewed.
    package mutating func removed(_ name: String) {
        if !isRunning(name) { entries[name] = nil }
    }

    /// Somebody wants it renewed now.
    ///
    /// - Returns: Whether it is being renewed, or due. What was revoked is not, nor, until it is due by itself, what failed.
    package mutating func hurry(_ name: String, at now: ContinuousClock.Instant) -> Bool {
        guard let entry = entries[name], !entry.isRevoked else { return false }
        if entry.isRunning { return true }
        guard entry.failureCount == 0 || isDue(name, at: now) else { return false }
        entries[name]?.due = min(entry.due ?? now, now)
        return true
    }

    /// Starts what is due, the longest due first, as far as there are places.
    package mutating func start(at now: ContinuousClock.Instant) -> [String] {
        let waiting = entries.compactMap { name, entry in
            entry.isRunning ? nil : entry.due.flatMap { $0 <= now ? (name: name, due: $0) : nil }
        }
        let started = waiting.sorted { ($0.due, $0.name) < ($1.due, $1.name) }.map(\.name)
            .prefix(max(0, policy.runningMax - runningCount))
        for name in started { entries[name]?.isRunning = true }
        runningCount += started.count
        return Array(started)
    }

    /// A refresh brought a new token.
    package mutating func succeeded(
        _ name: String, expiresAt: ContinuousClock.Instant?, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard end(name) else { return }
        let due = due(expiresAt, at: now, using: &generator).map { max($0, now.advanced(by: policy.successInterval)) }
        entries[name] = Entry(expiresAt: expiresAt, due: due, renewedAt: now)
    }

    /// A refresh failed in a way that may pass. `notBefore` is what the provider asked for, and bounded by the policy.
    package mutating func failed(
        _ name: String, notBefore: ContinuousClock.Instant?, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard end(name), var entry = entries[name] else { return }
        entry.failureCount += 1
        let retry = now.advanced(
            by: policy.backoff.delay(afterAttempt: entry.failureCount, using: &generator))
        let asked = notBefore.map { min($0, now.advanced(by: policy.retryAfterMax)) }
        entry.due = max(retry, asked ?? retry)
        entries[name] = entry
    }

    /// The provider took the grant back.
    package mutating func revoked(_ name: String) {
        guard end(name) else { return }
        entries[name]?.isRevoked = true
        entries[name]?.due = nil
    }

    /// Another token was loaded meanwhile, which the refresh says nothing of.
    package mutating func superseded(_ name: String) { _ = end(name) }

    /// Frees the place; false when it held none.
    private mutating func end(_ name: String) -> Bool {
        guard entries[name]?.isRunning == true else { return false }
        entries[name]?.isRunning = false
        runningCount -= 1
        return true
    }

    private func due(
        _ expiresAt: ContinuousClock.Instant?, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> ContinuousClock.Instant? {
        guard let expiresAt else { return nil }
        let lifetime = max(.zero, now.duration(to: expiresAt))
        // A third at most, so that a token of minutes is used for at least half of them, whatever is drawn.
        let margin = min(max(policy.margin, lifetime * policy.marginFraction), lifetime / 3)
        let early = margin * (policy.spread * Double.random(in: 0...1, using: &generator))
        return expiresAt.advanced(by: .zero - margin - early)
    }
}
