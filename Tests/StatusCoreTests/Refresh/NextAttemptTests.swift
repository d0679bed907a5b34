import StatusCore
import StatusModel
import TestSupport
import Testing

@Suite("The next attempt")
struct NextAttemptTests {
    private let start = Samples.start

    /// The shortest and the longest delay in seconds over many draws.
    private func range(_ next: (inout SeededGenerator) -> Moment) -> (least: Double, most: Double) {
        var generator = SeededGenerator(seed: 11)
        let delays = (0..<2000).map { _ in start.instant.duration(to: next(&generator).instant) / .seconds(1) }
        return (delays.min() ?? 0, delays.max() ?? 0)
    }

    @Test(
        "a success holds for one time to live ± 20 %",
        arguments: [(Samples.github, 15), (.service("worker"), 60)] as [(ItemKey, Double)])
    func success(key: ItemKey, seconds: Double) {
        let (least, most) = range { NextAttempt.after(success: Samples.reading(key), at: start, using: &$0) }
        #expect(least >= seconds * 0.8 && least < seconds * 0.82)
        #expect(most <= seconds * 1.2 && most > seconds * 1.18)
    }

    @Test("both clocks of the next attempt agree")
    func clocks() {
        var generator = SeededGenerator(seed: 1)
        let next = NextAttempt.after(success: Samples.reading(), at: start, using: &generator)
        #expect(
            start.instant(of: next.wall)
                == start.instant.advanced(by: .nanoseconds(next.wall.since(start.wall).saturatedNanoseconds)))
        #expect(next.wall > start.wall)
    }

    @Test(
        "what is left of a nearly spent rate limit is spread until it is renewed",
        arguments: [
            (5000, 4999, 12, 18), (5000, 500, 12, 18), (5000, 40, 90, 90), (5000, 1, 3600, 3600), (5000, 0, 3600, 3600),
            (0, 0, 12, 18),
        ] as [(Int, Int, Double, Double)])
    func budget(limit: Int, remaining: Int, least: Double, most: Double) {
        var reading = Samples.reading()
        reading.budget = RateBudget(limit: limit, remaining: remaining, resetsAt: start.after(3600).wall)
        let delays = range { NextAttempt.after(success: reading, at: start, using: &$0) }
        #expect(delays.least >= least && delays.most <= most)
    }

    @Test(
        "a failure waits as its kind demands",
        arguments: [
            (.network, .host, 15), (.timeout, .provider, 15), (.providerOutage, .provider, 15),
            (.oauthRevoked, .refused, 900), (.missingScope, .refused, 900), (.notFound, .refused, 60),
            (.rateLimited, .throttled, 60),
        ] as [(ProblemCode, ProblemCause, Double)])
    func failure(code: ProblemCode, cause: ProblemCause, seconds: Double) {
        let failure = Samples.failure(code, cause: cause)
        let delays = range { NextAttempt.after(failure: failure, of: Samples.github, at: start, using: &$0) }
        #expect(delays.least >= seconds * 0.8 && delays.most <= seconds * 1.2)
    }

    @Test(
        "a date that the provider named is kept to the second and never missed early, and no soon one means haste",
        arguments: [0, 1, 120, 3600])
    func retryAfter(seconds: Double) {
        let failure = Samples.failure(.rateLimited, cause: .throttled, retryAfter: start.after(seconds).wall)
        let delays = range { NextAttempt.after(failure: failure, of: Samples.github, at: start, using: &$0) }
        #expect(delays.least >= max(seconds, 12) && delays.most <= max(seconds + 1, 18))
    }

    @Test("a date in the past hurries nothing, one in the far future is not obeyed for ever")
    func absurdDates() {
        let past = Samples.failure(.network, retryAfter: UnixTime(nanoseconds: .min))
        let soon = range { NextAttempt.after(failure: past, of: Samples.github, at: start, using: &$0) }
        #expect(soon.least >= 12 && soon.most <= 18)
        let far = Samples.failure(.rateLimited, cause: .throttled, retryAfter: UnixTime(nanoseconds: .max))
        let delays = range { NextAttempt.after(failure: far, of: Samples.github, at: start, using: &$0) }
        #expect(delays.most <= 24 * 3600 + 1)
    }

    @Test("a jitter beyond its bounds is clamped", arguments: [-1, 0, 2, Double.nan, .infinity])
    func jitterBounds(jitter: Double) {
        var policy = RefreshPolicy()
        policy.jitter = jitter
        let delays = range { NextAttempt.after(success: Samples.reading(), at: start, policy: policy, using: &$0) }
        #expect(delays.least >= 0 && delays.most <= 30)
    }
}
