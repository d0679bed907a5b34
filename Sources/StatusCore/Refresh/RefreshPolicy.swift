package import StatusModel

/// How often items are read; the defaults are those of SPEC §4.
package struct RefreshPolicy: Hashable, Sendable {
    /// Time to live of a provider's reading.
    package var providerTimeToLive: Duration = .seconds(15)
    /// Time to live of a service's reading.
    package var serviceTimeToLive: Duration = .seconds(60)
    /// Each interval is drawn from its length ± this fraction; 0 to 1.
    package var jitter = 0.2
    /// Between readings of an item that nobody asks for, while anybody watches anything.
    package var idleInterval: Duration = .seconds(60)
    /// Between readings of an item that refuses us.
    package var refusedInterval: Duration = .seconds(15 * 60)
    /// Time to live of a negative answer: what is linked does not exist.
    package var negativeTimeToLive: Duration = .seconds(60)
    /// After throttling that did not say until when.
    package var throttledInterval: Duration = .seconds(60)
    /// A provider is obeyed for at most this long, for a date in the far future is a mistake.
    package var retryAfterMax: Duration = .seconds(24 * 3600)
    /// Between the first part of an answer and the rest: long enough for the project's other items to end the refresh
    /// that somebody waits for, which the rest would else prolong.
    package var partInterval: Duration = .milliseconds(150)
    /// An item of which nothing is known, and whose first read the end of the daemon cut off, is not read before that much
    /// time has passed since it began: else a daemon that dies of the answer asks as often as it is started.
    package var unseenAttemptInterval: Duration = .seconds(1)
    /// Below this part of a rate limit, what is left of it is spread over the time until it is renewed.
    package var budgetReserve = 0.1
    /// A project that was read within this time stays fresh.
    package var recentlyReadFor: Duration = .seconds(300)
    /// A project that nobody has asked for in this time is not refreshed any more.
    package var forgottenAfter: Duration = .seconds(72 * 3600)

    package init() {}

    var jitterBounded: Double { jitter.isFinite ? min(max(jitter, 0), 1) : 0 }

    /// How long to wait so that nobody is asked before the instant that a provider named; never more than
    /// ``retryAfterMax``.
    package func delay(until time: UnixTime, at now: Moment) -> Duration {
        min(max(time.since(now.wall), .zero), retryAfterMax)
    }

    /// Time to live of an item's reading, before jitter.
    package func timeToLive(of key: ItemKey) -> Duration {
        switch key {
        case .provider: providerTimeToLive
        case .service: serviceTimeToLive
        }
    }
}
