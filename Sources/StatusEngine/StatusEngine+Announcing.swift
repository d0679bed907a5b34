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
        let changes = Role.allCases.map { role in
            ProjectSnapshot.contentChanges(
                from: old, announcedAt: project.announcedAt, to: new, role: role, now: now)
        }
        // Counted by role: a count of changes that a role cannot see would tell it of them.
        for role in Role.allCases where !changes[role.index].isEmpty { new.revisions[role, default: 0] += 1 }
        projects[id]?.snapshot = new
        projects[id]?.announcedAt = now
        let progress = RefreshProgress(startedAt: project.lastRunStartedAt, isRunning: project.run != nil)
        project.entry.publish(new, progress: progress)
        let advanced = Role.allCases.map { role in
            ProjectSnapshot.advancedMilestones(from: old, to: new, role: role).map(\.milestone)
        }
        let milestones = announce(advanced, on: project.entry, at: now)
        return milestones + [announce(changes, on: project.entry, at: now)].compactMap(\.self)
    }

    private func announce(_ changes: [[ItemKey]], on entry: BoardEntry, at now: Moment) -> EventID? {
        journal.append(project: entry.id, kind: EventKind.statusUpdate, at: now, arena: arena) { role in
            let keys = changes[role.index]
            guard !keys.isEmpty else { return nil }
            return StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: EventKind.statusUpdate, changed: keys,
                view: entry.envelope(for: role, at: now))
        }
    }

    /// Tells of milestones: those that each role sees, in the order of the roles.
    func announce(_ advanced: [[Milestone]], on entry: BoardEntry, at now: Moment) -> [EventID] {
        // A role that sees fewer items sees some of the same milestones.
        var known: Set<Milestone> = []
        return advanced.joined().filter { known.insert($0).inserted }.compactMap { milestone in
            journal.append(project: entry.id, kind: milestone.kind, at: now, arena: arena) { role in
                guard advanced[role.index].contains(milestone) else { return nil }
                return StatusEvent(
                    id: EventID(epoch: 0, sequence: 0), at: milestone.at, kind: milestone.kind, changed: [],
                    view: entry.envelope(for: role, at: now), message: milestone.message)
            }
        }
    }
}
