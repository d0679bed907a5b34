import StatusCore
import StatusModel

// Announcing: from a new snapshot to the board and the journal.
extension StatusEngine {
    /// Makes a snapshot the project's newest: on the board first, so that who sees the event finds the board as new.
    ///
    /// - Returns: The events that it became, in order.
    @discardableResult
    func adopt(_ snapshot: ProjectSnapshot, of id: ProjectID, at now: Moment) -> [EventID] {
        guard let project = projects[id] else { return [] }
        let old = project.snapshot
        var new = snapshot
        let changes = ProjectSnapshot.contentChanges(from: old, announcedAt: project.announcedAt, to: new, now: now)
        // Counted by role: a count of changes that a role cannot see would tell it of them.
        for role in Role.allCases where !changes[role.index].isEmpty { new.revisions[role, default: 0] += 1 }
        let milestones = Self.milestones(from: old, to: new)
        let changed = Set(changes.joined())
        new = new.told(of: changed, in: journal.nextID.advanced(by: milestones.count))
        projects[id]?.snapshot = new
        projects[id]?.announcedAt = now
        let progress = RefreshProgress(startedAt: project.lastRunStartedAt, isRunning: project.run != nil)
        project.entry.publish(new, progress: progress)
        let events = announce(milestones, on: project.entry, at: now)
        let update = announce(changes, on: project.entry, at: now)
        // Beside the event, so that the store never has the one without the other.
        keep { batch in
            batch.items = changed.filter { project.definition.links[$0] != nil }.compactMap {
                storedItem(ItemReference(project: id, key: $0))
            }
            // Or a daemon after this one would tell other things under the same revision.
            if new.revisions != old.revisions { batch.projects = storedProject(id).map { [$0] } ?? [] }
        }
        return events + [update].compactMap(\.self)
    }

    private func announce(_ changes: [[ItemKey]], on entry: BoardEntry, at now: Moment) -> EventID? {
        guard changes.contains(where: { !$0.isEmpty }) else { return nil }
        var views = entry.eventViews(at: now)
        return tell(EventKind.statusUpdate, of: entry.id, at: now) { role in
            let keys = changes[role.index]
            guard !keys.isEmpty else { return nil }
            return StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: EventKind.statusUpdate, changed: keys,
                view: views.view(for: role))
        }
    }

    /// The milestones that have advanced, and who sees each.
    private static func milestones(
        from old: ProjectSnapshot, to new: ProjectSnapshot
    ) -> [(milestone: Milestone, roles: Set<Role>)] {
        var milestones: [(milestone: Milestone, roles: Set<Role>)] = []
        // A role that sees fewer items sees some of the same milestones.
        for role in Role.allCases {
            for (_, milestone) in ProjectSnapshot.advancedMilestones(from: old, to: new, role: role) {
                if let index = milestones.firstIndex(where: { $0.milestone == milestone }) {
                    milestones[index].roles.insert(role)
                } else {
                    milestones.append((milestone, [role]))
                }
            }
        }
        return milestones
    }

    /// Tells of milestones, each to the roles that see it.
    func announce(
        _ milestones: [(milestone: Milestone, roles: Set<Role>)], on entry: BoardEntry, at now: Moment
    ) -> [EventID] {
        guard !milestones.isEmpty else { return [] }
        var views = entry.eventViews(at: now)
        return milestones.compactMap { milestone, roles in
            tell(milestone.kind, of: entry.id, at: now) { role in
                guard roles.contains(role) else { return nil }
                return StatusEvent(
                    id: EventID(epoch: 0, sequence: 0), at: milestone.at, kind: milestone.kind, changed: [],
                    view: views.view(for: role), message: milestone.message)
            }
        }
    }

    /// Tells of an event. It is saved with whatever else this step changes, and published then.
    ///
    /// - Returns: Its id until it is published; nil when no role may see anything of it.
    @discardableResult
    func tell(_ kind: String, of id: ProjectID, at now: Moment, _ event: (Role) -> StatusEvent?) -> EventID? {
        guard let place = journal.append(project: id, kind: kind, at: now, arena: arena, event) else { return nil }
        board.noteEpoch(place.epoch)
        changesKept += 1
        startSaving()
        startWaitingForStore()
        return place
    }
}

extension EventID {
    fileprivate func advanced(by count: Int) -> EventID { EventID(epoch: epoch, sequence: sequence + UInt64(count)) }
}
