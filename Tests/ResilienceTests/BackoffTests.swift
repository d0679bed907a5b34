import Resilience
import TestSupport
import Testing

@Suite struct BackoffTests {
    private let fetchBackoff = Backoff(initial: .milliseconds(100), multiplier: 2, max: .seconds(2))

    @Test(
        "the ceiling doubles from the initial wait up to the maximum",
        arguments: [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1_600), (6, 2_000), (7, 2_000), (1_000, 2_000)])
    func ceilingGrows(attempt: Int, milliseconds: Int) {
        #expect(fetchBackoff.ceiling(afterAttempt: attempt) == .milliseconds(milliseconds))
    }

    @Test("explicit steps are taken in turn and the last one stays")
    func steps() {
        let reconnect = Backoff(steps: [1, 2, 5, 10, 30, 60].map { Duration.seconds($0) })
        let ceilings = (1...8).map { reconnect.ceiling(afterAttempt: $0) }
        #expect(ceilings == [1, 2, 5, 10, 30, 60, 60, 60].map { Duration.seconds($0) })
        #expect(reconnect.ceiling(afterAttempt: .max) == .seconds(60))
    }

    @Test("without steps there is no wait")
    func noSteps() {
        var generator = SeededGenerator(seed: 1)
        let delay = Backoff(steps: []).delay(afterAttempt: 3, using: &generator)
        #expect(delay == .zero)
    }

    @Test("any attempt number is safe", arguments: [Int.min, -1, 0, 1, 63, 64, 65, 1_024, 1 << 40, Int.max])
    func anyAttempt(attempt: Int) {
        var generator = SeededGenerator(seed: 7)
        let backoffs = [
            fetchBackoff, Backoff(initial: .nanoseconds(1), multiplier: 1.000_000_1, max: .seconds(60)),
            Backoff(initial: .seconds(1), multiplier: .infinity, max: .seconds(Int64.max)),
            Backoff(initial: .seconds(1), multiplier: 10, max: Duration(attoseconds: .max)),
            Backoff(initial: .zero, multiplier: .infinity, max: .seconds(1)),
            Backoff(initial: .seconds(1), multiplier: .nan, max: .seconds(3)),
        ]
        for backoff in backoffs {
            let ceiling = backoff.ceiling(afterAttempt: attempt)
            let delay = backoff.delay(afterAttempt: attempt, using: &generator)
            #expect(delay >= .zero && delay <= ceiling)
        }
    }

    @Test(
        "settings that make no sense are moved to the nearest that does",
        arguments: [
            (Backoff(initial: .seconds(-1), max: .seconds(5)), Duration.zero),
            (Backoff(initial: .seconds(1), multiplier: 0, max: .seconds(5)), .seconds(1)),
            (Backoff(initial: .seconds(1), multiplier: .nan, max: .seconds(5)), .seconds(1)),
            (Backoff(initial: .seconds(9), max: .seconds(5)), .seconds(5)),
            (Backoff(initial: .seconds(1), max: .seconds(-5)), .zero),
            (Backoff(steps: [.seconds(-3)]), .zero),
        ])
    func nonsense(backoff: Backoff, ceiling: Duration) {
        #expect(backoff.ceiling(afterAttempt: 4) == ceiling)
    }

    @Test("full jitter spreads the waits evenly from nothing to the ceiling")
    func fullJitter() {
        var generator = SeededGenerator(seed: 42)
        let quarters = (0..<4_000).reduce(into: [0, 0, 0, 0]) { counts, _ in
            let delay = fetchBackoff.delay(afterAttempt: 3, using: &generator)
            counts[min(Int(delay / .milliseconds(100)), 3)] += 1
        }
        for count in quarters { #expect((900...1_100).contains(count), "quarters: \(quarters)") }
    }

    @Test("the same seed gives the same waits")
    func reproducible() {
        let waits = (0..<2).map { _ in
            var generator = SeededGenerator(seed: 3)
            return (1...5).map { fetchBackoff.delay(afterAttempt: $0, using: &generator) }
        }
        #expect(waits[0] == waits[1])
        #expect(Set(waits[0]).count == 5)
    }
}
