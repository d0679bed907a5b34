import StatusCore
import StatusModel

// The store. One save at a time, of everything that has changed since the last: what changes while one commits goes
// into the next.
extension StatusEngine {
    /// Somebody who waits until what is known by now is durable.
    struct FlushWaiter {
        let changes: UInt64
        let continuation: CheckedContinuation<StoreError?, Never>
    }

    /// Keeps changes: soon, and for as long as it takes.
    func keep(_ change: (inout StoreBatch) -> Void) {
        var batch = StoreBatch()
        change(&batch)
        guard batch != StoreBatch() else { return }
        pending.add(batch)
        changesKept += 1
        startSaving()
    }

    /// Returns when all that was to be kept is durable.
    ///
    /// - Throws: What the store said when it refused. It is tried again all the same.
    func flushed() async throws(StoreError) {
        let changes = changesKept
        guard changesSaved < changes else { return }
        startSaving()
        // A try that is under way ends soon, whatever was refused before. The next one would be waited for too long.
        if saving == nil || saveRest != nil {
            guard let storeError else { return }
            throw storeError
        }
        let error = await withCheckedContinuation { continuation in
            flushWaiters.append(FlushWaiter(changes: changes, continuation: continuation))
        }
        if let error { throw error }
    }

    /// The state of an item, as it is to be found after a restart.
    func keepItem(_ item: ItemReference) {
        keep { $0.items += storedItem(item).map { [$0] } ?? [] }
    }

    func storedItem(_ item: ItemReference) -> StoredItem? {
        guard let record = projects[item.project]?.snapshot.record(of: item.key) else { return nil }
        let isRefused = record.failure?.failure.isRefusal ?? false
        return StoredItem(project: item.project, record: record, refusedWith: isRefused ? refusedVersions(item) : [:])
    }

    func storedProject(_ id: ProjectID) -> StoredProject? {
        guard let project = projects[id] else { return nil }
        let (asked, now) = (project.entry.lastAskedAt, time.now)
        return StoredProject(
            id: id, lastRefreshAttempt: project.snapshot.lastRefreshAttempt,
            lastRefreshError: project.snapshot.lastRefreshError, refreshID: project.snapshot.refreshID,
            revisions: project.snapshot.revisions,
            askedAt: asked == 0 ? nil : now.advanced(by: now.instant.duration(to: instant(ofAsking: asked))),
            announcedAt: project.announcedAt, hidden: project.definition.hidden)
    }

    func startSaving() {
        // Owned by `saving`, which `run()` awaits.
        if saving == nil, hasUnsaved { saving = Task { await saveAll() } }
    }

    private var hasUnsaved: Bool { !pending.isEmpty || journal.hasUnsaved }

    private func saveAll() async {
        defer { saving = nil }
        while hasUnsaved {
            let (batch, portion, changes) = (takePending(), journal.portion, changesKept)
            inFlight = batch
            do throws(StoreError) {
                if !isLoaded { try await loadLate() }
                try await store.save(batch.holding(portion))
                inFlight = nil
                saved(changes, portion)
            } catch {
                putBackInFlight()
                let isNew = storeError != error
                // One that was damaged has been begun anew, and lacks what only we know.
                let isEmptied = error.code == .corrupt && isNew
                refused(error, isFinal: !isEmptied)
                if isEmptied {
                    seenGeneration = store.state.generation
                    keepEverything()
                    continue
                }
                guard !isStopping else { return }
                await restBeforeNextTry()
            }
        }
        // Nothing is left that could be kept.
        endFlushes(storeError)
    }

    private func restBeforeNextTry() async {
        let end = time.now.instant.advanced(by: configuration.storeRetryInterval)
        // Awaited here; whoever ends the rest cancels it.
        let rest = Task { [time] in
            do { try await time.sleep(until: end) } catch {}
        }
        saveRest = rest
        await rest.value
        saveRest = nil
    }

    /// Has a save tried again at once that waits for its next turn.
    func endSaveRest() {
        saveRest?.cancel()
        saveRest = nil
    }

    /// Events have the ids by now that they are published under, whatever they were when they were noted.
    private func takePending() -> StoreBatch {
        var batch = pending.take()
        for index in batch.runs.indices { batch.runs[index].event = batch.runs[index].event.map(journal.issued) }
        for index in batch.deliveries.indices {
            batch.deliveries[index].events = batch.deliveries[index].events.map(journal.issued)
        }
        for index in batch.items.indices {
            batch.items[index].record.toldIn = journal.issued(batch.items[index].record.toldIn)
        }
        return batch
    }

    func putBackInFlight() {
        guard let batch = inFlight else { return }
        inFlight = nil
        pending.putBack(batch)
    }

    private func saved(_ changes: UInt64, _ portion: EventJournal.Portion) {
        changesSaved = changes
        lastSavedAt = time.now
        noteStore(nil)
        // Whoever has waited finds the event published.
        journal.saved(portion)
        // It was begun anew meanwhile, by whichever call found the damage.
        if store.state.generation != seenGeneration {
            seenGeneration = store.state.generation
            keepEverything()
        }
        let done = flushWaiters.filter { $0.changes <= changes }
        flushWaiters.removeAll { $0.changes <= changes }
        for waiter in done { waiter.continuation.resume(returning: nil) }
    }

    private func refused(_ error: StoreError, isFinal: Bool) {
        noteStore(error)
        if isFinal { goOnWithoutStore() }
        endFlushes(error)
    }

    private func endFlushes(_ error: StoreError?) {
        let waiters = flushWaiters
        flushWaiters = []
        for waiter in waiters { waiter.continuation.resume(returning: error) }
    }

    /// All that is known, for a store that knows nothing any more.
    func keepEverything() {
        var batch = StoreBatch()
        for (id, project) in projects {
            batch.projects += storedProject(id).map { [$0] } ?? []
            batch.runs += project.snapshot.storedRuns
            for link in project.definition.links.values { batch.links.append(StoredLink(project: id, link: link)) }
            for record in project.snapshot.items + project.snapshot.services where record.isKnown {
                batch.items += storedItem(ItemReference(project: id, key: record.key)).map { [$0] } ?? []
            }
        }
        batch.operations = operations.all.filter { $0.recording == nil }.map(\.record)
        batch.linkChanges = Array(linkChanges.values)
        batch.breakers = Array(breakers.values)
        batch.limits = limits.takeAll(at: time.now)
        batch.budgets = reader.retries.takeAll(at: time.now.instant)
        let newer = pending.take()
        pending.add(batch)
        pending.add(newer)
        journal.storeEmptied()
        changesKept += 1
    }
}

extension StoreBatch {
    fileprivate func holding(_ portion: EventJournal.Portion) -> StoreBatch {
        var batch = self
        batch.events = portion.events.map { $0.event.stored(as: $0.id) }
        batch.journal = portion.journal
        return batch
    }
}

extension ItemRecord {
    /// Whether there is anything to keep.
    fileprivate var isKnown: Bool { reading != nil || failure != nil || attemptStartedAt != nil || lastRunAt != nil }
}
