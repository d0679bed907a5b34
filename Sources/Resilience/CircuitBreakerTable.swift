/// A circuit breaker for each upstream, made when it is first called.
///
/// At most ``keysMax`` are held. One more drops the breaker that was used longest ago, a closed one if there is any:
/// it would be made anew just so, but for its counts.
package struct CircuitBreakerTable<Key: Hashable & Sendable>: Sendable {
    /// A change between closed, open and half open.
    package struct Transition: Hashable, Sendable {
        package let key: Key
        package let from: CircuitBreaker.State
        package let to: CircuitBreaker.State
        /// What must be kept of it from then on.
        package let record: CircuitBreaker.Record
    }

    struct Entry {
        var breaker: CircuitBreaker
        var lastUse: UInt64

        var isClosed: Bool { breaker.state == .closed }
    }

    let policy: BreakerPolicy
    /// The most breakers held, at least 1.
    package let keysMax: Int
    var entries: [Key: Entry] = [:]
    private var useCount: UInt64 = 0

    package init(policy: BreakerPolicy = BreakerPolicy(), keysMax: Int = 4096) {
        self.policy = policy
        self.keysMax = max(keysMax, 1)
    }

    package var count: Int { entries.count }

    /// How it stands with an upstream; closed when it was never called.
    package func state(of key: Key) -> CircuitBreaker.State { entries[key]?.breaker.state ?? .closed }

    /// Lets a call through or refuses it.
    package mutating func admit(
        _ key: Key, at now: ContinuousClock.Instant
    ) -> (admission: CircuitBreaker.Admission, transition: Transition?) {
        if entries[key] == nil { makeRoom() }
        var entry = entries[key] ?? Entry(breaker: CircuitBreaker(policy: policy), lastUse: 0)
        let before = entry.breaker.state
        let admission = entry.breaker.admit(at: now)
        useCount &+= 1
        entry.lastUse = useCount
        entries[key] = entry
        return (admission, Transition(key, from: before, to: entry.breaker, at: now))
    }

    /// Takes what an admitted call came to. The breaker may have been dropped since; then there is nothing to tell it.
    package mutating func record(
        _ outcome: CircuitBreaker.Outcome, of key: Key, took duration: Duration, ticket: CircuitBreaker.Ticket,
        at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Transition? {
        guard var entry = entries.removeValue(forKey: key) else { return nil }
        let before = entry.breaker.state
        entry.breaker.record(outcome, took: duration, ticket: ticket, at: now, using: &generator)
        entries[key] = entry
        return Transition(key, from: before, to: entry.breaker, at: now)
    }

    /// Looks at every entry, which only a new upstream in a full table costs.
    private mutating func makeRoom() {
        guard entries.count >= keysMax else { return }
        let victim = entries.min { first, second in
            let (isFirstClosed, isSecondClosed) = (first.value.isClosed, second.value.isClosed)
            return isFirstClosed == isSecondClosed ? first.value.lastUse < second.value.lastUse : isFirstClosed
        }
        if let victim { entries[victim.key] = nil }
    }
}

extension CircuitBreakerTable.Transition {
    /// Nil when nothing has changed.
    fileprivate init?(
        _ key: Key, from before: CircuitBreaker.State, to breaker: CircuitBreaker, at now: ContinuousClock.Instant
    ) {
        guard before != breaker.state else { return nil }
        self.init(key: key, from: before, to: breaker.state, record: breaker.record(at: now))
    }
}
