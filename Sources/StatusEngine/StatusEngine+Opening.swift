import Resilience
package import StatusCore
import StatusModel

// The start: from what the store kept to a board that answers.
extension StatusEngine {
    /// Publishes the projects with what the store kept of them; from then on the board answers. No provider is asked.
    package func open(_ definitions: [ProjectDefinition]) async {
        var content = StoreContent()
        do throws(StoreError) {
            content = try await load()
            await restoreJournal(content.journal)
        } catch {
            noteStore(error)
            isLoaded = false
            journal.storeMissing()
        }
        board.noteEpoch(journal.newestID.epoch)
        seenGeneration = store.state.generation
        let now = time.now
        takeIn(content, at: now)
        restore(withLinkChanges(definitions), from: content, at: now)
        // Whoever begins to watch is given a place of this epoch, even when nothing has happened in it.
        startSaving()
    }

    /// Goes on in the epoch of the daemon before this one, with its newest events in memory.
    private func restoreJournal(_ stored: StoredJournal?) async {
        guard let stored else { return }
        var newest: [StoredEvent] = []
        var place = stored.newest
        place.sequence -= min(place.sequence, UInt64(EventJournal.restoredMax))
        // What cannot be read now is asked for again when somebody wants it.
        while let page = try? await store.events(after: place, limit: EventArchive.pageMax), let last = page.last {
            newest = Array(newest.suffix(EventJournal.restoredMax - page.count)) + page
            place = last.id
        }
        var byteCount = 0
        let kept = newest.reversed().prefix { event in
            byteCount += event.byteCount
            return byteCount <= EventJournal.restoredBytesMax
        }
        journal.restore(stored, newest: kept.reversed())
    }

    /// What the store holds. One that was damaged has been begun anew by its first answer, with what could be read of it.
    private func load() async throws(StoreError) -> StoreContent {
        do throws(StoreError) { return try await store.load() } catch {
            guard error.code == .corrupt else { throw error }
            return try await store.load()
        }
    }

    private func takeIn(_ content: StoreContent, at now: Moment) {
        limits.restore(content.limits, at: now, policy: configuration.refresh)
        reader.retries.restore(content.budgets, at: now.instant)
        takeIn(content.breakers)
        for change in content.linkChanges { linkChanges[change.reference] = change }
        for record in content.operations {
            actionLimit.restore(
                ActionSubject(identity: record.name.owner, project: record.item.project), at: record.createdAt.instant)
            if !record.isOver, operations[record.id] == nil { operations.add(OperationTable.Entry(record: record)) }
        }
    }

    /// Has the guards go on from what the store held, but for the breakers that have changed since the start: those are newer.
    private func takeIn(_ kept: [StoredBreaker]) {
        keepBreakers()
        let unchanged = kept.filter { breakers[[$0.upstream, $0.place]] == nil }
        for breaker in unchanged { breakers[[breaker.upstream, breaker.place]] = breaker }
        for useless in restoreBreakers(unchanged) { noteBreaker(useless) }
    }

    /// Takes in what the store could not give at the start, before anything is saved over it: of every project that
    /// nothing has been learnt of meanwhile.
    func loadLate() async throws(StoreError) {
        let content = try await load()
        guard !isLoaded else { return }
        isLoaded = true
        let histories = ProjectHistory.grouped(content)
        let now = time.now
        takeIn(content, at: now)
        let definitions = withLinkChanges(projects.values.map(\.definition))
        // Whoever stands where it ended has missed what was configured otherwise since, and begins anew.
        if let stored = content.journal, isUnchanged(definitions, since: histories) { journal.storeFound(at: stored) }
        for (id, project) in projects {
            guard let history = histories[id] else {
                if content.holdsEveryProject { announceArrival(of: project.definition, at: now) }
                continue
            }
            if project.snapshot == ProjectSnapshot(definition: project.definition), project.run == nil {
                adopt(
                    ProjectSnapshot(
                        definition: project.definition, restoring: history, at: now, policy: configuration.refresh),
                    of: id, at: now)
            }
            keepLinks(of: project.definition, known: history.definition(before: project.definition))
        }
        for definition in definitions {
            guard let project = projects[definition.id], project.definition != definition else { continue }
            change(project, to: definition, at: now)
        }
        takeUpOperations()
        keepEverything()
        planAll(of: projects.keys)
    }

    /// Makes a project one of ours. `announcedAt` is when the snapshot was last compared with what was announced.
    func add(_ definition: ProjectDefinition, _ snapshot: ProjectSnapshot, announcedAt: Moment) {
        for link in definition.links.values where link.isEnabled { limits.add(link) }
        webhookIndex.add(definition)
        projects[definition.id] = Project(
            definition: definition, snapshot: snapshot, entry: board.add(snapshot), announcedAt: announcedAt)
    }

    /// Goes on with what an earlier process has left, as far as that is allowed.
    func takeUpOperations() {
        take(up: operations.all.filter { $0.work == nil && $0.recording == nil }.map(\.record))
    }

    /// Plans what was asked for before the daemon started. Nobody waits for it, so a crowd is spread.
    func planRestored() {
        planAll(of: projects.keys.filter { projects[$0]?.entry.lastAskedAt != 0 })
    }
}
