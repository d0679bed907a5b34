/// Leaves an upstream alone that keeps failing or crawling, and lets one call at a time find out whether it is back
/// (SPEC §4).
///
/// Closed, it counts. Open, it refuses until an instant. Half open, it lets one probe at a time through: a failure or a
/// slow answer opens it anew, enough successes in a row close it. What ``admit(at:)`` lets through carries a ticket;
/// an outcome whose ticket is from before the newest change says nothing of the upstream as it is now and is dropped.
package struct CircuitBreaker: Hashable, Sendable {
    /// Why it opened.
    package enum Reason: String, Hashable, Sendable {
        case failures, slow
    }

    package enum State: Hashable, Sendable {
        case closed
        /// The `openingCount`-th time in a row.
        case open(until: ContinuousClock.Instant, reason: Reason, openingCount: Int)
        case halfOpen
    }

    /// What a call said of its upstream.
    package enum Outcome: Hashable, Sendable {
        case success, failure
        /// Nothing: it was cancelled, throttled, or met a fault of this host. A probe's place is free again.
        case neutral
    }

    /// Names one admitted call to ``record(_:took:ticket:at:using:)``.
    package struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    package enum Admission: Hashable, Sendable {
        case pass(Ticket)
        /// It is open, or half open with a probe under way that has until then.
        case refused(until: ContinuousClock.Instant)
    }

    private enum Phase: Hashable {
        case closed
        case open(until: ContinuousClock.Instant, reason: Reason)
        case halfOpen(Trial)
    }

    /// The newest outcomes while closed.
    private struct Tally: Hashable {
        var failureCount = 0
        /// Whether each of the newest calls was slow, oldest first; at most the policy's window.
        var slowness: [Bool] = []
    }

    private struct Trial: Hashable {
        /// Why it had been open.
        let reason: Reason
        var successCount = 0
        var probe: Probe?
    }

    private struct Probe: Hashable {
        let ticket: Ticket
        let givenUpAt: ContinuousClock.Instant
    }

    private static let openingsMax = 1_000_000

    package let policy: BreakerPolicy
    private var phase = Phase.closed
    private var tally = Tally()
    /// Openings in a row, up to ``openingsMax``.
    private var openingCount = 0
    /// When it last closed; nil before its first opening and until it closes again.
    private var closedAt: ContinuousClock.Instant?
    private var nextNumber: UInt64 = 0
    /// Tickets with a lower number are from before the newest change.
    private var firstNumber: UInt64 = 0
    private var hasSucceeded = false

    package init(policy: BreakerPolicy = BreakerPolicy()) { self.policy = policy }

    package var state: State {
        switch phase {
        case .closed: .closed
        case .open(let until, let reason): .open(until: until, reason: reason, openingCount: openingCount)
        case .halfOpen: .halfOpen
        }
    }

    /// Whether nothing is known of the upstream but failures that have not opened it: it may have been open in another life.
    var isUnknown: Bool { phase == .closed && openingCount == 0 && !hasSucceeded }

    /// Lets a call through or refuses it. The first one after the time of being open makes it half open.
    package mutating func admit(at now: ContinuousClock.Instant) -> Admission {
        if case .open(let until, let reason) = phase {
            guard now >= until else { return .refused(until: until) }
            enter(.halfOpen(Trial(reason: reason)))
        }
        guard case .halfOpen(var trial) = phase else { return .pass(nextTicket()) }
        if let probe = trial.probe, now < probe.givenUpAt {
            return .refused(until: min(probe.givenUpAt, now.advanced(by: policy.probeInterval)))
        }
        let ticket = nextTicket()
        trial.probe = Probe(ticket: ticket, givenUpAt: now.advanced(by: policy.probePatience))
        phase = .halfOpen(trial)
        return .pass(ticket)
    }

    /// Takes what an admitted call came to. A probe that was given up still counts as long as it is half open.
    package mutating func record(
        _ outcome: Outcome, took duration: Duration, ticket: Ticket, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard ticket.number >= firstNumber else { return }
        let isSlow = duration > policy.slowAfter
        if outcome == .success { hasSucceeded = true }
        switch phase {
        case .closed:
            guard outcome != .neutral else { return }
            count(isFailure: outcome == .failure, isSlow: isSlow)
            if let reason = reasonToOpen { open(reason, at: now, using: &generator) }
        case .halfOpen(var trial):
            if trial.probe?.ticket == ticket { trial.probe = nil }
            if outcome == .success { trial.successCount += 1 }
            phase = .halfOpen(trial)
            switch outcome {
            case .neutral: break
            case .failure: open(.failures, at: now, using: &generator)
            case .success where isSlow: open(.slow, at: now, using: &generator)
            case .success: if trial.successCount >= policy.successesToClose { close(at: now) }
            }
        case .open:
            // Opening made every ticket old, and there is no new one.
            break
        }
    }

    private mutating func count(isFailure: Bool, isSlow: Bool) {
        tally.failureCount = isFailure ? min(tally.failureCount + 1, policy.failuresMax) : 0
        if tally.slowness.count == policy.slowWindow { tally.slowness.removeFirst() }
        tally.slowness.append(isSlow)
    }

    private var reasonToOpen: Reason? {
        if tally.failureCount >= policy.failuresMax { return .failures }
        guard tally.slowness.count == policy.slowWindow else { return nil }
        return tally.slowness.count { $0 } >= policy.slowCallsMax ? .slow : nil
    }

    private mutating func open(
        _ reason: Reason, at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) {
        if let closedAt, closedAt.duration(to: now) >= policy.forgottenAfter { openingCount = 0 }
        openingCount = min(openingCount + 1, Self.openingsMax)
        closedAt = nil
        let length = policy.jitter.apply(to: policy.openDuration(opening: openingCount), using: &generator)
        enter(.open(until: now.advanced(by: length), reason: reason))
    }

    private mutating func close(at now: ContinuousClock.Instant) {
        closedAt = now
        enter(.closed)
    }

    /// A change of phase makes all tickets old and all counts void.
    private mutating func enter(_ next: Phase) {
        phase = next
        tally = Tally()
        firstNumber = nextNumber
    }

    private mutating func nextTicket() -> Ticket {
        defer { nextNumber &+= 1 }
        return Ticket(number: nextNumber)
    }
}

extension CircuitBreaker {
    package func record(at now: ContinuousClock.Instant) -> Record {
        let opening: Record.Opening? =
            switch phase {
            case .closed: nil
            case .open(let until, let reason): Record.Opening(until: until, reason: reason)
            case .halfOpen(let trial): Record.Opening(until: now, reason: trial.reason)
            }
        return Record(openingCount: openingCount, opening: opening, closedAt: closedAt)
    }

    /// The breaker that a record was made of, with its counts void.
    package init(policy: BreakerPolicy = BreakerPolicy(), restoring record: Record, at now: ContinuousClock.Instant) {
        self.init(policy: policy)
        restore(record, at: now)
    }

    /// Stands from now on as a record says; what is under way says nothing of that any more.
    ///
    /// A record is read as carefully as an answer from outside: no count and no instant in it keeps this breaker open
    /// for longer than it would have opened by itself.
    mutating func restore(_ record: Record, at now: ContinuousClock.Instant) {
        openingCount = min(max(record.openingCount, 0), Self.openingsMax)
        enter(.closed)
        if let opening = record.opening {
            openingCount = max(openingCount, 1)
            enter(.open(until: min(opening.until, now.advanced(by: policy.openDurationMax)), reason: opening.reason))
        } else if openingCount > 0 {
            closedAt = min(record.closedAt ?? now, now)
        }
    }
}
