/// So many within any stretch of a length, for each key: the exact instants are kept, so no burst passes at a window's edge.
package struct SlidingWindow<Key: Hashable & Sendable>: Sendable {
    /// What became of a wish.
    package enum Verdict: Hashable, Sendable {
        /// It counts; so many more would too.
        case admitted(remaining: Int)
        /// It does not, and one will not before that instant.
        case refused(until: ContinuousClock.Instant)
    }

    /// How many, at least 1.
    package let limit: Int
    package let window: Duration
    /// The most keys that are remembered. Where all of them still count, a new one is refused.
    package let keysMax: Int
    /// Ascending, and none older than the window when it was last looked at.
    private var instants: [Key: [ContinuousClock.Instant]] = [:]

    package init(limit: Int, window: Duration, keysMax: Int = 65_536) {
        self.limit = max(limit, 1)
        self.window = window
        self.keysMax = max(keysMax, 1)
    }

    /// Keys that are remembered.
    package var count: Int { instants.count }

    /// What would become of a wish now.
    package func verdict(on key: Key, at now: ContinuousClock.Instant) -> Verdict {
        guard instants[key] != nil || hasRoom(at: now) else { return .refused(until: now.advanced(by: window)) }
        let recent = recent(of: key, at: now)
        guard recent.count >= limit else { return .admitted(remaining: limit - recent.count - 1) }
        // It is free again once all but `limit - 1` have left the window.
        return .refused(until: recent[recent.count - limit].advanced(by: window))
    }

    /// Counts a wish, if it may be.
    package mutating func admit(_ key: Key, at now: ContinuousClock.Instant) -> Verdict {
        let verdict = verdict(on: key, at: now)
        guard case .admitted = verdict else { return verdict }
        if instants[key] == nil, instants.count >= keysMax { forgetOld(at: now) }
        instants[key] = recent(of: key, at: now) + [now]
        return verdict
    }

    /// Takes one back that was admitted then and came to nothing.
    package mutating func withdraw(_ key: Key, admittedAt instant: ContinuousClock.Instant) {
        guard var known = instants[key], let index = known.lastIndex(of: instant) else { return }
        known.remove(at: index)
        instants[key] = known.isEmpty ? nil : known
    }

    /// Counts one that an earlier process admitted.
    package mutating func restore(_ key: Key, at instant: ContinuousClock.Instant) {
        guard instants[key] != nil || instants.count < keysMax else { return }
        instants[key, default: []].append(instant)
        instants[key]?.sort()
    }

    private func recent(of key: Key, at now: ContinuousClock.Instant) -> [ContinuousClock.Instant] {
        instants[key, default: []].filter { $0.advanced(by: window) > now }
    }

    /// Looks at every key, which only a full table costs.
    private func hasRoom(at now: ContinuousClock.Instant) -> Bool {
        instants.count < keysMax || instants.values.contains { !counts($0, at: now) }
    }

    private mutating func forgetOld(at now: ContinuousClock.Instant) {
        instants = instants.filter { counts($0.value, at: now) }
    }

    private func counts(_ known: [ContinuousClock.Instant], at now: ContinuousClock.Instant) -> Bool {
        known.last.map { $0.advanced(by: window) > now } ?? false
    }
}
