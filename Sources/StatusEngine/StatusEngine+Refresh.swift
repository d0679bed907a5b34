import StatusCore
import StatusModel

// Refreshing: from what is due to what is published.
extension StatusEngine {
    /// Starts reading what is due of a project and not being read already.
    func refreshDue(_ id: ProjectID) {
        let now = time.now
        refresh(id) { record in
            record.blockedUntil == nil || record.isUnblocked(at: now)
        } where: { record in
            record.isDue(at: now)
        }
    }

    /// Starts reading everything of a project but what its provider has asked us to leave alone.
    func refreshAll(_ id: ProjectID) {
        let now = time.now
        refresh(id) { record in
            record.isUnblocked(at: now)
        } where: { _ in
            true
        }
    }

    private func refresh(
        _ id: ProjectID, _ isAllowed: (ItemRecord) -> Bool, where isWanted: (ItemRecord) -> Bool
    ) {
        guard !isStopping, let project = projects[id] else { return }
        let records = (project.snapshot.items + project.snapshot.services).filter { record in
            record.link == .linked && isAllowed(record) && isWanted(record)
                && readings[ItemReference(project: id, key: record.key)] == nil
        }
        guard !records.isEmpty else { return }
        begin(id, records.map(\.key))
        for record in records { startReading(id, record) }
    }

    private func begin(_ id: ProjectID, _ keys: [ItemKey]) {
        let now = time.now
        var run = projects[id]?.run ?? RefreshRun(startedAt: now, keys: [], pending: [])
        run.keys.formUnion(keys)
        run.pending.formUnion(keys)
        if projects[id]?.run == nil { projects[id]?.lastRunStartedAt = now.instant }
        projects[id]?.run = run
        projects[id]?.entry.publish(progress: RefreshProgress(startedAt: run.startedAt.instant, isRunning: true))
    }

    private func startReading(_ id: ProjectID, _ record: ItemRecord) {
        guard let link = projects[id]?.definition.links[record.key] else { return }
        let item = ItemReference(project: id, key: record.key)
        schedule.remove(item)
        let ttl = configuration.refresh.timeToLive(of: record.key)
        // Owned by `readings`: it takes itself out, and `run()` cancels and awaits what is left.
        readings[item] = Task {
            let result = await reader.read(item, link: link, previous: record.reading, ttl: ttl)
            finished(item, result)
        }
    }

    /// One item has answered or failed.
    private func finished(_ item: ItemReference, _ result: Result<Reading, ProviderFailure>) {
        readings[item] = nil
        guard let project = projects[item.project], !isStopping else { return }
        let now = time.now
        let policy = configuration.refresh
        var snapshot = project.snapshot
        let next: Moment
        switch result {
        case .success(let reading):
            reachability.note(item.key, nil)
            next = NextAttempt.after(success: reading, at: now, policy: policy, using: &generator)
            snapshot = snapshot.applied(reading: reading, for: item.key, at: now, nextAttemptAt: next)
        case .failure(let failure):
            reachability.note(item.key, failure)
            next = NextAttempt.after(failure: failure, of: item.key, at: now, policy: policy, using: &generator)
            snapshot = snapshot.applied(failure: failure, for: item.key, at: now, nextAttemptAt: next)
        }
        var run = project.run
        run?.pending.remove(item.key)
        if let ended = run, ended.pending.isEmpty {
            snapshot = snapshot.refreshFinished(ended.keys, startedAt: ended.startedAt, at: now)
            run = nil
        }
        projects[item.project]?.run = run
        adopt(snapshot, of: item.project, at: now)
        plan(item, next.instant)
        save(item)
        if run == nil { resumeWaiters(of: item.project, ended: true) }
    }

    /// Makes a snapshot the project's newest: on the board first, so that who sees the event finds the board as new.
    func adopt(_ snapshot: ProjectSnapshot, of id: ProjectID, at now: Moment) {
        guard let project = projects[id] else { return }
        let old = project.snapshot
        var new = snapshot
        let changes = Role.allCases.map { role in
            ProjectSnapshot.contentChanges(
                from: old, announcedAt: project.announcedAt, to: new, role: role, now: now)
        }
        if changes.contains(where: { !$0.isEmpty }) { new.revision += 1 }
        projects[id]?.snapshot = new
        projects[id]?.announcedAt = now
        let progress = RefreshProgress(startedAt: project.lastRunStartedAt, isRunning: projects[id]?.run != nil)
        project.entry.publish(new, progress: progress)
        announceMilestones(from: old, to: new, at: now)
        announce(changes, on: project.entry, at: now)
    }

    private func announce(_ changes: [[ItemKey]], on entry: BoardEntry, at now: Moment) {
        journal.append(project: entry.id, kind: EventKind.statusUpdate, arena: arena) { role in
            let keys = changes[role.index]
            guard !keys.isEmpty else { return nil }
            let envelope = entry.view(for: role, at: now).view.rendered.envelope
            return StatusEvent(
                id: EventID(epoch: 0, sequence: 0), at: now.wall, kind: EventKind.statusUpdate, changed: keys,
                view: envelope)
        }
    }

    private func announceMilestones(from old: ProjectSnapshot, to new: ProjectSnapshot, at now: Moment) {
        let advanced = Role.allCases.map { ProjectSnapshot.advancedMilestones(from: old, to: new, role: $0) }
        for (key, milestone) in advanced[Role.owner.index] {
            journal.append(project: new.projectID, kind: milestone.kind, arena: arena) { role in
                guard advanced[role.index].contains(where: { $0.key == key && $0.milestone == milestone }) else {
                    return nil
                }
                return StatusEvent(
                    id: EventID(epoch: 0, sequence: 0), at: milestone.at, projectID: new.projectID,
                    kind: milestone.kind, revision: new.revision, message: milestone.message)
            }
        }
    }

    // The store. One save at a time, of everything that has changed since the last.

    private func save(_ item: ItemReference) {
        guard let record = projects[item.project]?.snapshot.record(of: item.key) else { return }
        unsaved[item] = StoredItem(
            project: item.project, key: item.key, reading: record.reading, failure: record.failure)
        if saving == nil { saving = Task { await saveAll() } }
    }

    private func saveAll() async {
        while !unsaved.isEmpty {
            let batch = unsaved
            unsaved = [:]
            do throws(StoreError) {
                try await store.save(Array(batch.values))
                noteStore(nil)
            } catch {
                // Memory has it, and the item's next refresh saves it again; health says so meanwhile.
                noteStore(error)
            }
        }
        saving = nil
    }
}

extension ItemRecord {
    /// Whether reading it now can bring something new.
    fileprivate func isDue(at now: Moment) -> Bool {
        let due = [dueAt, nextAttemptAt].compactMap { $0?.instant }.max()
        return due.map { $0 <= now.instant } ?? true
    }

    /// Whether its provider lets us ask.
    fileprivate func isUnblocked(at now: Moment) -> Bool {
        blockedUntil.map { $0.instant <= now.instant } ?? true
    }
}
