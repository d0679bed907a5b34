import StatusCore
import StatusModel

// Refreshing: from what is due to what is published.
extension StatusEngine {
    /// Starts reading what is due of a project and not being read already; `isUrgent` when a reader waits for it.
    func refreshDue(_ id: ProjectID, isUrgent: Bool) {
        let now = time.now
        refresh(id, isUrgent: isUrgent, at: now) { $0.isReadable(at: now) }
    }

    /// Starts reading everything of a project but what its provider has asked us to leave alone. While a refresh runs
    /// that one is joined, and soon after one has begun only what is due is read (SPEC §3: at most once a second).
    func refreshAll(_ id: ProjectID) {
        guard let project = projects[id] else { return }
        let now = time.now
        let isAllowed = project.run == nil && forceableAt(project, now).instant <= now.instant
        refresh(id, isUrgent: true, at: now) { $0.isReadable(at: now) || (isAllowed && $0.isUnblocked(at: now)) }
    }

    /// Starts reading what is due of a project, and what is well and older than a reader wants it. What is in trouble
    /// keeps its own time: asking it more often than that makes it no younger.
    func refreshOld(_ id: ProjectID, olderThan limit: Duration) {
        guard let project = projects[id] else { return }
        let now = time.now
        let isAllowed = project.run == nil && forceableAt(project, now).instant <= now.instant
        refresh(id, isUrgent: true, at: now) { record in
            record.isReadable(at: now) || isAllowed && record.isUnblocked(at: now) && record.isOld(limit, at: now)
        }
    }

    /// From when on somebody may have the project read, whether or not it is due.
    func forceableAt(_ project: Project, _ now: Moment) -> Moment {
        guard let started = project.lastRunStartedAt else { return now }
        let rest = now.instant.duration(to: started.advanced(by: configuration.reader.forceInterval))
        return now.advanced(by: max(.zero, rest))
    }

    func isPending(_ item: ItemReference) -> Bool { projects[item.project]?.run?.pending.contains(item.key) ?? false }

    private func refresh(_ id: ProjectID, isUrgent: Bool, at now: Moment, where isWanted: (ItemRecord) -> Bool) {
        guard !isStopping, let project = projects[id] else { return }
        let keys = project.linkedRecords.filter(isWanted).map(\.key)
        guard !keys.isEmpty else { return }
        begin(id, keys.filter { project.run?.pending.contains($0) != true }, at: now)
        for key in keys {
            let item = ItemReference(project: id, key: key)
            schedule.remove(item)
            if readings[item] == nil { queue.add(item, isUrgent: isUrgent, at: now.instant) }
        }
        startReads()
    }

    private func begin(_ id: ProjectID, _ keys: [ItemKey], at now: Moment) {
        guard !keys.isEmpty else { return }
        var run = projects[id]?.run ?? RefreshRun(startedAt: now, keys: [], pending: [])
        run.keys.formUnion(keys)
        run.pending.formUnion(keys)
        projects[id]?.lastRunStartedAt = run.startedAt.instant
        projects[id]?.run = run
        projects[id]?.entry.publish(progress: RefreshProgress(startedAt: run.startedAt.instant, isRunning: true))
    }

    /// Starts the reads that have a place.
    private func startReads() {
        while !isStopping, let item = queue.next(at: time.now.instant) { startReading(item) }
    }

    private func startReading(_ item: ItemReference) {
        guard let project = projects[item.project], let link = project.definition.links[item.key] else {
            queue.ended(item)
            return
        }
        let previous = project.snapshot.record(of: item.key)?.reading
        let ttl = configuration.refresh.timeToLive(of: item.key)
        let limit = limits.failure(for: link, at: time.now)
        let notes = CredentialNotes()
        // Owned by `readings`: it takes itself out, and `run()` cancels and awaits what is left.
        readings[item] = Task {
            let result =
                if let limit {
                    Result<Reading, ProviderFailure>.failure(limit)
                } else {
                    await reader.read(item, link: link, previous: previous, ttl: ttl, notes: notes)
                }
            finished(item, link, result, notes)
        }
    }

