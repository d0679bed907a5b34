import StatusCore

extension LimitTable {
    mutating func restore(_ limits: [StoredLimit], at now: Moment) {}
    mutating func takeChanged(at now: Moment) -> [StoredLimit] { [] }
}

extension RetryLedger {
    func restore(_ budgets: [StoredBudget], at now: ContinuousClock.Instant) {}
    func takeChanged(at now: ContinuousClock.Instant) -> [StoredBudget] { [] }
}
