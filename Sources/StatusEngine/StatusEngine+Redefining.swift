package import StatusCore
import StatusModel

/// What a change of the configuration came to.
package struct RedefinitionReport: Hashable, Sendable {
    package var added: Int
    package var changed: Int
    package var removed: Int

    package init(added: Int = 0, changed: Int = 0, removed: Int = 0) {
        self.added = added
        self.changed = changed
        self.removed = removed
    }
}

// Another configuration, while readers and watchers go on (SPEC §4: invalidate on link change; §9: reload).
extension StatusEngine {
    /// Takes other projects in place of those so far: new ones begin, those that are gone go, and of the others an item
    /// that links the same as before keeps what is known of it.
    package func redefine(_ definitions: [ProjectDefinition]) -> RedefinitionReport {
        var report = RedefinitionReport()
        let now = time.now
        let definitions = withLinkChanges(definitions)
        let named = Set(definitions.map(\.id))
        for id in projects.keys.filter({ !named.contains($0) }) {
            remove(id, at: now)
            report.removed += 1
        }
        for definition in definitions {
            guard let project = projects[definition.id] else {
                begin(definition, at: now)
                report.added += 1
                continue
            }
            guard project.definition != definition else { continue }
            change(project, to: definition, at: now)
            report.changed += 1
        }
        return report
    }

    private func begin(_ definition: ProjectDefinition, at now: Moment) {
        let id = definition.id
        add(
            definition, ProjectSnapshot(definition: definition).told(of: definition.links.keys, in: journal.nextID),
            announcedAt: now)
        // What an earlier project of that name left in the store is none of this one's.
        keep { $0.removedProjects = [id] }
        keepLinks(of: definition, known: ProjectDefinition(id: id, links: [:]))
        keepProject(id)
        announceArrival(of: definition, at: now)
        planAll(of: [id])
    }

    func announceArrival(of definition: ProjectDefinition, at now: Moment) {
        let id = definition.id
        guard var views = projects[id]?.entry.eventViews(at: now) else { return }
        tell(EventKind.projectAdded, of: id, at: now) { role in
            StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: EventKind.projectAdded,
                changed: definition.links.keys.filter { !definition.hides($0, from: role) }.sorted(),
                view: views.view(for: role))
        }
    }

    /// Takes another definition of a project in place of the one so far.
    func change(_ project: Project, to definition: ProjectDefinition, at now: Moment) {
        let id = definition.id
        let old = project.definition
        for link in old.links.values where link.isEnabled { limits.remove(link) }
        for link in definition.links.values where link.isEnabled { limits.add(link) }
        webhookIndex.remove(old)
        webhookIndex.add(definition)
        let snapshot = project.snapshot.redefined(from: old, to: definition, at: now)
        let isOvertaken = { (key: ItemKey) in old.links[key] != definition.links[key] }
        for key in old.links.keys.filter(isOvertaken) { abandon(ItemReference(project: id, key: key)) }
        projects[id]?.definition = definition
        conclude(snapshot, of: id, at: now)
        announceLinks(from: old, to: definition, at: now)
        keepLinks(of: definition, known: old)
        switch demand(of: project, at: now.instant) {
        case .watched, .recentlyRead: ask(id, .due)
        case .idle, .forgotten: planAll(of: [id])
        }
    }

    /// A link that came, went or changed is an event beside what becomes of its item's status.
    func announceLinks(from old: ProjectDefinition, to new: ProjectDefinition, at now: Moment) {
        guard var views = projects[new.id]?.entry.eventViews(at: now) else { return }
        for change in old.linkChanges(to: new) {
            tell(change.kind, of: new.id, at: now) { role in
                guard !new.hides(change.key, from: role), !old.hides(change.key, from: role) else { return nil }
                return StatusEvent(
                    id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: change.kind, changed: [change.key],
                    view: views.view(for: role), message: change.message)
            }
        }
    }

    private func remove(_ id: ProjectID, at now: Moment) {
        guard let project = projects[id] else { return }
        for key in project.definition.links.keys { abandon(ItemReference(project: id, key: key)) }
        for link in project.definition.links.values where link.isEnabled { limits.remove(link) }
        webhookIndex.remove(project.definition)
        resumeWaiters(of: id, hasEnded: false)
        projects[id] = nil
        planner.remove(id)
        board.remove(id)
        announceRemoval(of: id, at: now)
        keep { $0.removedProjects = [id] }
    }

    func announceRemoval(of id: ProjectID, at now: Moment) {
        tell(EventKind.projectRemoved, of: id, at: now) { _ in
            StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, projectID: id, kind: EventKind.projectRemoved)
        }
    }

    /// What is being read of it says nothing of what is linked now.
    private func abandon(_ item: ItemReference) {
        planner.remove(item)
        queue.remove(item)
        if let reading = readings[item] {
            reading.cancel()
            abandoned.insert(item)
        }
        projects[item.project]?.overtaken.remove(item.key)
        projects[item.project]?.run?.pending.remove(item.key)
    }
}
