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

/// How a read that failed is tried again within its refresh (SPEC §4).
package struct RetryConfiguration: Hashable, Sendable {
    /// Tries after the first.
    package var retriesMax = 3
    package var initialDelay: Duration = .milliseconds(100)
    package var delayMax: Duration = .seconds(2)
    /// Retries over all as a share of first tries.
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

/// When calls to a provider's host are stopped for a while (SPEC §4).
package struct BreakerConfiguration: Hashable, Sendable {
    /// Failures in a row that open it.
    package var failuresMax = 5
    /// A call counts as slow from here.
    package var slowCall: Duration = .seconds(5)
    /// That many slow calls among the newest ``slowWindow`` open it as well.
    package var slowCallsMax = 4
    package var slowWindow = 5
    /// How long it stays open the first time; the n-th time n times as long.
    package var coolDown: Duration = .seconds(30)
    package var coolDownMax: Duration = .seconds(600)
    /// Successes in a row that close it when it is half open.
    package var successesToClose = 2

    package init() {}
}

extension BreakerConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .count("failures", \.failuresMax, 1...1_000),
            .duration("slowCall", \.slowCall, .milliseconds(50)...(.seconds(60))),
            .count("slowCalls", \.slowCallsMax, 1...1_000),
            .count("slowWindow", \.slowWindow, 1...1_000),
            .duration("coolDown", \.coolDown, .seconds(1)...(.seconds(3_600))),
            .duration("maxCoolDown", \.coolDownMax, .seconds(1)...(.seconds(86_400))),
            .count("successes", \.successesToClose, 1...100),
        ]
    }

    package var conflicts: [(key: String, message: String)] {
        var found: [(key: String, message: String)] = []
        if slowCallsMax > slowWindow { found.append(("slowCalls", "is more than slowWindow, so it could never open")) }
        if coolDown > coolDownMax { found.append(("coolDown", "is longer than maxCoolDown")) }
        return found
    }
}
