import StatusCore
package import StatusModel

// Demand: who asks decides what is kept fresh (SPEC §4).
extension StatusEngine {
    /// A watch on these projects was opened.
    package func watchOpened(_ ids: [ProjectID]) {
        let isFirst = watcherCount == 0
        watcherCount += 1
        for id in ids {
            projects[id]?.watcherCount += 1
            noteAsked(id)
            refreshDue(id)
            planAll(of: id)
        }
        // From now on the idle ones get their health pings.
        if isFirst { for id in projects.keys { planAll(of: id) } }
    }

    /// The watch was closed.
    package func watchClosed(_ ids: [ProjectID]) {
        watcherCount -= 1
        for id in ids { projects[id]?.watcherCount -= 1 }
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
            guard reads[item] == nil, schedule.due(of: item) == nil || project.watcherCount > 0 else { continue }
            plan(item, record.nextAttemptAt?.instant ?? time.now.instant)
        }
    }

    private func interval(of item: ItemReference, in project: Project) -> Duration? {
        let asked = project.entry.lastAskedAt
        let demand = Demand(
            isWatched: project.watcherCount > 0,
            lastAskedAt: asked == 0 ? nil : origin.advanced(by: .nanoseconds(asked)), now: time.now.instant,
            policy: configuration.refresh)
        return demand.interval(for: item.key, isAnyoneWatching: watcherCount > 0, policy: configuration.refresh)
    }

    /// Reads what the schedule has due.
    private func alarmRang() {
        alarm = nil
        let now = time.now.instant
        for item in schedule.popDue(at: now) {
            // Nobody may want it any longer; then the next reader starts it again.
            guard let project = projects[item.project], interval(of: item, in: project) != nil else { continue }
            refreshDue(item.project)
        }
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
