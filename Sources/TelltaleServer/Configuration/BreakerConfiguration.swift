/// When a host that keeps failing or crawling is left alone for a while (SPEC §4).
package struct BreakerConfiguration: Hashable, Sendable {
    /// Failures in a row that open it.
    package var failuresMax = 5
    /// A call that takes longer is slow.
    package var slowCall: Duration = .seconds(5)
    /// That many slow calls among the newest ``slowWindow`` open it as well.
    package var slowCallsMax = 4
    package var slowWindow = 5
    /// How long it stays open the first time; the n-th time in a row n times as long.
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
