package import StatusModel

/// What is news to a role between two snapshots of a project (SPEC §6).
extension ProjectSnapshot {
    /// The items that say something else to the role, in order; one that came or went is among them.
    ///
    /// What is transient is no change, and neither is what the role cannot see.
    ///
    /// - Parameters:
    ///   - old: The snapshot that was announced last.
    ///   - announcedAt: When it was announced; a status that has turned since by the mere passing of time is then a
    ///     change as well. Without it both are compared at `now`.
    ///   - new: The snapshot to announce.
    ///   - role: To whom.
    ///   - now: The moment of comparing.
    /// - Returns: The items' keys; empty when there is no news.
    package static func contentChanges(
        from old: ProjectSnapshot, announcedAt: Moment? = nil, to new: ProjectSnapshot, role: Role, now: Moment
    ) -> [ItemKey] {
        let before = old.contents(for: role, at: announcedAt ?? now)
        let after = new.contents(for: role, at: now)
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
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
                known.milestones.allSatisfy { $0.kind != milestone.kind || $0.at < milestone.at }
            }.map { (record.key, $0) }
        }
    }

    private func contents(for role: Role, at now: Moment) -> [ItemKey: [UInt8]] {
        var contents: [ItemKey: [UInt8]] = [:]
        for record in items + services {
            contents[record.key] = CanonicalForm.content(of: view(of: record, role: role, now: now))
        }
        return contents
    }
}
