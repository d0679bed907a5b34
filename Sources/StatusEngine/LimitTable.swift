import Resilience
import StatusCore
import StatusModel

/// The limits that providers have told us of, for all links that they count together: where one of them ran into a
/// limit, none of the others is sent into it.
struct LimitTable {
    /// How many scopes may be blocked at once; of more the one that ends first is forgotten.
    static let scopesMax = 16_384

    private var blocked = ThrottleTable<LimitScope>(keysMax: scopesMax)
    /// How many links each scope has.
    private var linkCounts: [LimitScope: Int] = [:]

    /// Counts a link that is read from now on.
    mutating func add(_ link: Link) { linkCounts[link.limitScope, default: 0] += 1 }

    /// A link is read no more.
    mutating func remove(_ link: Link) {
        guard let count = linkCounts[link.limitScope] else { return }
        linkCounts[link.limitScope] = count > 1 ? count - 1 : nil
    }

    /// Among how many links what is left of a limit has to be shared: no more than are `scheduled` to be read at all,
    /// for those that nobody asks for take nothing.
    func sharers(of link: Link, scheduled: Int) -> Int { max(1, min(linkCounts[link.limitScope] ?? 1, scheduled)) }

    /// What stands for an answer while the link's scope is blocked; nil when it may be asked.
    func failure(for link: Link, at now: Moment) -> ProviderFailure? {
        guard let until = blocked.blockedUntil(link.limitScope, at: now.instant) else { return nil }
        return ProviderFailure(
            code: .rateLimited, cause: .throttled,
            hint: "The request limit that this link shares with others is used up; wait until it resets.",
            disposition: .keepsLast, retryAfter: now.wall.advanced(by: now.instant.duration(to: until)))
    }

    /// Takes in what was kept of a link before a restart, for its limits outlast that.
    mutating func restore(_ item: StoredItem, of link: Link, at now: Moment, policy: RefreshPolicy) {
        if let failure = item.record.failure?.failure { note(.failure(failure), of: link, at: now, policy: policy) }
        if let reading = item.record.reading { note(.success(reading), of: link, at: now, policy: policy) }
    }

    /// Takes in what a read came to: a limit that was met, or the last request that one still permits.
    mutating func note(
        _ result: Result<Reading, ProviderFailure>, of link: Link, at now: Moment, policy: RefreshPolicy
    ) {
        let until: UnixTime? =
            switch result {
            case .failure(let failure): failure.isThrottled && !failure.isOwnLimit ? failure.retryAfter : nil
            case .success(let reading): reading.budget.flatMap { $0.remaining == 0 ? $0.resetsAt : nil }
            }
        guard let until else { return }
        let delay = policy.delay(until: until, at: now)
        if delay > .zero { blocked.block(link.limitScope, until: now.instant.advanced(by: delay), at: now.instant) }
    }
}
