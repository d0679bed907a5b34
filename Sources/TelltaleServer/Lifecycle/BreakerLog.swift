import Resilience
package import StatusProviders

/// Tells the log when a host is left alone, and when it is asked again.
package struct BreakerLog: Sendable {
    private let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    package func changed(_ transition: GuardedTransport.Transition) {
        let host = LogField.text("host", transition.key.host)
        switch transition.to {
        case .open(_, let reason, let openingCount):
            logger.warning(
                "circuit breaker opened",
                [
                    host, .circuitBreakerState("open"), .text("reason", reason.rawValue),
                    .number("openings", openingCount),
                ])
        case .halfOpen:
            logger.info("circuit breaker lets a probe through", [host, .circuitBreakerState("half_open")])
        case .closed:
            logger.notice("circuit breaker closed", [host, .circuitBreakerState("closed")])
        }
    }
}
