package import StatusModel

/// How the breaker before a link's hosts stands; of several hosts the one that keeps the most from it.
package struct BreakerStanding: Hashable, Sendable {
    package var state: BreakerState
    /// When an open breaker lets the next call through; nil for one that is not open.
    package var until: ContinuousClock.Instant?

    package init(_ state: BreakerState = .closed, until: ContinuousClock.Instant? = nil) {
        self.state = state
        self.until = until
    }
}
