package import StatusModel

/// What a store kept of one project.
package struct ProjectHistory: Hashable, Sendable {
    package var project: StoredProject?
    package var links: [StoredLink] = []
    package var items: [StoredItem] = []
    /// The newest of each kind.
    package var runs: [StoredRun] = []

    package init() {}

    /// The histories that a store gives, by project.
    package static func grouped(_ content: StoreContent) -> [ProjectID: Self] {
        var histories: [ProjectID: Self] = [:]
        for project in content.projects { histories[project.id, default: Self()].project = project }
        for link in content.links { histories[link.project, default: Self()].links.append(link) }
        for item in content.items { histories[item.project, default: Self()].items.append(item) }
        for run in content.runs { histories[run.project, default: Self()].runs.append(run) }
        return histories
    }

    /// The project as it was configured when this was kept. What is not kept of that counts as it is configured now.
    package func definition(before now: ProjectDefinition) -> ProjectDefinition {
        ProjectDefinition(
            id: now.id,
            links: Dictionary(links.map { ($0.link.key, $0.link) }, uniquingKeysWith: { first, _ in first }),
            hidden: project?.hidden ?? now.hidden, webhookSecrets: now.webhookSecrets)
    }
}

/// How what is known of a project outlives the daemon, and a change of its configuration (SPEC §4, §5).
extension ProjectSnapshot {
    /// A project with what a store kept of it, under the definition of today: what was read of another target is not
    /// known of this one.
    package init(
        definition: ProjectDefinition, restoring history: ProjectHistory, at now: Moment,
        policy: RefreshPolicy = RefreshPolicy()
    ) {
        let known = history.definition(before: definition)
        self = Self(known: known, restoring: history, at: now, policy: policy)
            .redefined(from: known, to: definition, at: now)
    }

    /// A project with what a store kept of it, under the definition of then: what ``ProjectHistory/definition(before:)``
    /// gives.
    package init(
        known: ProjectDefinition, restoring history: ProjectHistory, at now: Moment,
        policy: RefreshPolicy = RefreshPolicy()
    ) {
        var kept = Self(definition: known)
        if let project = history.project {
            kept.lastRefreshAttempt = project.lastRefreshAttempt
            kept.lastRefreshError = project.lastRefreshError
            kept.refreshID = project.refreshID
            kept.revisions = project.revisions
        }
        self = kept.restoring(runs: history.runs).restored(from: history.items, at: now, policy: policy)
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
                if let started = record.attemptStartedAt {
                    record.countUnseenAttempt(from: started, policy: policy)
                    // It may have been answered, and shown, before it could be kept.
                    record.isToBeToldAnew = true
                }
                // No date that the daemon itself would have noted lies further ahead.
                let latest = now.advanced(by: policy.retryAfterMax)
                record.nextAttemptAt = record.nextAttemptAt.map { $0.instant > latest.instant ? latest : $0 }
                record.blockedUntil = record.blockedUntil.map { $0.instant > latest.instant ? latest : $0 }
                record.boundPlans(at: now, policy: policy)
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
        next.refreshID = refreshID
        // A run of an item that is gone is gone with it: whom policy hid it from could be told no more.
        next.lastRuns = lastRuns.filter { (runItems[$0.kind] ?? []).allSatisfy { next.record(of: $0) != nil } }
        let kinds = Set(next.lastRuns.map(\.kind))
        next.runItems = runItems.filter { kinds.contains($0.key) }
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
}

extension ItemRecord {
    /// Plans the item as if the attempt had failed when it began: after one time to live, or soon where nothing is known
    /// at all and a reader waits. The mark stays until another attempt has ended, for readers who insist.
    fileprivate mutating func countUnseenAttempt(from started: Moment, policy: RefreshPolicy) {
        let interval = reading == nil ? policy.unseenAttemptInterval : policy.timeToLive(of: key)
        let next = started.advanced(by: interval)
        nextAttemptAt = nextAttemptAt.map { $0.instant > next.instant ? $0 : next } ?? next
    }

    /// After a start of the host its wall clock may be behind, and what was due soon would lie hours ahead; or the times to
    /// live are shorter now. Nothing but a
    /// provider's own date, or the renewal of a limit that is nearly spent, lies further ahead than the daemon plans by itself.
    fileprivate mutating func boundPlans(at now: Moment, policy: RefreshPolicy) {
        guard blockedUntil == nil else { return }
        let ordinary = policy.timeToLive(of: key) * 2
        var latest = now.advanced(by: failure == nil ? ordinary : max(policy.refusedInterval, ordinary))
        if let budget = reading?.budget, Double(budget.remaining) < Double(budget.limit) * policy.budgetReserve {
            let renewal = now.advanced(by: policy.delay(until: budget.resetsAt, at: now))
            if renewal.instant > latest.instant { latest = renewal }
        }
        let sooner = reading.map { $0.observedAt.advanced(by: policy.timeToLive(of: key)) } ?? now
        dueAt = dueAt.map { $0.instant > latest.instant ? sooner : $0 }
        nextAttemptAt = nextAttemptAt.map { $0.instant > latest.instant ? sooner : $0 }
    }
}
