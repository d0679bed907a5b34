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
        // Whoever asks while the store is in trouble waits for nobody knows how long.
        if let storeError { throw storeError }
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
            askedAt: asked == 0 ? nil : now.advanced(by: now.instant.duration(to: instant(ofAsking: asked))))
    }

    func startSaving() {
        // Owned by `saving`, which `run()` awaits.
        if saving == nil, !pending.isEmpty { saving = Task { await saveAll() } }
    }

    private func saveAll() async {
        defer { saving = nil }
        while !pending.isEmpty {
            let (batch, changes) = (pending.take(), changesKept)
            do throws(StoreError) {
                if !isLoaded { try await loadLate() }
                try await store.save(batch)
                saved(changes)
            } catch {
                pending.putBack(batch)
                let isNew = storeError != error
                refused(error)
                // One that was damaged has been begun anew, and lacks what only we know.
                if error.code == .corrupt, isNew {
                    seenGeneration = store.state.generation
                    keepEverything()
                    continue
                }
                guard !isStopping else { return }
                do {
                    try await time.sleep(until: time.now.instant.advanced(by: configuration.storeRetryInterval))
                } catch { return }
            }
        }
    }

    private func saved(_ changes: UInt64) {
        changesSaved = changes
        lastSavedAt = time.now
        noteStore(nil)
        // It was begun anew meanwhile, by whichever call found the damage.
        if store.state.generation != seenGeneration {
            seenGeneration = store.state.generation
            keepEverything()
        }
        let done = flushWaiters.filter { $0.changes <= changes }
        flushWaiters.removeAll { $0.changes <= changes }
        for waiter in done { waiter.continuation.resume(returning: nil) }
    }

    private func refused(_ error: StoreError) {
        noteStore(error)
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
        batch.breakers = Array(breakers.values)
        batch.limits = limits.takeAll(at: time.now)
        batch.budgets = reader.retries.takeAll(at: time.now.instant)
        let newer = pending.take()
        pending.add(batch)
        pending.add(newer)
        changesKept += 1
    }
}

extension ItemRecord {
    /// Whether there is anything to keep.
    fileprivate var isKnown: Bool { reading != nil || failure != nil || attemptStartedAt != nil || lastRunAt != nil }
}
