/// When readings are taken anew (SPEC §4).
package struct RefreshConfiguration: Hashable, Sendable {
    /// How long a reading counts as fresh.
    package var ttl: Duration = .seconds(15)
    /// By which share of itself a time to live varies either way, so that entries loaded together part.
    package var jitter = 0.2
    /// How long one read of one provider may take.
    package var deadline: Duration = .milliseconds(2_500)
    /// How long the first read of a project waits for what is missing.
    package var firstWait: Duration = .milliseconds(400)
    /// How often an idle watch says that it lives (SPEC §6).
    package var heartbeat: Duration = .seconds(15)
    /// How often a project is read that nobody has asked for lately, while anyone watches.
    package var healthPing: Duration = .seconds(60)
    /// An entry that nobody has asked for in this time is no longer refreshed.
    package var forgetAfter: Duration = .seconds(72 * 3_600)
    /// The shortest time between two forced refreshes of one project.
    package var forceInterval: Duration = .seconds(1)

    package init() {}
}

extension RefreshConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .duration("ttl", \.ttl, .seconds(1)...(.seconds(86_400))),
            .fraction("jitter", \.jitter, 0...0.5),
            .duration("deadline", \.deadline, .milliseconds(50)...(.seconds(60))),
            .duration("firstWait", \.firstWait, .zero...(.seconds(10))),
            .duration("heartbeat", \.heartbeat, .seconds(1)...(.seconds(300))),
            .duration("healthPing", \.healthPing, .seconds(1)...(.seconds(86_400))),
            .duration("forgetAfter", \.forgetAfter, .seconds(60)...(.seconds(8_760 * 3_600))),
            .duration("forceInterval", \.forceInterval, .milliseconds(100)...(.seconds(3_600))),
        ]
    }

    package var conflicts: [(key: String, message: String)] {
        firstWait > deadline ? [("firstWait", "is longer than deadline, past which no answer comes")] : []
    }
}
