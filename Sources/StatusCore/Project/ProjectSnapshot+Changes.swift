package import StatusModel

/// What is news to a role between two snapshots of a project (SPEC §6).
extension ProjectSnapshot {
    /// The items that say something else to each role, in order; one that came or went is among them, unless it is, or was,
    /// hidden from the role.
    ///
    /// What is transient is no change, and neither is what the role cannot see. An item that was being read when the daemon was
    /// killed counts as changed by its first reading, for nobody knows what was shown of it.
    ///
    /// - Parameters:
    ///   - old: The snapshot that was announced last.
    ///   - announcedAt: When it was announced; a status that has turned since by the mere passing of time is then a
    ///     change as well. Without it both are compared at `now`.
    ///   - new: The snapshot to announce.
    ///   - now: The moment of comparing.
    /// - Returns: The items' keys by role, in the order of `Role.allCases`; empty where there is no news.
    package static func contentChanges(
        from old: ProjectSnapshot, announcedAt: Moment? = nil, to new: ProjectSnapshot, now: Moment
    ) -> [[ItemKey]] {
        let announcedAt = announcedAt ?? now
        let gone = old.records.map(\.key).filter { new.record(of: $0) == nil }
        // To render an item is dear, and most of the time nothing has happened to it.
        let doubtful = new.records.filter { record in
            guard let known = old.record(of: record.key) else { return true }
            return new.hidden[record.key] != old.hidden[record.key]
                || known.isToBeToldAnew && !record.isToBeToldAnew
                || !record.saysTheSame(at: now, as: known, at: announcedAt)
        }
        guard !doubtful.isEmpty || !gone.isEmpty else { return Role.allCases.map { _ in [] } }
        return Role.allCases.map { role in
            let changed = doubtful.filter { record in
                guard let known = old.record(of: record.key) else { return !new.isHidden(record.key, from: role) }
                if new.isHidden(record.key, from: role), old.isHidden(record.key, from: role) { return false }
                if known.isToBeToldAnew, !record.isToBeToldAnew { return true }
                let before = CanonicalForm.content(of: old.view(of: known, role: role, now: announcedAt))
                let after = CanonicalForm.content(of: new.view(of: record, role: role, now: now))
                return before != after
            }
            return (changed.map(\.key) + gone.filter { !old.isHidden($0, from: role) }).sorted()
        }
    }

    /// The milestones that have advanced, of items that the role can see: events of their own, such as `github:push`.
    ///
    /// The first reading of an item is no event: nothing is known to have happened while nobody looked.
    package static func advancedMilestones(
        from old: ProjectSnapshot, to new: ProjectSnapshot, role: Role
    ) -> [(key: ItemKey, milestone: Milestone)] {
        (new.items + new.services).flatMap { record -> [(key: ItemKey, milestone: Milestone)] in
            guard record.link == .linked, !new.isHidden(record.key, from: role),
                let known = old.record(of: record.key)?.reading, let reading = record.reading
            else { return [] }
            return reading.milestones.filter { milestone in
                known.milestones.allSatisfy { milestone.isNews(after: $0) }
            }.map { (record.key, $0) }
        }
    }

    /// The snapshot, with a note on these items that an event tells of them.
    package func told(of keys: some Sequence<ItemKey>, in event: EventID) -> ProjectSnapshot {
        var next = self
        for key in keys { next.replace(key) { $0.toldIn = event } }
        return next
    }

    /// The items that the role sees and that an event after this place has told of.
    package func itemsTold(after place: EventID, to role: Role) -> [ItemKey] {
        // What an item was told for is not kept for each role. Who reads less than others is told of each item, and learns
        // nothing of what was hidden.
        guard !Redaction(for: role).isRestricted else { return itemsVisible(to: role) }
        return records.filter {
            $0.toldIn.epoch == place.epoch && $0.toldIn.sequence > place.sequence && !isHidden($0.key, from: role)
        }.map(\.key)
    }

    /// The items that the role sees.
    package func itemsVisible(to role: Role) -> [ItemKey] { records.map(\.key).filter { !isHidden($0, from: role) } }

    private var records: [ItemRecord] { items + services }
}

extension ItemRecord {
    /// Whether the record says the same at one moment as another of the same item did at another, to every role that sees
    /// it: a sufficient condition, by comparing what ``CanonicalForm`` makes the content of. `false` says nothing.
    fileprivate func saysTheSame(at now: Moment, as other: Self, at before: Moment) -> Bool {
        link == other.link && lastRunAt == other.lastRunAt
            && Self.areSame(reading, at: now, other.reading, at: before)
            && Self.areSame(failure, at: now, other.failure, at: before)
    }

    private static func areSame(_ new: Reading?, at now: Moment, _ old: Reading?, at before: Moment) -> Bool {
        guard let new, let old else { return new == nil && old == nil }
        return new.status.isSame(at: now, as: old.status, at: before) && new.label == old.label
            && new.problem == old.problem && new.summary.lastsAs(old.summary)
            && new.environments.elementsEqual(old.environments) { new, old in
                new.name == old.name && new.url == old.url && new.lastDeployAt == old.lastDeployAt
                    && new.summary.lastsAs(old.summary) && new.status.isSame(at: now, as: old.status, at: before)
            }
    }

    private static func areSame(_ new: FailureRecord?, at now: Moment, _ old: FailureRecord?, at before: Moment) -> Bool
    {
        guard let new, let old else { return new == nil && old == nil }
        return new.failure.code == old.failure.code && new.failure.cause == old.failure.cause
            && new.failure.hint == old.failure.hint && new.failure.disposition == old.failure.disposition
            && new.isWarning(at: now) == old.isWarning(at: before)
    }
}

extension FailureRecord {
    /// Whether it is throttling that is no longer transparent.
    fileprivate func isWarning(at now: Moment) -> Bool {
        isThrottled && firstSeenAt.instant.advanced(by: ViewPolicy().throttlingTransparentFor) <= now.instant
    }
}

extension StatusTimeline {
    fileprivate func isSame(at now: Moment, as other: Self, at before: Moment) -> Bool {
        status(at: now.wall) == other.status(at: before.wall)
    }
}

extension Summary {
    /// Whether it is made of the same facts as another, but for figures that tremble.
    fileprivate func lastsAs(_ other: Self) -> Bool {
        parts.elementsEqual(other.parts) { new, old in
            if case .measured = new, case .measured = old { true } else { new == old }
        }
    }
}
