import StatusCore
import StatusModel

// Demand: who asks decides what is kept fresh (SPEC §4).
extension StatusEngine {
    /// A reader or a watcher has found the project due: reads what is, and plans what follows.
    func serve(_ nudge: Nudge) {
        guard let project = projects[nudge.project] else { return }
        project.entry.clearNudge()
        if nudge.everything { refreshAll(nudge.project) } else { refreshDue(nudge.project) }
        planAll(of: nudge.project)
        pingTheIdle()
    }

    /// As long as anybody watches anything, projects that somebody once asked for get their health pings.
    private func pingTheIdle() {
        let isAnyoneWatching = board.isAnyoneWatching
        defer { wasAnyoneWatching = isAnyoneWatching }
        guard isAnyoneWatching, !wasAnyoneWatching else { return }
        for (id, project) in projects where project.entry.lastAskedAt != 0 { planAll(of: id) }
    }

    func noteAsked(_ id: ProjectID) {
        projects[id]?.entry.noteAsked(at: askedAt(time.now.instant))
    }

    /// Schedules an item's next read, if somebody wants it by then.
    func plan(_ item: ItemReference, _ due: ContinuousClock.Instant) {
        guard let project = projects[item.project], let interval = interval(of: item, in: project) else {
            schedule.remove(item)
            return
        }
        let shortest = configuration.refresh.timeToLive(of: item.key)
        // What is asked for less often is read less often, but a provider's own instant is never brought forward.
        let stretch = interval > shortest ? interval - shortest : .zero
        schedule.upsert(item, due: due.advanced(by: stretch))
        setAlarm()
    }

    private func planAll(of id: ProjectID) {
        guard let project = projects[id] else { return }
        for record in project.snapshot.items + project.snapshot.services where record.link == .linked {
            let item = ItemReference(project: id, key: record.key)
            guard readings[item] == nil else { continue }
            plan(item, record.nextAttemptAt?.instant ?? time.now.instant)
        }
    }

    private func interval(of item: ItemReference, in project: Project) -> Duration? {
        let asked = project.entry.lastAskedAt
        let demand = Demand(
            isWatched: project.entry.watcherCount > 0 || board.isEverythingWatched,
            lastAskedAt: asked == 0 ? nil : origin.advanced(by: .nanoseconds(asked)), now: time.now.instant,
            policy: configuration.refresh)
        return demand.interval(for: item.key, isAnyoneWatching: board.isAnyoneWatching, policy: configuration.refresh)
    }

    /// Reads what the schedule has due.
    private func alarmRang() {
        alarm = nil
        for item in schedule.popDue(at: time.now.instant) {
            // Nobody may want it any longer; then the next reader starts it again.
            guard let project = projects[item.project], interval(of: item, in: project) != nil else { continue }
            refreshDue(item.project)
        }
        wasAnyoneWatching = board.isAnyoneWatching
        setAlarm()
    }

    private func setAlarm() {
        guard !isStopping, let next = schedule.nextDue else { return }
        if let alarm {
            guard next < alarm.at else { return }
            alarm.task.cancel()
        }
        // Owned by `alarm`: replaced only after it was cancelled, and cancelled when the engine stops.
        let task = Task {
            do { try await time.sleep(until: next) } catch { return }
            alarmRang()
        }
        alarm = (task, next)
    }
}
