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
    }

    /// Somebody wants a project: reads what is due, or also what is too old, and plans what follows.
    func ask(_ id: ProjectID, _ wish: RefreshWish) {
        switch wish {
        case .due: refreshDue(id, isUrgent: true)
        case .olderThan(let age): refreshOld(id, olderThan: age)
        }
        planAll(of: id)
    }

    private func serveNewlyWatched() {
        let opened = board.takeNewlyWatched()
        if opened.isEverything {
            for id in projects.keys { planAll(of: id) }
        } else {
            for id in opened.projects { planAll(of: id) }
        }
        guard opened.isFirst else { return }
        // As long as anybody watches anything, projects that somebody once asked for get their health pings.
        let idle = unplanned
        unplanned = []
        for id in idle { planAll(of: id) }
    }

    /// Schedules an item's next read, if somebody wants it by then.
    func plan(_ item: ItemReference, _ due: ContinuousClock.Instant) {
        guard let project = projects[item.project] else { return }
        if project.snapshot.record(of: item.key)?.isSuspended == true {
            schedule.remove(item)
            return
        }
        let now = time.now.instant
        let demand = demand(of: project, at: now)
        guard let interval = interval(of: item, demand) else {
            schedule.remove(item)
            if demand == .idle { unplanned.insert(item.project) }
            return
        }
        let shortest = configuration.refresh.timeToLive(of: item.key)
        // What is asked for less often is read less often, but a provider's own instant is never brought forward.
        let read = due.advanced(by: max(.zero, interval - shortest))
        // Under a watch it is looked at more often than it is read: its status may turn by the mere passing of time.
        schedule.upsert(item, due: demand == .watched ? min(read, now.advanced(by: shortest * 2)) : read)
        setAlarm()
    }

    func planAll(of id: ProjectID) {
        guard let project = projects[id] else { return }
        for record in project.linkedRecords where project.run?.pending.contains(record.key) != true {
            plan(ItemReference(project: id, key: record.key), record.readableAt ?? time.now.instant)
        }
    }

    func demand(of project: Project, at now: ContinuousClock.Instant) -> Demand {
        let asked = project.entry.lastAskedAt
        return Demand(
            isWatched: project.entry.watcherCount > 0 || board.isEverythingWatched,
            lastAskedAt: asked == 0 ? nil : origin.advanced(by: .nanoseconds(asked)), now: now,
            policy: configuration.refresh)
    }

    private func interval(of item: ItemReference, _ demand: Demand) -> Duration? {
        demand.interval(for: item.key, isAnyoneWatching: board.isAnyoneWatching, policy: configuration.refresh)
    }

    private func alarmRang() {
        alarm = nil
        for item in schedule.popDue(at: time.now.instant, limit: Self.alarmBatchMax) { serveDue(item) }
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
        guard let record = project.linkedRecords.first(where: { $0.key == item.key }) else { return }
        plan(item, record.readableAt ?? now.instant)
    }

    private func setAlarm() {
        guard !isStopping, let next = schedule.nextDue else { return }
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
