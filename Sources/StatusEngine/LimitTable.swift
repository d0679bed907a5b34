import Resilience
package import StatusCore
import StatusModel

/// The limits that providers have told us of, for all links that they count together: where one of them ran into a
/// limit, none of the others is sent into it.
package struct LimitTable {
    /// How many scopes may be blocked at once; of more the one that ends first is forgotten.
    package static let scopesMax = 16_384
    /// Both clocks are read one after the other, so a date told anew trembles; less than this is no change.
    private static let trembling = Duration.milliseconds(1)

    private var blocked = ThrottleTable<LimitScope>(keysMax: scopesMax)
    /// How many links each scope has.
    private var linkCounts: [LimitScope: Int] = [:]
    /// Whose date has moved since ``takeChanged(at:)``.
    private var changed: Set<LimitScope> = []

    package init() {}

    /// Counts a link that is read from now on.
    package mutating func add(_ link: Link) { linkCounts[link.limitScope, default: 0] += 1 }

    /// A link is read no more.
    mutating func remove(_ link: Link) {
        guard let count = linkCounts[link.limitScope] else { return }
        linkCounts[link.limitScope] = count > 1 ? count - 1 : nil
    }

    /// Among how many links what is left of a limit has to be shared: no more than are `scheduled` to be read at all,
    /// for those that nobody asks for take nothing.
    package func sharers(of link: Link, scheduled: Int) -> Int {
        max(1, min(linkCounts[link.limitScope] ?? 1, scheduled))
    }

    /// What stands for an answer while the link's scope is blocked; nil when it may be asked.
    package func failure(for link: Link, at now: Moment) -> ProviderFailure? {
        guard let until = blocked.blockedUntil(link.limitScope, at: now.instant) else { return nil }
        return ProviderFailure(
            code: .rateLimited, cause: .throttled,
            hint: "The request limit that this link shares with others is used up; wait until it resets.",
            disposition: .keepsLast, retryAfter: now.wall.advanced(by: now.instant.duration(to: until)))
    }

    /// Takes in what a read came to: a limit that was met, or the last request that one still permits.
    package mutating func note(
        _ result: Result<Reading, ProviderFailure>, of link: Link, at now: Moment, policy: RefreshPolicy
    ) {
        let until: UnixTime? =
            switch result {
            case .failure(let failure): failure.sharedLimitEndsAt
            case .success(let reading): reading.budget.flatMap { $0.remaining == 0 ? $0.resetsAt : nil }
            }
        if let until { note(limitUntil: until, of: link, at: now, policy: policy) }
    }

    /// Takes in a limit that was met with the link's secret.
    mutating func note(limitUntil until: UnixTime, of link: Link, at now: Moment, policy: RefreshPolicy) {
        let delay = policy.delay(until: until, at: now)
        if delay > .zero { block(link.limitScope, until: now.instant.advanced(by: delay), at: now.instant) }
    }

    private mutating func block(
        _ scope: LimitScope, until end: ContinuousClock.Instant, at now: ContinuousClock.Instant
    ) {
        let known = blocked.blockedUntil(scope, at: now)
        blocked.block(scope, until: end, at: now)
        if let known, end < known.advanced(by: Self.trembling) { return }
        changed.insert(scope)
        // What was forgotten meanwhile need not be kept.
        if changed.count > Self.scopesMax {
            changed = changed.filter { blocked.blockedUntil($0, at: now) != nil }
        }
    }
}

// What outlives the process (SPEC §4: to the second, kept across restarts).
extension LimitTable {
    /// What to keep: the limits that were met, or lengthened, since this was last asked.
    package mutating func takeChanged(at now: Moment) -> [StoredLimit] {
        defer { changed = [] }
        return changed.compactMap { scope in
            guard let end = blocked.blockedUntil(scope, at: now.instant) else { return nil }
            return StoredLimit(scope: scope, until: now.advanced(by: now.instant.duration(to: end)))
        }
    }

    /// All limits that stand, for a store that has lost them.
    package mutating func takeAll(at now: Moment) -> [StoredLimit] {
        changed.formUnion(blocked.dates(at: now.instant).map(\.key))
        return takeChanged(at: now)
    }

    /// Takes in what was kept. The monotonic instant counts, which the store has corrected, so that a wall clock that was
    /// stepped meanwhile moves no date; none lies further ahead than a provider is obeyed.
    package mutating func restore(_ limits: [StoredLimit], at now: Moment, policy: RefreshPolicy) {
        blocked.restore(
            limits.map { ($0.scope, $0.until.instant) }, longest: policy.retryAfterMax, at: now.instant)
    }
}
