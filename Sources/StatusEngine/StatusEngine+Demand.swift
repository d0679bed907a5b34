import StatusCore
import StatusModel

// Demand: who asks decides what is kept fresh (SPEC §4).
extension StatusEngine {
    /// Items that one ring of the alarm takes from the schedule; what else is due follows in the next, so that readers
    /// have their turn in between.
    private static let alarmBatchMax = 256

    /// A reader found something due, or wants to have it younger. From any thread, without waiting; told once until the
    /// engine has looked. One that finds no place is lost, and the next reader nudges again.
    package nonisolated func nudge(_ entry: BoardEntry, _ wish: RefreshWish = .due) {
        guard entry.claimNudge(wish) else { return }
        if case .enqueued = nudgeSink.yield(.project(entry.id)) { return }
        _ = entry.takeNudge()
    }

    /// A watch was opened; nil stands for every project. From any thread, without waiting. It counts as demand until
    /// ``watchClosed(_:)``, which is called exactly once.
    package nonisolated func watchOpened(_ watched: [BoardEntry]?) {
        noteAsked(watched)
        // It may find no place: then there are nudges to serve, and after each the engine looks for watches as well.
        if board.watchOpened(watched) { nudgeSink.yield(.watches) }
    }

    /// The watch was closed. What it named stays recently read.
    package nonisolated func watchClosed(_ watched: [BoardEntry]?) {
        noteAsked(watched)
        board.watchClosed(watched)
    }

    private nonisolated func noteAsked(_ watched: [BoardEntry]?) {
        let askedAt = askedAt(time.now.instant)
        for entry in watched ?? [] { entry.noteAsked(at: askedAt) }
    }

    func serve(_ nudge: Nudge) {
        if case .project(let id) = nudge, let wish = projects[id]?.entry.takeNudge() {
            ask(id, wish)
        }
        serveNewlyWatched()
        keepBreakers()
    }

    /// Somebody wants a project: reads what is due, or also what is too old, and plans what follows.
    func ask(_ id: ProjectID, _ wish: RefreshWish) {
        switch wish {
        case .due: refreshDue(id, isUrgent: true)
        case .olderThan(let age): refreshOld(id, olderThan: age)
        }
        planAll(of: [id])
    }

    private func serveNewlyWatched() {
        let opened = board.takeNewlyWatched()
        if opened.isEverything { planAll(of: projects.keys) } else { planAll(of: opened.projects) }
        // As long as anybody watches anything, projects that somebody once asked for get their health pings.
        if opened.isFirst { planAll(of: planner.takeDormant()) }
    }

    /// Plans the next read of each item of these projects that is not being read.
    func planAll(of ids: some Sequence<ProjectID>) {
        planAll(
            of: ids.lazy.compactMap { self.projects[$0] }.flatMap { project in
                project.linkedRecords.map { ItemReference(project: project.snapshot.projectID, key: $0.key) }
            })
    }

    /// Plans the next read of each of these items that is not being read; of a crowd one after the other.
    func planAll(of items: some Sequence<ItemReference>) {
        let now = time.now.instant
        var crowd = 0
        for item in items where !isPending(item) {
            guard let project = projects[item.project], let record = project.linkedRecord(of: item.key) else {
                continue
            }
            planner.plan(
                item, record, demand: demand(of: project, at: now), isAnyoneWatching: board.isAnyoneWatching, at: now,
                delay: planner.delay(ofIndex: crowd))
            crowd += 1
        }
        setAlarm()
    }

    func demand(of project: Project, at now: ContinuousClock.Instant) -> Demand {
        let asked = project.entry.lastAskedAt
        return Demand(
            isWatched: project.entry.watcherCount > 0 || board.isEverythingWatched,
            lastAskedAt: asked == 0 ? nil : instant(ofAsking: asked), now: now,
            policy: configuration.refresh)
    }

    private func interval(of item: ItemReference, _ demand: Demand) -> Duration? {
        demand.interval(for: item.key, isAnyoneWatching: board.isAnyoneWatching, policy: configuration.refresh)
    }

    private func alarmRang() {
        alarm = nil
        for item in planner.popDue(at: time.now.instant, limit: Self.alarmBatchMax) { serveDue(item) }
        setAlarm()
    }

    private func serveDue(_ item: ItemReference) {
        let now = time.now
        guard let project = projects[item.project] else { return }
        // Nobody may want it any longer.
        if interval(of: item, demand(of: project, at: now.instant)) != nil {
            refreshDue(item.project, isUrgent: false)
            guard !isPending(item) else { return }
            adopt(project.snapshot, of: item.project, at: now)
        }
        planAll(of: [item])
    }

    private func setAlarm() {
        guard !isStopping, let next = planner.nextDue else { return }
        if let alarm {
            guard next < alarm.at else { return }
            alarm.task.cancel()
        }
        // Owned by `alarm`: replaced only after it was cancelled, and cancelled when the engine stops.
        let task = Task {
            try? await time.sleep(until: next)
            // One that was replaced may have slept to its end before it heard of it.
            if !Task.isCancelled { alarmRang() }
        }
        alarm = (task, next)
    }
}
