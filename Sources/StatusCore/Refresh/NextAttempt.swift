import Resilience
package import StatusModel

/// When an item is due again after what its last reading came to.
package enum NextAttempt {
    /// After a success: one time to live, with jitter. A nearly spent rate limit stretches it, so that what is left
    /// lasts all `sharers` of it until it is renewed.
    ///
    /// The first part of an answer that comes in parts is followed by the rest in a moment.
    package static func after(
        success reading: Reading, previous: Reading? = nil, at now: Moment, policy: RefreshPolicy = RefreshPolicy(),
        sharers: Int = 1,
        using generator: inout some RandomNumberGenerator
    ) -> Moment {
        if reading.isPartial, reading.notBefore == nil, previous?.isPartial != true {
            return now.advanced(by: policy.partInterval)
        }
        var interval = jittered(policy.timeToLive(of: reading.key), policy, &generator)
        if let notBefore = reading.notBefore { interval = max(interval, policy.delay(until: notBefore, at: now)) }
        guard let budget = reading.budget else { return now.advanced(by: interval) }
        let stretched = BudgetStretch(reserve: policy.budgetReserve).interval(
            base: interval, limit: budget.limit, remaining: budget.remaining,
            untilReset: policy.delay(until: budget.resetsAt, at: now), sharers: sharers)
        return now.advanced(by: stretched)
    }

    /// After a failure: not before the provider allows it, and otherwise
    /// - a refusal after 15 min, for only a person can repair it, and what does not exist after 60 s;
    /// - throttling without a date after 60 s;
    /// - everything else after one time to live, so that trouble that ends clears with the next refresh.
    package static func after(
        failure: ProviderFailure, of key: ItemKey, at now: Moment, policy: RefreshPolicy = RefreshPolicy(),
        using generator: inout some RandomNumberGenerator
    ) -> Moment {
        let interval: Duration =
            if failure.isThrottled {
                failure.retryAfter == nil ? policy.throttledInterval : policy.timeToLive(of: key)
            } else if failure.heldUntil != nil {
                .zero
            } else if failure.code == .notFound {
                policy.negativeTimeToLive
            } else if failure.cause == .refused {
                policy.refusedInterval
            } else {
                policy.timeToLive(of: key)
            }
        let planned = jittered(interval, policy, &generator)
        guard let retryAfter = failure.retryAfter ?? failure.heldUntil else { return now.advanced(by: planned) }
        // Never early, and spread over one second, so that the items of a host do not all come back at once.
        let spread = Duration.milliseconds(Int64.random(in: 0...1000, using: &generator))
        return now.advanced(by: max(planned, policy.delay(until: retryAfter, at: now) + spread))
    }

    /// Whether the item is left alone until its secret changes: the provider has said that this one is dead, and asking
    /// with it again and again is what gets an account locked (providers.md §9, GH4). Without a secret nothing can change,
    /// and where the provider named a time that one counts.
    package static func isSuspended(by failure: ProviderFailure, link: Link) -> Bool {
        failure.code == .oauthRevoked && failure.isRefusal && failure.retryAfter == nil && !link.credentials.isEmpty
    }

    private static func jittered(
        _ interval: Duration, _ policy: RefreshPolicy, _ generator: inout some RandomNumberGenerator
    ) -> Duration {
        interval * Double.random(in: (1 - policy.jitterBounded)...(1 + policy.jitterBounded), using: &generator)
    }
}
