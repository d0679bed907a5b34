package import StatusModel

/// When each item is read next by itself: a machine over what is known of the items, who asks for them, and the time
/// (SPEC §4).
///
/// What the providers want is in the records: a breaker or a limit that holds an item back has set its next attempt. The
/// cost of a step is the logarithm of the number of items that are planned, and none of those that nobody asks for.
package struct RefreshPlanner: Sendable {
    /// So many items may fall due at one instant, as when a daemon starts or somebody begins to watch everything; more
    /// are spread, ``spreadStep`` each, over at most a time to live.
    package static let burstMax = 256
    package static let spreadStep = Duration.milliseconds(2)

    private let policy: RefreshPolicy
    private var schedule = RefreshSchedule<ItemReference>()
    /// Projects with items that nobody reads until somebody watches anything.
    private var dormant: Set<ProjectID> = []

    package init(policy: RefreshPolicy = RefreshPolicy()) { self.policy = policy }

    /// Items planned.
    package var count: Int { schedule.count }

    /// When the first item falls due; nil while none is planned.
    package var nextDue: ContinuousClock.Instant? { schedule.nextDue }

    /// When the item falls due; nil when it is not planned.
    package func due(of item: ItemReference) -> ContinuousClock.Instant? { schedule.due(of: item) }

    /// Plans an item's next read, if somebody wants it by then, or takes it out.
    ///
    /// - Parameters:
    ///   - item: The item, which is not being read.
    ///   - record: What is known of it.
    ///   - demand: How much its project is asked for.
    ///   - isAnyoneWatching: Whether any watch at all is open.
    ///   - now: The instant of planning.
    ///   - delay: Added where it would be due at once: its place in a crowd.
    package mutating func plan(
        _ item: ItemReference, _ record: ItemRecord, demand: Demand, isAnyoneWatching: Bool,
        at now: ContinuousClock.Instant, delay: Duration = .zero
    ) {
        guard !record.isSuspended,
            let interval = demand.interval(for: item.key, isAnyoneWatching: isAnyoneWatching, policy: policy)
        else {
            schedule.remove(item)
            if demand == .idle, !record.isSuspended { dormant.insert(item.project) }
            return
        }
        let shortest = policy.timeToLive(of: item.key)
        // What is asked for less often is read less often, but a provider's own instant is never brought forward.
        var read = (record.readableAt ?? now).advanced(by: max(.zero, interval - shortest))
        if read <= now { read = now.advanced(by: delay) }
        // Under a watch it is looked at more often than it is read: its status may turn by the mere passing of time.
        schedule.upsert(item, due: demand == .watched ? min(read, now.advanced(by: shortest * 2)) : read)
    }

    /// The item is being read, or nobody is to read it any more.
    package mutating func remove(_ item: ItemReference) { schedule.remove(item) }

    /// The project is gone.
    package mutating func remove(_ project: ProjectID) { dormant.remove(project) }

    /// Takes out the items that are due, the earliest first, at most `limit` of them.
    package mutating func popDue(at now: ContinuousClock.Instant, limit: Int) -> [ItemReference] {
        schedule.popDue(at: now, limit: limit)
    }

    /// The projects that waited for anybody to watch anything; they are to be planned anew.
    package mutating func takeDormant() -> Set<ProjectID> {
        defer { dormant = [] }
        return dormant
    }

    /// The delay of the `index`-th of many items that are planned at one instant.
    package func delay(ofIndex index: Int) -> Duration {
        index < Self.burstMax ? .zero : min(Self.spreadStep * (index - Self.burstMax), policy.providerTimeToLive)
    }
}

extension ItemRecord {
    /// From when on reading it can bring something new; nil when nothing is known of it.
    package var readableAt: ContinuousClock.Instant? { [dueAt, nextAttemptAt].compactMap { $0?.instant }.max() }

    /// Whether reading it can bring something new.
    package func isReadable(at now: Moment) -> Bool {
        !isSuspended && (readableAt.map { $0 <= now.instant } ?? true)
    }

    /// Whether it is well, and was read longer ago than that.
    package func isOld(_ limit: Duration, at now: Moment) -> Bool {
        // One that was tried before a crash may be in trouble that nobody saw.
        let isUntold = attemptStartedAt != nil && nextAttemptAt.map { $0.instant > now.instant } ?? false
        return failure == nil && !isUntold && (reading.map { now.age(since: $0.observedAt) > limit } ?? true)
    }

    /// Whether a read of it was sent so lately that not even one that somebody forces may follow.
    package func isAttempted(within interval: Duration, at now: Moment) -> Bool {
        attemptStartedAt.map { now.age(since: $0) < interval } ?? false
    }

    /// Whether its provider lets us ask.
    package func isUnblocked(at now: Moment) -> Bool {
        blockedUntil.map { $0.instant <= now.instant } ?? true
    }
}
