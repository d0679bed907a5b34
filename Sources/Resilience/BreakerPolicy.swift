/// When a circuit breaker opens, for how long, and what closes it; the defaults are those of SPEC §4.
///
/// Numbers that make no sense are moved to the nearest that does.
package struct BreakerPolicy: Hashable, Sendable {
    /// The longest that any of its times can be.
    private static let durationMax = Duration.seconds(7 * 86_400)

    /// Failures in a row that open it.
    package let failuresMax: Int
    /// A call that took longer is slow.
    package let slowAfter: Duration
    /// That many slow calls among the newest ``slowWindow`` open it as well.
    package let slowCallsMax: Int
    /// How many calls the judgement of slowness looks back; with fewer there is none.
    package let slowWindow: Int
    /// How long it stays open the first time; the n-th time in a row n times as long.
    package let openFor: Duration
    /// What that grows to at most, before jitter.
    package let openForMax: Duration
    /// Successes in a row that close it when it is half open.
    package let successesToClose: Int
    /// How the time that it stays open is spread.
    package let jitter: Jitter
    /// Once it has been closed that long, the next opening is again the first.
    package let forgottenAfter: Duration
    /// How long a probe keeps others from probing. Longer than any request takes (BEHAVIOURS 27: 10 s), so that only
    /// one that never reports is given up.
    package let probePatience: Duration
    /// When to come back that is refused for the sake of a probe under way, whose end nobody knows.
    package let probeInterval = Duration.seconds(1)

    package init(
        failuresMax: Int = 5, slowAfter: Duration = .seconds(5), slowCallsMax: Int = 4, slowWindow: Int = 5,
        openFor: Duration = .seconds(30), openForMax: Duration = .seconds(600), successesToClose: Int = 2,
        jitter: Jitter = .usual, forgottenAfter: Duration = .seconds(600), probePatience: Duration = .seconds(15)
    ) {
        self.failuresMax = max(failuresMax, 1)
        self.slowAfter = max(slowAfter, .zero)
        self.slowWindow = min(max(slowWindow, 1), 1000)
        self.slowCallsMax = min(max(slowCallsMax, 1), self.slowWindow)
        self.openForMax = min(max(openForMax, .milliseconds(1)), Self.durationMax)
        self.openFor = min(max(openFor, .milliseconds(1)), self.openForMax)
        self.successesToClose = max(successesToClose, 1)
        self.jitter = jitter
        self.forgottenAfter = min(max(forgottenAfter, .zero), Self.durationMax)
        self.probePatience = min(max(probePatience, .milliseconds(1)), Self.durationMax)
    }

    /// How long it stays open the n-th time in a row, before jitter.
    package func openDuration(opening count: Int) -> Duration {
        // Divided before it is multiplied: no count overflows.
        Double(count) < openForMax / openFor ? openFor * max(count, 1) : openForMax
    }

    /// The longest that it ever stays open.
    var openDurationMax: Duration { openForMax * (1 + jitter.fraction) }
}
