import StatusCore
import StatusModel

// From the projects that the store knows to those that are configured. What was changed while no daemon ran is told as a
// reload tells it, for a watch goes on over restarts (SPEC §6).
extension StatusEngine {
    /// Publishes the projects with what the store kept of them.
    func restore(_ definitions: [ProjectDefinition], from content: StoreContent, at now: Moment) {
        let histories = ProjectHistory.grouped(content)
        for definition in definitions {
            let history = histories[definition.id]
            if let history, !history.isRemoved {
                goOn(with: definition, history, at: now)
            } else {
                let isNews = history != nil || content.holdsEveryProject
                welcome(definition, history ?? ProjectHistory(), isNews: isNews, at: now)
            }
        }
        forget(histories, at: now)
    }

    /// A project that the daemon before this one had too.
    private func goOn(with definition: ProjectDefinition, _ history: ProjectHistory, at now: Moment) {
        let known = history.definition(before: definition)
        let before = ProjectSnapshot(known: known, restoring: history, at: now, policy: configuration.refresh)
        let after = before.redefined(from: known, to: definition, at: now)
        let isChanged = known != definition
        add(definition, isChanged ? before : after, announcedAt: history.project?.announcedAt ?? now)
        recall(history, of: after)
        if isChanged {
            adopt(after, of: definition.id, at: now)
            announceLinks(from: known, to: definition, at: now)
        }
        keepLinks(of: definition, known: known)
        if history.project?.hidden == nil { keepProject(definition.id) }
    }

    /// A project that it did not have, or that it had told to be gone: of that one what was kept is known again.
    private func welcome(_ definition: ProjectDefinition, _ history: ProjectHistory, isNews: Bool, at now: Moment) {
        var snapshot = ProjectSnapshot(
            definition: definition, restoring: history, at: now, policy: configuration.refresh)
        if history.isRemoved { for role in Role.allCases { snapshot.revisions[role, default: 0] += 1 } }
        if isNews { snapshot = snapshot.told(of: definition.links.keys, in: journal.nextID) }
        add(definition, snapshot, announcedAt: now)
        recall(history, of: snapshot)
        if isNews { announceArrival(of: definition, at: now) }
        // What a store holds that could not be read yet is not to be written over.
        guard isLoaded else { return }
        keepLinks(of: definition, known: history.definition(before: definition))
        keepProject(definition.id)
    }

    /// Who asked for a project, and with what it was refused.
    private func recall(_ history: ProjectHistory, of snapshot: ProjectSnapshot) {
        if let askedAt = history.project?.askedAt {
            projects[snapshot.projectID]?.entry.noteAsked(at: self.askedAt(askedAt.instant))
        }
        for item in history.items where snapshot.record(of: item.record.key)?.failure?.failure.isRefusal ?? false {
            keepVigil(over: item.reference, item.refusedWith)
        }
    }

    /// Tells of projects that are configured no more, and has the store forget those that nobody has asked for in long: one
    /// that was left out by mistake is known again when it comes back.
    private func forget(_ histories: [ProjectID: ProjectHistory], at now: Moment) {
        var batch = StoreBatch()
        for (id, history) in histories where projects[id] == nil {
            if !history.isRemoved { announceRemoval(of: id, at: now) }
            if let project = history.project, let askedAt = project.askedAt,
                now.age(since: askedAt) <= configuration.refresh.forgottenAfter
            {
                // Told once.
                if !project.isRemoved { batch.projects.append(project.removed) }
            } else {
                batch.removedProjects.append(id)
            }
        }
        keep { $0 = batch }
    }

    /// Whether nothing that a store knows is configured otherwise now.
    func isUnchanged(_ definitions: [ProjectDefinition], since histories: [ProjectID: ProjectHistory]) -> Bool {
        definitions.allSatisfy { definition in
            guard let history = histories[definition.id] else { return true }
            return !history.isRemoved && history.definition(before: definition) == definition
        } && histories.allSatisfy { projects[$0.key] != nil || $0.value.isRemoved }
    }

    /// Has the store know what is linked now, and what is hidden, and forget what it knows of another target.
    func keepLinks(of definition: ProjectDefinition, known: ProjectDefinition) {
        keep { batch in
            batch.removedItems = known.links.values.filter { definition.links[$0.key]?.target != $0.target }.map {
                ItemReference(project: definition.id, key: $0.key)
            }
            batch.links = definition.links.values.filter { known.links[$0.key] != $0 }.map {
                StoredLink(project: definition.id, link: $0)
            }
            // Due at once under another credential: a restart must not bring back what stood under the old one.
            batch.items = batch.links.compactMap { stored in
                guard known.links[stored.link.key]?.target == stored.link.target else { return nil }
                return storedItem(stored.reference)
            }
        }
        if known.hidden != definition.hidden { keepProject(definition.id) }
    }

    func keepProject(_ id: ProjectID) { keep { $0.projects = storedProject(id).map { [$0] } ?? [] } }
}

extension ProjectHistory {
    /// Whether it was told that the project is gone.
    fileprivate var isRemoved: Bool { project?.isRemoved ?? false }
}

extension StoredProject {
    fileprivate var removed: Self {
        var project = self
        project.isRemoved = true
        return project
    }
}
