import Locks
package import Resilience
package import StatusCore
import Synchronization

/// Says whether a failed attempt is worth another, and after which wait: a budget for each upstream keeps the retries
/// of all items together a small part of its traffic (SPEC §4: 20 %), however often the daemon is started meanwhile.
package final class RetryLedger: Sendable {
    private struct State {
        var budgets: [Upstream: RetryBudget] = [:]
        /// Of which something was spent since ``takeChanged(at:)``.
        var changed: Set<Upstream> = []
        var generator: any RandomNumberGenerator & Sendable
    }

    private let policy: RetryPolicy
    private let budgetPercent: Int
    private let state: Lock<State>

    package init(policy: RetryPolicy, budgetPercent: Int, generator: any RandomNumberGenerator & Sendable) {
        self.policy = policy
        self.budgetPercent = budgetPercent
        state = Lock(State(generator: generator))
    }

    /// The first attempt of a read begins; it is always allowed.
    package func began(_ upstream: Upstream, at now: ContinuousClock.Instant) {
        state.withLock { $0.budgets[upstream, default: RetryBudget(percent: budgetPercent)].recordFirstTry(at: now) }
    }

    /// When to try again after a failed attempt, the first of which is number 1; nil to leave it at that: the retries
    /// or the budget are spent, or the deadline would pass before.
    package func retry(
        _ upstream: Upstream, afterAttempt attempt: Int, at now: ContinuousClock.Instant,
        before deadline: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        state.withLock { state in
            guard let delay = policy.delay(afterAttempt: attempt, using: &state.generator) else { return nil }
            let instant = now.advanced(by: delay)
            guard instant < deadline,
                state.budgets[upstream, default: RetryBudget(percent: budgetPercent)].takeRetry(at: now)
            else { return nil }
            state.changed.insert(upstream)
            return instant
        }
    }

    /// What to keep: the budgets of which a retry was taken since this was last asked. First tries alone change what may
    /// be spent, and are no reason to write.
    package func takeChanged(at now: ContinuousClock.Instant) -> [StoredBudget] {
        state.withLock { state in
            defer { state.changed = [] }
            return state.changed.compactMap { upstream in
                state.budgets[upstream].map {
                    StoredBudget(upstream: upstream.description, record: $0.record(at: now))
                }
            }
        }
    }

    /// All budgets, for a store that has lost them.
    package func takeAll(at now: ContinuousClock.Instant) -> [StoredBudget] {
        state.withLock { $0.changed.formUnion($0.budgets.keys) }
        return takeChanged(at: now)
    }

    /// Takes in what was kept, before the first read. An upstream that was read since knows better; an unknown one is
    /// passed over.
    package func restore(_ budgets: [StoredBudget], at now: ContinuousClock.Instant) {
        state.withLock { state in
            for budget in budgets {
                guard let upstream = Upstream(budget.upstream), state.budgets[upstream] == nil else { continue }
                state.budgets[upstream] = RetryBudget(
                    percent: budgetPercent, restoring: budget.record, at: now)
            }
        }
    }
}
