/// How a read that failed is tried again within its refresh (SPEC §4).
package struct RetryConfiguration: Hashable, Sendable {
    /// Tries after the first (BEHAVIOURS 26: never more than 3 in all).
    package var retriesMax = 2
    package var initialDelay: Duration = .milliseconds(100)
    package var delayMax: Duration = .seconds(2)
    /// Retries as a share of first tries, for each provider.
    package var budget = 0.2

    package init() {}
}

extension RetryConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .count("retries", \.retriesMax, 0...10),
            .duration("initialDelay", \.initialDelay, .milliseconds(1)...(.seconds(10))),
            .duration("maxDelay", \.delayMax, .milliseconds(1)...(.seconds(60))),
            .fraction("budget", \.budget, 0...1),
        ]
    }

    package var conflicts: [(key: String, message: String)] {
        initialDelay > delayMax ? [("initialDelay", "is longer than maxDelay")] : []
    }
}
