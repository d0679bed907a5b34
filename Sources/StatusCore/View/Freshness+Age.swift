package import StatusModel

extension Freshness {
    /// How fresh content of that age is: ageing once it is over 90 s old, old once over 5 min (SPEC §2).
    package init(age: Duration, policy: ViewPolicy = ViewPolicy()) {
        self = age > policy.oldAfter ? .old : age > policy.ageingAfter ? .ageing : .fresh
    }

    /// That of the oldest content among the items that are configured, and with that visible; never while none of them
    /// has any.
    package static func oldest(of statuses: some Sequence<IntegrationStatus>) -> Self {
        let known = Set(statuses.lazy.filter(\.configured).map(\.freshness))
        return [.old, .ageing, .fresh].first(where: known.contains) ?? .never
    }

    /// The first instant after `now` at which content of `instant` is less fresh; nil when it is old already.
    package static func nextChange(
        of instant: ContinuousClock.Instant, after now: ContinuousClock.Instant, policy: ViewPolicy = ViewPolicy()
    ) -> ContinuousClock.Instant? {
        [policy.ageingAfter, policy.oldAfter].map { instant.firstInstant(over: $0) }.filter { $0 > now }.min()
    }
}

extension ContinuousClock.Instant {
    /// The first instant at which something of this instant is over that old, by a clock that counts nanoseconds.
    package func firstInstant(over age: Duration) -> Self { advanced(by: age + .nanoseconds(1)) }
}
