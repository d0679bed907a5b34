package import StatusModel

/// How the newest refresh went, told from what it left in the records.
package enum RefreshReport {
    /// The end that a refresh of these items had; without any item there was nothing to fail.
    package static func outcome(of records: some Sequence<ItemRecord>) -> RefreshAttempt.Outcome {
        var answered = 0
        var failed = 0
        for record in records where record.link == .linked {
            if record.failure == nil { answered += 1 } else { failed += 1 }
        }
        return failed == 0 ? .succeeded : answered == 0 ? .failed : .partial
    }

    /// The worst failure among the items: what replaces content before what leaves it, throttling last, and of equals
    /// the first in order. Nil when all have answered.
    package static func error(of records: some Sequence<ItemRecord>, now: Moment) -> RefreshError? {
        let failures = records.filter { $0.link == .linked }.compactMap(\.failure)
        guard var worst = failures.first else { return nil }
        for failure in failures where failure.rank > worst.rank { worst = failure }
        return RefreshError(
            code: worst.failure.code, message: worst.failure.hint, at: worst.lastSeenAt.wall(asOf: now))
    }

    /// What the role may read of the newest refresh.
    ///
    /// Where policy hides an item from the role, both are told anew from the items it sees: else `partial`, or an
    /// error that nothing on the board explains, would tell how the hidden one is.
    package static func visible(
        in snapshot: ProjectSnapshot, to role: Role, now: Moment
    ) -> (RefreshAttempt?, RefreshError?) {
        var attempt = snapshot.lastRefreshAttempt
        var error = snapshot.lastRefreshError
        let records = snapshot.items + snapshot.services
        let visible = records.filter { !snapshot.isHidden($0.key, from: role) }
        if visible.count < records.count {
            attempt?.outcome = outcome(of: visible)
            error = Self.error(of: visible, now: now)
        }
        if let found = error { error?.message = Redaction(for: role).hint(found.message, for: found.code) }
        return (attempt, error)
    }
}

extension FailureRecord {
    fileprivate var rank: Int { isThrottled ? 0 : failure.disposition == .keepsLast ? 1 : 2 }
}
