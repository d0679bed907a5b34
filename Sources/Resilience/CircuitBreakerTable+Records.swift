// What outlives the process (SPEC §4: state survives restart).
extension CircuitBreakerTable {
    /// What must be kept of each upstream; nothing of those that were never open, or whose openings are forgotten.
    package func records(at now: ContinuousClock.Instant) -> [(key: Key, record: CircuitBreaker.Record)] {
        entries.compactMap { key, entry in
            let record = entry.breaker.record(at: now)
            return record.isForgotten(by: policy, at: now) ? nil : (key, record)
        }
    }

    /// Takes in what ``records(at:)`` gave in another process. An upstream that has answered or changed since knows better,
    /// and of several records of one upstream the first counts. Those that are open go first where there is not room for all.
    ///
    /// - Returns: The upstreams whose record is of no use any more.
    package mutating func restore(
        _ records: [(key: Key, record: CircuitBreaker.Record)], at now: ContinuousClock.Instant
    ) -> [Key] {
        var (useless, taken): ([Key], Set<Key>) = ([], [])
        let order = records.filter { $0.record.opening != nil } + records.filter { $0.record.opening == nil }
        for (key, record) in order where !taken.contains(key) {
            let hasPlace = entries[key]?.breaker.isUnknown ?? (count < keysMax)
            guard hasPlace, !record.isForgotten(by: policy, at: now) else {
                useless.append(key)
                continue
            }
            taken.insert(key)
            entries[key, default: Entry(breaker: CircuitBreaker(policy: policy), lastUse: 0)].breaker
                .restore(record, at: now)
        }
        return useless
    }
}

extension CircuitBreaker.Record {
    /// Whether a breaker without a record would do the same: it is closed, and was for so long that its next opening is
    /// the first again.
    package func isForgotten(by policy: BreakerPolicy, at now: ContinuousClock.Instant) -> Bool {
        guard opening == nil else { return false }
        guard openingCount > 0 else { return true }
        return closedAt.map { $0.duration(to: now) >= policy.forgottenAfter } ?? false
    }
}
