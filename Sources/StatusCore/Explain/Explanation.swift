package import StatusModel

/// Why an item is what it is at a moment: what its status rests on, what is wrong, what holds the next attempt, and when
/// that is made (SPEC §3, `Explain`).
///
/// All words are made of the item's view, which is redacted for the role, and of times. An item that policy hides has
/// one explanation whatever is known of it, so that nothing can be told from it.
package struct Explanation: Hashable, Sendable {
    let record: ItemRecord
    let view: ItemView
    let circumstances: Circumstances
    let now: Moment

    /// - Parameters:
    ///   - record: What is known of the item.
    ///   - view: The same as the role sees it at `now`.
    ///   - circumstances: What else decides when it is read.
    ///   - now: The moment of asking.
    package init(of record: ItemRecord, view: ItemView, in circumstances: Circumstances, at now: Moment) {
        self.record = record
        self.view = view
        self.circumstances = circumstances
        self.now = now
    }

    /// The explanation as it is told.
    package var told: ItemExplanation {
        var told = ItemExplanation(status: view.status, reasons: reasons)
        guard view.status.visible else { return told }
        told.demand = circumstances.demand
        guard view.status.configured else { return told }
        told.age = age
        told.lastError = lastError
        told.breaker = circumstances.breaker.state
        told.breakerOpenUntil = breakerOpenUntil.map(wall)
        told.nextAttemptAt = plannedAt.map { wall(max($0, now.instant)) }
        told.throttledUntil = throttledUntil.map(wall)
        told.traceID = record.refreshID?.description ?? ""
        return told
    }

    /// One sentence each, the weightiest first.
    var reasons: [String] {
        guard view.status.visible else { return ["Policy hides this item from your role."] }
        guard view.status.configured else { return [whyNotConfigured] }
        return [basis] + trouble + holds + [outlook].compactMap { $0 }
    }

    // What the words are made of.

    /// How old the content is; nil before the first answer.
    private var age: Duration? {
        guard view.status.updatedAt != nil else { return nil }
        return view.learntAt.map { now.age(since: $0) }
    }

    private var lastError: RefreshError? {
        guard let failure = record.failure, let problem = view.status.problem else { return nil }
        return RefreshError(code: problem.code, message: problem.hint, at: failure.lastSeenAt.wall(asOf: now))
    }

    /// When an open breaker lets a call through, if that lies ahead.
    var breakerOpenUntil: ContinuousClock.Instant? {
        guard circumstances.breaker.state == .open else { return nil }
        return circumstances.breaker.until.flatMap { $0 > now.instant ? $0 : nil }
    }

    /// Until when the provider wants no request for it, by its own answer or by the limit of all that share it.
    var blockedUntil: ContinuousClock.Instant? {
        [record.blockedUntil?.instant, circumstances.limitEndsAt.map { now.instant(of: $0) }].compactMap { $0 }
            .filter { $0 > now.instant }.max()
    }

    /// The same, where a limit is the reason.
    private var throttledUntil: ContinuousClock.Instant? {
        let isThrottled = record.failure?.isThrottled ?? false
        return isThrottled || circumstances.limitEndsAt.map { $0 > now.wall } ?? false ? blockedUntil : nil
    }

    /// Whether it is read by itself as things stand.
    var isScheduled: Bool { !record.isSuspended && interval != nil }

    private var interval: Duration? {
        circumstances.demand.interval(
            for: record.key, isAnyoneWatching: circumstances.isAnyoneWatching, policy: circumstances.policy)
    }

    /// When it is read next; nil when it is not read by itself.
    var plannedAt: ContinuousClock.Instant? {
        guard isScheduled, let interval else { return nil }
        let readable = [record.dueAt, record.nextAttemptAt].compactMap { $0?.instant }.max() ?? now.instant
        // What is asked for less often is read less often.
        let leisure = max(.zero, interval - circumstances.policy.timeToLive(of: record.key))
        return [readable.advanced(by: leisure), blockedUntil, breakerOpenUntil].compactMap { $0 }.max()
    }

    private func wall(_ instant: ContinuousClock.Instant) -> UnixTime {
        now.wall.advanced(by: now.instant.duration(to: instant))
    }
}
