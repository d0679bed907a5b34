package import StatusCore
import StatusModel

// The start: from what the store kept to a board that answers.
extension StatusEngine {
    /// Publishes the projects with what the store kept of them; from then on the board answers. No provider is asked.
    ///
    /// - Returns: The breakers as they stood, for those who guard the providers' hosts.
    @discardableResult
    package func open(_ definitions: [ProjectDefinition]) async -> [StoredBreaker] {
        var content = StoreContent()
        do throws(StoreError) { content = try await store.load() } catch {
            noteStore(error)
            // One that was damaged has been begun anew by now, with what could be read of it.
            if error.code == .corrupt, let saved = try? await store.load() { content = saved }
        }
        let histories = ProjectHistory.grouped(content)
        let now = time.now
        limits.restore(content.limits, at: now, policy: configuration.refresh)
        reader.retries.restore(content.budgets, at: now.instant)
        for definition in definitions {
            restore(definition, histories[definition.id] ?? ProjectHistory(), at: now)
        }
        return content.breakers
    }

    private func restore(_ definition: ProjectDefinition, _ history: ProjectHistory, at now: Moment) {
        let snapshot = ProjectSnapshot(
            definition: definition, restoring: history, at: now, policy: configuration.refresh)
        add(definition, snapshot, at: now)
        if let askedAt = history.project?.askedAt {
            projects[definition.id]?.entry.noteAsked(at: self.askedAt(askedAt.instant))
        }
        for item in history.items where snapshot.record(of: item.record.key)?.failure?.failure.isRefusal ?? false {
            keepVigil(over: item.reference, item.refusedWith)
        }
        keepLinks(of: definition, known: history.definition(of: definition.id))
    }

    /// Makes a project one of ours.
    func add(_ definition: ProjectDefinition, _ snapshot: ProjectSnapshot, at now: Moment) {
        for link in definition.links.values where link.isEnabled { limits.add(link) }
        projects[definition.id] = Project(
            definition: definition, snapshot: snapshot, entry: board.add(snapshot), announcedAt: now)
    }

    /// Has the store know what is linked now, and forget what it knows of another target.
    func keepLinks(of definition: ProjectDefinition, known: ProjectDefinition) {
        keep { batch in
            batch.removedItems = known.links.values.filter { definition.links[$0.key]?.target != $0.target }.map {
                ItemReference(project: definition.id, key: $0.key)
            }
            batch.links = definition.links.values.filter { known.links[$0.key] != $0 }.map {
                StoredLink(project: definition.id, link: $0)
            }
        }
    }

    /// Plans what was asked for before the daemon started. Nobody waits for it, so a crowd is spread.
    func planRestored() {
        planAll(of: projects.keys.filter { projects[$0]?.entry.lastAskedAt != 0 })
    }
}
