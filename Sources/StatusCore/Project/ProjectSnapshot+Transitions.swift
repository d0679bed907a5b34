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
    /// - Returns: The project after it.
    package func applied(
        reading: Reading, for key: ItemKey, at now: Moment, nextAttemptAt: Moment? = nil
    ) -> ProjectSnapshot {
        updating(key) { record in
            if let known = record.reading, known.observedAt.instant > reading.observedAt.instant { return }
            record.reading = reading
            record.failure = nil
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
    /// - Returns: The project after it.
    package func applied(
        failure: ProviderFailure, for key: ItemKey, at now: Moment, nextAttemptAt: Moment? = nil,
        isSuspended: Bool = false
    ) -> ProjectSnapshot {
        updating(key) { record in
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

    /// A refresh of these items has ended. Its outcome is theirs; the last error is the worst of all the project's items
    /// whose newest reading failed, so the success of one does not hide the failure of another.
    package func refreshFinished(_ keys: some Sequence<ItemKey>, startedAt: Moment, at now: Moment) -> ProjectSnapshot {
        let keys = Set(keys)
        let touched = (items + services).filter { keys.contains($0.key) }
        var next = self
        next.lastRefreshAttempt = RefreshAttempt(
            at: now.wall, outcome: RefreshReport.outcome(of: touched), duration: now.age(since: startedAt))
        next.lastRefreshError = RefreshReport.error(of: items + services, now: now)
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

    /// A run was reported; the newest of each kind is kept.
    package func applied(run: RunRecord, touching keys: some Sequence<ItemKey>) -> ProjectSnapshot {
        var next = self
        guard !lastRuns.contains(where: { $0.kind == run.kind && $0.at > run.at }) else { return self }
        next.lastRuns.removeAll { $0.kind == run.kind }
        next.lastRuns.append(run)
        return keys.reduce(next) { snapshot, key in
            snapshot.updating(key) { $0.lastRunAt = max($0.lastRunAt ?? run.at, run.at) }
        }
    }

    /// Puts back what a store kept; items that are no longer linked are passed over.
    ///
    /// Nothing is younger for a restart, and nothing is due sooner: a reading keeps its age and its time to live, and
    /// where a provider has named an instant, that still stands (SPEC §4). A read that was under way counts as an
    /// attempt that failed unseen.
    package func restored(
        from stored: some Sequence<StoredItem>, at now: Moment, policy: RefreshPolicy = RefreshPolicy()
    ) -> ProjectSnapshot {
        stored.reduce(self) { snapshot, item in
            guard item.project == projectID else { return snapshot }
            return snapshot.updating(item.record.key) { record in
                let link = record.link
                record = item.record
                record.link = link
                record.dueAt = record.dueAt ?? now
                if let started = record.attemptStartedAt { record.countUnseenAttempt(from: started, policy: policy) }
                // No date that the daemon itself would have noted lies further ahead.
                let latest = now.advanced(by: policy.retryAfterMax)
                record.nextAttemptAt = record.nextAttemptAt.map { $0.instant > latest.instant ? latest : $0 }
                record.blockedUntil = record.blockedUntil.map { $0.instant > latest.instant ? latest : $0 }
            }
        }
    }

    /// The project under another definition. An item that still links the same target keeps what is known of it, and
    /// is due at once if its credential changed; all others begin anew (SPEC §4).
    package func redefined(
        from old: ProjectDefinition, to new: ProjectDefinition, at now: Moment
    ) -> ProjectSnapshot {
        var next = ProjectSnapshot(definition: new)
        next.lastRefreshAttempt = lastRefreshAttempt
        next.lastRuns = lastRuns
        next.revisions = revisions
        for (key, link) in new.links {
            guard let known = record(of: key), let before = old.links[key], before.target == link.target else {
                continue
            }
            next.replace(key) { record in
                let state = record.link
                record = known
                record.link = state
            }
            if before != link { next = next.invalidated([key], at: now) }
        }
        next.lastRefreshError = RefreshReport.error(of: next.items + next.services, now: now)
        return next
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

    private func updating(_ key: ItemKey, _ change: (inout ItemRecord) -> Void) -> ProjectSnapshot {
        guard record(of: key)?.link == .linked else { return self }
        var next = self
        next.replace(key, change)
        return next
    }

    private mutating func replace(_ key: ItemKey, _ change: (inout ItemRecord) -> Void) {
        if let index = items.firstIndex(where: { $0.key == key }) {
            change(&items[index])
        } else if let index = services.firstIndex(where: { $0.key == key }) {
            change(&services[index])
        }
    }
}

extension ItemRecord {
    /// Plans the item as if the attempt had failed when it began: after one time to live, or soon where nothing is known
    /// at all and a reader waits.
    fileprivate mutating func countUnseenAttempt(from started: Moment, policy: RefreshPolicy) {
        attemptStartedAt = nil
        let interval = reading == nil ? policy.unseenAttemptInterval : policy.timeToLive(of: key)
        let next = started.advanced(by: interval)
        nextAttemptAt = nextAttemptAt.map { $0.instant > next.instant ? $0 : next } ?? next
    }
}
