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
    /// Joins the running refresh of a project or starts one, and answers when it has ended or the time is over. Where
    /// nothing may be read now, it answers at once from what is known.
    ///
    /// - Returns: nil when there is no such project.
    package func read(
        _ id: ProjectID, role: Role, contract: ReadersContract, mode: ReadingMode, atMost wait: Duration
    ) async -> WaitedRead? {
        guard let project = projects[id] else { return nil }
        let asked = time.now
        project.entry.noteAsked(at: askedAt(asked.instant))
        let known = project.entry.view(for: role, at: asked).view.rendered
        if mode == .force {
            refreshAll(id)
            planAll(of: [id])
        } else {
            ask(id, known.wish(of: contract, at: asked.instant))
        }
        let isRunning = projects[id]?.run != nil
        let hasEnded = isRunning ? await waitForRefresh(of: id, atMost: wait) : true
        let now = time.now
        let (view, progress) = project.entry.view(for: role, at: now)
        let source: AnswerSource? =
            if !isRunning {
                view.rendered.source(at: now.instant)
            } else if hasEnded {
                project.run == nil ? .fetched : .collapsed
            } else {
                nil
            }
        return WaitedRead(
            view: view, progress: progress,
            decision: .afterWait(view.rendered, contract: contract, source: source, now: now.instant))
    }

    /// Makes items due, and starts reading them if anybody wants them (SPEC §4); not more often than a reader may force
    /// it. A read that is under way may have been answered before the change, so it is followed by another.
    ///
    /// - Parameters:
    ///   - id: The project.
    ///   - keys: Its items; none for all of them.
    ///   - role: Whoever asks. Items that are hidden from it are invalidated as well, and not counted.
    /// - Returns: how many items that were; nil when there is no such project.
    package func invalidate(_ id: ProjectID, keys: [ItemKey], for role: Role = .owner) -> Int? {
        guard let project = projects[id] else { return nil }
        let linked = project.linkedRecords.map(\.key)
        let keys = keys.isEmpty ? linked : linked.filter(keys.contains)
        let now = time.now
        projects[id]?.overtaken.formUnion(keys.filter { project.run?.pending.contains($0) ?? false })
        let next = forceableAt(project, now)
        adopt(project.snapshot.invalidated(keys, at: now, nextAttemptAt: next), of: id, at: now)
        for key in keys { keepItem(ItemReference(project: id, key: key)) }
        switch demand(of: project, at: now.instant) {
        case .watched, .recentlyRead: ask(id, .due)
        // Whoever asks next finds it due.
        case .idle, .forgotten: break
        }
        return keys.count { !project.snapshot.isHidden($0, from: role) }
    }

    private func waitForRefresh(of id: ProjectID, atMost wait: Duration) async -> Bool {
        guard !isStopping else { return false }
        let waiter = RefreshWaiter()
        let deadline = time.now.instant.advanced(by: wait)
        projects[id]?.waiters[ObjectIdentifier(waiter)] = waiter
        defer { projects[id]?.waiters[ObjectIdentifier(waiter)] = nil }
        return await withTaskGroup { group in
            group.addTask { [time] in
                // Cancelled when the refresh has ended before.
                try? await time.sleep(until: deadline)
                waiter.settle(false)
            }
            defer { group.cancelAll() }
            return await waiter.outcome()
        }
    }

    func resumeWaiters(of id: ProjectID, hasEnded: Bool) {
        for (_, waiter) in projects[id]?.waiters ?? [:] { waiter.settle(hasEnded) }
        projects[id]?.waiters = [:]
    }
}

extension RenderedView {
    /// What a reader with that contract asks of the engine.
    package func wish(of contract: ReadersContract, at now: ContinuousClock.Instant) -> RefreshWish {
        let age = age(at: now)
        let limits = [contract.maxAge, contract.maxStale].compactMap { $0 }
        return limits.filter { age > $0 }.min().map(RefreshWish.olderThan) ?? .due
    }
}
