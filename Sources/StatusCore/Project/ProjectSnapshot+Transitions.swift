package import StatusModel

/// What happens to a project, as functions from one snapshot to the next.
///
/// A result that comes too late, for an item that is no longer linked, changes nothing. None of them touches
/// `revisions`: whoever announces a change counts it, for the roles that see it.
extension ProjectSnapshot {
    /// The item answered: the reading is the newest known, and the failure is over.
    ///
    /// - Parameters:
    ///   - reading: What was read. One older than what is known, from a call overtaken by another, changes nothing.
    ///   - key: The item.
    ///   - now: When it arrived.
    ///   - nextAttemptAt: When its time to live ends.
    ///   - refreshID: The refresh that brought it.
    /// - Returns: The project after it.
    package func applied(
        reading: Reading, for key: ItemKey, at now: Moment, nextAttemptAt: Moment? = nil,
        refreshID: RefreshID? = nil
    ) -> ProjectSnapshot {
        updating(key) { record in
            record.attemptStartedAt = nil
            if let known = record.reading, known.observedAt.instant > reading.observedAt.instant { return }
            record.reading = reading.following(record.reading, at: now)
            record.refreshID = refreshID ?? record.refreshID
            record.failure = nil
            if record.isToBeToldAnew { record.isToBeToldAnew = false }
            record.blockedUntil = reading.notBefore == nil ? nil : nextAttemptAt
            record.isSuspended = false
            record.dueAt = nextAttemptAt
            record.nextAttemptAt = nextAttemptAt
        }
    }

    /// The item did not answer: the last good reading stays beside the failure (SPEC §4).
    ///
    /// A failure of the same cause goes on: it keeps the time when it was first seen and counts one more attempt. One
    /// of another cause is another problem and begins anew, so that throttling after an outage has its two minutes.
    ///
    /// A refusal stands until a success takes it back: silence and throttling that follow say nothing of it, and an outage
    /// must not turn a dead credential green. Where a breaker held the request back nobody was asked, so what is known of
    /// the trouble stands, uncounted.
    ///
    /// - Parameters:
    ///   - failure: What came instead of a reading.
    ///   - key: The item.
    ///   - now: When it was met.
    ///   - nextAttemptAt: When it is tried next.
    ///   - isSuspended: Whether it is not tried by itself at all until its secret changes.
    ///   - refreshID: The refresh that met it.
    /// - Returns: The project after it.
    package func applied(
        failure: ProviderFailure, for key: ItemKey, at now: Moment, nextAttemptAt: Moment? = nil,
        isSuspended: Bool = false, refreshID: RefreshID? = nil
    ) -> ProjectSnapshot {
        updating(key) { record in
            record.attemptStartedAt = nil
            record.refreshID = refreshID ?? record.refreshID
            record.dueAt = record.dueAt.map { $0.instant < now.instant ? $0 : now } ?? now
            // What does not lift the refusal does not lift the suspension either.
            record.isSuspended = isSuspended || record.isSuspended && !failure.isRefusal
            record.nextAttemptAt = record.isSuspended ? nil : nextAttemptAt
            record.blockedUntil = failure.isThrottled || failure.retryAfter != nil ? nextAttemptAt : nil
            if failure.heldUntil != nil, record.failure != nil { return }
            let standing = record.failure.flatMap { $0.failure.isRefusal && !failure.isRefusal ? $0 : nil }
            let known = standing ?? record.failure.flatMap { $0.failure.cause == failure.cause ? $0 : nil }
            let attempts = (known?.attempts ?? 0).addingReportingOverflow(1)
            record.failure = FailureRecord(
                failure: standing?.failure ?? failure, firstSeenAt: known?.firstSeenAt ?? now,
                lastSeenAt: standing?.lastSeenAt ?? now,
                attempts: attempts.overflow ? .max : attempts.partialValue)
        }
    }

    /// A read of the item was sent, or, with nil, will not come back.
    package func attempting(_ key: ItemKey, since now: Moment?) -> ProjectSnapshot {
        updating(key) { $0.attemptStartedAt = now }
    }

    /// A refresh of these items has ended. Its outcome is theirs; the last error is the worst of all the project's items
    /// whose newest reading failed, so the success of one does not hide the failure of another.
    package func refreshFinished(
        _ keys: some Sequence<ItemKey>, id: RefreshID? = nil, startedAt: Moment, at now: Moment
    ) -> ProjectSnapshot {
        let keys = Set(keys)
        let touched = (items + services).filter { keys.contains($0.key) }
        var next = self
        next.lastRefreshAttempt = RefreshAttempt(
            at: now.wall, outcome: RefreshReport.outcome(of: touched), duration: now.age(since: startedAt))
        next.lastRefreshError = RefreshReport.error(of: items + services, now: now)
        next.refreshID = id ?? refreshID
        return next
    }

    /// Makes items due at once. Where the provider throttles us, its time still stands (SPEC §4).
    ///
    /// - Parameters:
    ///   - keys: The items.
    ///   - now: From when on what is known of them counts as out of date.
    ///   - nextAttemptAt: The earliest moment to read them; nil for `now`.
    /// - Returns: The project after it.
    package func invalidated(
        _ keys: some Sequence<ItemKey>, at now: Moment, nextAttemptAt: Moment? = nil
    ) -> ProjectSnapshot {
        keys.reduce(self) { snapshot, key in
            snapshot.updating(key) { record in
                record.dueAt = record.dueAt.map { $0.instant < now.instant ? $0 : now } ?? now
                record.isSuspended = false
                record.nextAttemptAt = record.blockedUntil ?? nextAttemptAt ?? now
            }
        }
    }

    /// The item's secret was changed: a refusal no longer keeps it from being read, and it is due at once. A limit
    /// still does, for providers count the requests of all secrets that one person has.
    package func secretChanged(for key: ItemKey, at now: Moment) -> ProjectSnapshot {
        updating(key) { record in
            if let failure = record.failure?.failure, failure.isRefusal, failure.retryAfter != nil {
                record.blockedUntil = nil
            }
        }.invalidated([key], at: now)
    }

    /// What is known of one item; nil when the project has no such service.
    package func record(of key: ItemKey) -> ItemRecord? {
        items.first { $0.key == key } ?? services.first { $0.key == key }
    }

    func updating(_ key: ItemKey, _ change: (inout ItemRecord) -> Void) -> ProjectSnapshot {
        guard record(of: key)?.link == .linked else { return self }
        var next = self
        next.replace(key, change)
        return next
    }

    mutating func replace(_ key: ItemKey, _ change: (inout ItemRecord) -> Void) {
        if let index = items.firstIndex(where: { $0.key == key }) {
            change(&items[index])
        } else if let index = services.firstIndex(where: { $0.key == key }) {
            change(&services[index])
        }
    }
}