    /// One item has answered or failed.
    private func finished(
        _ item: ItemReference, _ link: Link, _ result: Result<Reading, ProviderFailure>, _ notes: CredentialNotes
    ) {
        readings[item] = nil
        queue.ended(item)
        guard let project = projects[item.project], !isStopping else { return }
        let now = time.now
        limits.note(result, of: link, at: now, policy: configuration.refresh)
        var snapshot = applied(result, to: project.snapshot, item.key, link, at: now)
        if case .failure(let failure) = result, failure.isRefusal { keepVigil(over: item, notes.versions) }
        if projects[item.project]?.overtaken.remove(item.key) != nil {
            snapshot = snapshot.invalidated([item.key], at: now, nextAttemptAt: forceableAt(project, now))
        }
        var run = project.run
        run?.pending.remove(item.key)
        if let ended = run, ended.pending.isEmpty {
            snapshot = snapshot.refreshFinished(ended.keys, startedAt: ended.startedAt, at: now)
            run = nil
        }
        projects[item.project]?.run = run
        adopt(snapshot, of: item.project, at: now)
        plan(item, snapshot.record(of: item.key)?.readableAt ?? now.instant)
        save(item)
        if run == nil { resumeWaiters(of: item.project, hasEnded: true) }
        startReads()
    }

    private func applied(
        _ result: Result<Reading, ProviderFailure>, to snapshot: ProjectSnapshot, _ key: ItemKey, _ link: Link,
        at now: Moment
    ) -> ProjectSnapshot {
        let policy = configuration.refresh
        switch result {
        case .success(let reading):
            reachability.note(key, nil)
            let next = NextAttempt.after(
                success: reading, previous: snapshot.record(of: key)?.reading, at: now, policy: policy,
                sharers: limits.sharers(of: link, scheduled: schedule.count + 1), using: &generator)
            return snapshot.applied(reading: reading, for: key, at: now, nextAttemptAt: next)
        case .failure(let failure):
            reachability.note(key, failure)
            let next = NextAttempt.after(failure: failure, of: key, at: now, policy: policy, using: &generator)
            return snapshot.applied(
                failure: failure, for: key, at: now, nextAttemptAt: next,
                isSuspended: NextAttempt.isSuspended(by: failure, link: link))
        }
    }

    // The store. One save at a time, of everything that has changed since the last.

    private func save(_ item: ItemReference) {
        guard let record = projects[item.project]?.snapshot.record(of: item.key) else { return }
        unsaved[item] = StoredItem(project: item.project, record: record)
        startSaving()
    }

    func startSaving() {
        // Owned by `saving`, which `run()` awaits.
        if saving == nil, !unsaved.isEmpty { saving = Task { await saveAll() } }
    }

    private func saveAll() async {
        defer { saving = nil }
        while !unsaved.isEmpty {
            let batch = unsaved
            unsaved = [:]
            do throws(StoreError) {
                var changes = StoreBatch()
                changes.items = Array(batch.values)
                try await store.save(changes)
                noteStore(nil)
            } catch {
                // Health says so, and the next item that is read tries again with all of them.
                noteStore(error)
                unsaved.merge(batch) { newer, _ in newer }
                return
            }
        }
    }
}

extension StatusEngine.Project {
    /// The items that can be read.
    var linkedRecords: [ItemRecord] {
        (snapshot.items + snapshot.services).filter { $0.link == .linked && definition.links[$0.key] != nil }
    }
}

extension ItemRecord {
    /// From when on reading it can bring something new; nil when nothing is known of it.
    var readableAt: ContinuousClock.Instant? { [dueAt, nextAttemptAt].compactMap { $0?.instant }.max() }

    /// Whether reading it can bring something new.
    fileprivate func isReadable(at now: Moment) -> Bool {
        !isSuspended && (readableAt.map { $0 <= now.instant } ?? true)
    }

    /// Whether it is well, and was read longer ago than that.
    fileprivate func isOld(_ limit: Duration, at now: Moment) -> Bool {
        failure == nil && (reading.map { now.age(since: $0.observedAt) > limit } ?? true)
    }

    /// Whether its provider lets us ask.
    fileprivate func isUnblocked(at now: Moment) -> Bool {
        blockedUntil.map { $0.instant <= now.instant } ?? true
    }
}
