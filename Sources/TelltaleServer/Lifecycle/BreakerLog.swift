import Resilience
package import StatusProviders

/// Tells the log when a host is left alone, and when it is asked again.
package struct BreakerLog: Sendable {
    private let logger: Logger
    private let upstream: String

    /// - Parameters:
    ///   - logger: Hears of it.
    ///   - upstream: Whose host it is: a provider, or `services`.
    package init(logger: Logger, upstream: String) {
        self.logger = logger
        self.upstream = upstream
    }

    package func changed(_ transition: GuardedTransport.Transition) {
        let place = [LogField.text("provider", upstream), .text("host", transition.key.origin.host)]
        switch transition.to {
        case .open(_, let reason, let openingCount):
            logger.warning(
                "circuit breaker opened",
                place + [
                    .circuitBreakerState("open"), .text("reason", reason.rawValue), .number("openings", openingCount),
                ])
        case .halfOpen:
            logger.info("circuit breaker lets a probe through", place + [.circuitBreakerState("half_open")])
        case .closed:
            logger.notice("circuit breaker closed", place + [.circuitBreakerState("closed")])
        }
    }
}
