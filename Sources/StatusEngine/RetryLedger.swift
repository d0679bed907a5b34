import Locks
import Resilience
import Synchronization

/// Says whether a failed attempt is worth another, and after which wait: a budget for each upstream keeps the retries
/// of all items together a small part of its traffic (SPEC §4: 20 %).
final class RetryLedger: Sendable {
    private struct State {
        var budgets: [Upstream: RetryBudget] = [:]
        var generator: any RandomNumberGenerator & Sendable
    }

    private let policy: RetryPolicy
    private let budgetPercent: Int
    private let state: Lock<State>

    init(policy: RetryPolicy, budgetPercent: Int, generator: any RandomNumberGenerator & Sendable) {
        self.policy = policy
        self.budgetPercent = budgetPercent
        state = Lock(State(generator: generator))
    }

    /// The first attempt of a read begins; it is always allowed.
    func began(_ upstream: Upstream, at now: ContinuousClock.Instant) {
        state.withLock { $0.budgets[upstream, default: RetryBudget(percent: budgetPercent)].recordFirstTry(at: now) }
    }

    /// When to try again after a failed attempt, the first of which is number 1; nil to leave it at that: the retries
    /// or the budget are spent, or the deadline would pass before.
    func retry(
        _ upstream: Upstream, afterAttempt attempt: Int, at now: ContinuousClock.Instant,
        before deadline: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        state.withLock { state in
            guard let delay = policy.delay(afterAttempt: attempt, using: &state.generator) else { return nil }
            let instant = now.advanced(by: delay)
            guard instant < deadline,
                state.budgets[upstream, default: RetryBudget(percent: budgetPercent)].takeRetry(at: now)
            else { return nil }
            return instant
        }
    }
}
