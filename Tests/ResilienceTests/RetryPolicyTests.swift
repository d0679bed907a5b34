import Resilience
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
    private let backoff = Backoff(initial: .milliseconds(100), max: .seconds(2))

    @Test("three retries follow the first attempt, then there is no wait because there is no attempt")
    func threeRetries() {
        var generator = SeededGenerator(seed: 2)
        let policy = RetryPolicy(retriesMax: 3, backoff: backoff)
        for attempt in 1...3 {
            let delay = policy.delay(afterAttempt: attempt, using: &generator)
            #expect(delay.map { $0 <= backoff.ceiling(afterAttempt: attempt) } == true)
        }
        let beyond = [4, .max].map { policy.delay(afterAttempt: $0, using: &generator) }
        #expect(beyond == [nil, nil])
    }

    @Test("no retries, or fewer, means one attempt", arguments: [0, -1, Int.min])
    func none(retriesMax: Int) {
        var generator = SeededGenerator(seed: 2)
        let policy = RetryPolicy(retriesMax: retriesMax, backoff: backoff)
        let delay = policy.delay(afterAttempt: 1, using: &generator)
        #expect(delay == nil)
    }
}
