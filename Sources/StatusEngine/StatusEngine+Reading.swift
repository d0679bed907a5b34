package import StatusCore
package import StatusModel

/// What a reader who had to wait gets.
package struct WaitedRead: Sendable {
    package let view: PublishedView
    package let progress: RefreshProgress
    package let decision: ReaderDecision
}

// Readers that are ready to wait.
extension StatusEngine {
    /// Joins the running refresh of a project or starts one, and answers when it has ended or the time is over.
    ///
    /// - Returns: nil when there is no such project.
    package func read(
        _ id: ProjectID, role: Role, contract: ReadersContract, mode: ReadingMode, atMost wait: Duration
    ) async -> WaitedRead? {
        guard let entry = projects[id]?.entry else { return nil }
        noteAsked(id)
        let joined = projects[id]?.run != nil
        if mode == .force || contract.maxAge != nil || mode == .preferFresh || contract.maxStale != nil {
            refreshAll(id)
        } else {
            refreshDue(id)
        }
        let isRunning = projects[id]?.run != nil
        let ended = isRunning ? await waitForRefresh(of: id, atMost: wait) : true
        let now = time.now
        let (view, progress) = entry.view(for: role, at: now)
        let source: AnswerSource? = ended ? (joined ? .collapsed : .fetched) : nil
        return WaitedRead(
            view: view, progress: progress,
            decision: .afterWait(view.rendered, contract: contract, source: source, now: now.instant))
    }

    /// Makes items due at once, and starts reading them if anybody wants them (SPEC §4).
    ///
    /// - Returns: how many items that were; nil when there is no such project.
    package func invalidate(_ id: ProjectID, keys: [ItemKey]) -> Int? {
        guard let project = projects[id] else { return nil }
        let linked = (project.snapshot.items + project.snapshot.services).filter { $0.link == .linked }.map(\.key)
        let keys = keys.isEmpty ? linked : linked.filter(keys.contains)
        let now = time.now
        adopt(project.snapshot.invalidated(keys, at: now), of: id, at: now)
        if project.entry.lastAskedAt != 0 || project.entry.watcherCount > 0 { refreshDue(id) }
        return keys.count
    }

    private func waitForRefresh(of id: ProjectID, atMost wait: Duration) async -> Bool {
        let deadline = time.now.instant.advanced(by: wait)
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.refreshEnded(id) }
            group.addTask { [time] in
                // Cancelled when the refresh has ended before.
                try? await time.sleep(until: deadline)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// Returns true when the running refresh ends, false when the caller gives up.
    private func refreshEnded(_ id: ProjectID) async -> Bool {
        nextWaiterID += 1
        let waiter = nextWaiterID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled || projects[id]?.run == nil {
                    continuation.resume(returning: !Task.isCancelled)
                } else {
                    projects[id]?.waiters[waiter] = continuation
                }
            }
        } onCancel: {
            // The waiting task outlives this one: it cannot return before its continuation is resumed.
            Task { await self.giveUp(waiter, on: id) }
        }
    }

    private func giveUp(_ waiter: UInt64, on id: ProjectID) {
        projects[id]?.waiters.removeValue(forKey: waiter)?.resume(returning: false)
    }

    func resumeWaiters(of id: ProjectID, ended: Bool) {
        guard let waiters = projects[id]?.waiters, !waiters.isEmpty else { return }
        projects[id]?.waiters = [:]
        for (_, waiter) in waiters { waiter.resume(returning: ended) }
    }
}
