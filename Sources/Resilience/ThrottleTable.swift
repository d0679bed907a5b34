/// Who has asked not to be called before when: one instant for each scope, such as a host or a token.
///
/// A date stands until it has passed or is cleared; a success in between proves nothing about the limit. At most
/// ``keysMax`` dates are held; one more drops those that have passed, or else the one that ends soonest.
package struct ThrottleTable<Key: Hashable & Sendable>: Sendable {
    /// The most dates held, at least 1.
    package let keysMax: Int
    private var ends: [Key: ContinuousClock.Instant] = [:]

    package init(keysMax: Int = 4096) { self.keysMax = max(keysMax, 1) }

    /// Dates held, of which some may have passed.
    package var count: Int { ends.count }

    /// Lets nobody call before `end`. An earlier date than the one that stands changes nothing.
    package mutating func block(
        _ key: Key, until end: ContinuousClock.Instant, at now: ContinuousClock.Instant
    ) {
        let end = max(ends[key] ?? end, end)
        guard now < end else { return }
        ends[key] = end
        guard ends.count > keysMax else { return }
        // Looks at every date, which only a full table costs.
        ends = ends.filter { now < $0.value }
        guard ends.count > keysMax, let soonest = ends.min(by: { $0.value < $1.value }) else { return }
        ends[soonest.key] = nil
    }

    /// From when on it may be called again; nil when it may at `now`.
    package func blockedUntil(_ key: Key, at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard let end = ends[key], now < end else { return nil }
        return end
    }

    /// The dates that stand at `now`, for whoever keeps them beyond the process.
    package func dates(at now: ContinuousClock.Instant) -> [(key: Key, end: ContinuousClock.Instant)] {
        ends.compactMap { now < $0.value ? ($0.key, $0.value) : nil }
    }

    /// Takes in what ``dates(at:)`` gave in another process. A date beyond `longest` from `now` is a mistake, and counts
    /// as that.
    package mutating func restore(
        _ dates: [(key: Key, end: ContinuousClock.Instant)], longest: Duration, at now: ContinuousClock.Instant
    ) {
        for (key, end) in dates { block(key, until: min(end, now.advanced(by: longest)), at: now) }
    }

    /// Forgets a date, as when another credential comes into use.
    package mutating func clear(_ key: Key) { ends[key] = nil }
}
