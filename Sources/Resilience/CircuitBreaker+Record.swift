extension CircuitBreaker {
    /// What must outlive the process: whether it is open, and how often it was in a row.
    package struct Record: Hashable, Sendable {
        package var openingCount: Int
        /// Until when it is open, and why; nil when it is closed. One that is half open counts as open until now.
        package var opening: Opening?
        /// When it last closed; nil while it is not closed and when it never was open.
        package var closedAt: ContinuousClock.Instant?

        package struct Opening: Hashable, Sendable {
            package var until: ContinuousClock.Instant
            package var reason: Reason

            package init(until: ContinuousClock.Instant, reason: Reason) {
                self.until = until
                self.reason = reason
            }
        }

        package init(openingCount: Int = 0, opening: Opening? = nil, closedAt: ContinuousClock.Instant? = nil) {
            self.openingCount = openingCount
            self.opening = opening
            self.closedAt = closedAt
        }
    }
}
