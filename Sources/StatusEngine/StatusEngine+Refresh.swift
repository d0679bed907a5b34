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
        let interval = configuration.reader.forceInterval
        refresh(id, isUrgent: true, at: now) { record in
            record.isReadable(at: now)
                || isAllowed && record.isUnblocked(at: now) && !record.isAttempted(within: interval, at: now)
        }
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
            planner.remove(item)
            if readings[item] == nil { queue.add(item, isUrgent: isUrgent, at: now.instant) }
        }
        startReads()
    }

    private func begin(_ id: ProjectID, _ keys: [ItemKey], at now: Moment) {
        guard !keys.isEmpty else { return }
        var run = projects[id]?.run ?? RefreshRun(startedAt: now)
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
        let now = time.now
        let previous = project.snapshot.record(of: item.key)?.reading
        let ttl = configuration.refresh.timeToLive(of: item.key)
        let limit = limits.failure(for: link, at: now)
        let notes = CredentialNotes()
        if limit == nil {
            projects[item.project]?.snapshot = project.snapshot.attempting(item.key, since: now)
            keepItem(item)
        }
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
        defer { startReads() }
        let isAbandoned = abandoned.remove(item) != nil
        guard let project = projects[item.project], !isStopping else { return }
        let now = time.now
        guard !isAbandoned, project.definition.links[item.key] == link else {
            // It was linked to something else meanwhile; what was wanted of that is read now.
            if isPending(item) { queue.add(item, isUrgent: true, at: now.instant) }
            return
        }
        limits.note(result, of: link, at: now, policy: configuration.refresh)
        var snapshot = applied(result, to: project, item.key, link, at: now)
        if case .failure(let failure) = result, failure.isRefusal { keepVigil(over: item, notes.versions) }
        if projects[item.project]?.overtaken.remove(item.key) != nil {
            snapshot = snapshot.invalidated([item.key], at: now, nextAttemptAt: forceableAt(project, now))
        }
        projects[item.project]?.run?.pending.remove(item.key)
        conclude(snapshot, of: item.project, at: now)
        planAll(of: [item])
        keepItem(item)
        keepUpstreams(at: now)
    }

    /// Makes a snapshot the newest, and ends the project's refresh with it when nothing of that is being read any more.
    func conclude(_ snapshot: ProjectSnapshot, of id: ProjectID, at now: Moment) {
        guard let run = projects[id]?.run, run.pending.isEmpty else {
            adopt(snapshot, of: id, at: now)
            return
        }
        projects[id]?.run = nil
        adopt(
            snapshot.refreshFinished(run.keys, id: run.id, startedAt: run.startedAt, at: now), of: id, at: now)
        keep { $0.projects += storedProject(id).map { [$0] } ?? [] }
        resumeWaiters(of: id, hasEnded: true)
    }

    /// What was learnt of the providers themselves.
    func keepUpstreams(at now: Moment) {
        keep { batch in
            batch.limits = limits.takeChanged(at: now)
            batch.budgets = reader.retries.takeChanged(at: now.instant)
        }
    }

    /// A reading that was taken to verify a link is the newest of its item.
    func take(_ reading: Reading, of item: ItemReference, _ link: Link, in project: Project) {
        let now = time.now
        limits.note(.success(reading), of: link, at: now, policy: configuration.refresh)
        adopt(applied(.success(reading), to: project, item.key, link, at: now), of: item.project, at: now)
        planAll(of: [item])
        keepItem(item)
        keepUpstreams(at: now)
    }

    private func applied(
        _ result: Result<Reading, ProviderFailure>, to project: Project, _ key: ItemKey, _ link: Link, at now: Moment
    ) -> ProjectSnapshot {
        let (policy, snapshot) = (configuration.refresh, project.snapshot)
        switch result {
        case .success(let reading):
            reachability.note(key, nil)
            let next = NextAttempt.after(
                success: reading, previous: snapshot.record(of: key)?.reading, at: now, policy: policy,
                sharers: limits.sharers(of: link, scheduled: planner.count + 1), using: &generator)
            return snapshot.applied(
                reading: reading, for: key, at: now, nextAttemptAt: next, refreshID: project.run?.id)
        case .failure(let failure):
            reachability.note(key, failure)
            let next = NextAttempt.after(failure: failure, of: key, at: now, policy: policy, using: &generator)
            return snapshot.applied(
                failure: failure, for: key, at: now, nextAttemptAt: next,
                isSuspended: NextAttempt.isSuspended(by: failure, link: link), refreshID: project.run?.id)
        }
    }
}

extension StatusEngine.Project {
    func linkedRecord(of key: ItemKey) -> ItemRecord? {
        definition.links[key] == nil ? nil : snapshot.record(of: key).flatMap { $0.link == .linked ? $0 : nil }
    }

    /// The items that can be read.
    var linkedRecords: [ItemRecord] {
        (snapshot.items + snapshot.services).filter { $0.link == .linked && definition.links[$0.key] != nil }
    }
}
