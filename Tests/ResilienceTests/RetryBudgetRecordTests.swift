import Resilience
import TestSupport
import Testing

@Suite("What is kept of a retry budget")
struct RetryBudgetRecordTests {
    private typealias Record = RetryBudget.Record

    private let start = ContinuousClock.now

    private func granted(_ budget: inout RetryBudget, at now: ContinuousClock.Instant, of tries: Int = 1_000) -> Int {
        var count = 0
        for _ in 0..<tries where budget.takeRetry(at: now) { count += 1 }
        return count
    }

    @Test("over twenty starts of a process that tries once each, no more is retried than in one life")
    func crashLoop() {
        var (budget, retryCount) = (RetryBudget(), 0)
        for life in 0..<20 {
            let now = start + .seconds(life)
            budget = RetryBudget(restoring: budget.record(at: now), at: now)
            budget.recordFirstTry(at: now)
            retryCount += granted(&budget, at: now)
        }
        #expect(retryCount == 20 / 5 + 3)
    }

    private static let seeds: [UInt64] = Array(1...10) + [UInt64.random(in: 11 ... .max)]

    @Test("one that is kept and restored at any time decides as one that lives on", arguments: seeds)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var living = RetryBudget(window: .seconds(60))
        var restored = living
        var now = start
        for step in 0..<5_000 {
            now += .milliseconds(Int.random(in: 0...500, using: &generator))
            if Int.random(in: 0..<50, using: &generator) == 0 {
                now += .seconds(Int.random(in: 0...40, using: &generator))
                let record = restored.record(at: now)
                #expect(record.slices.count <= 11)
                restored = RetryBudget(window: .seconds(60), restoring: record, at: now)
                #expect(restored.record(at: now) == record, "seed \(seed), step \(step)")
            }
            if Bool.random(using: &generator) {
                living.recordFirstTry(at: now)
                restored.recordFirstTry(at: now)
            } else {
                let (first, second) = (living.takeRetry(at: now), restored.takeRetry(at: now))
                #expect(first == second, "seed \(seed), step \(step)")
            }
        }
    }

    @Test("what left the window while nobody ran is neither earned nor spent")
    func outside() {
        let record = Record(slices: [
            Record.Slice(start: start - .seconds(600), firstTryCount: 1_000, retryCount: 0),
            Record.Slice(start: start - .seconds(599), firstTryCount: 0, retryCount: 2),
        ])
        var budget = RetryBudget(restoring: record, at: start)
        #expect(budget.record(at: start).slices.count == 1)
        #expect(granted(&budget, at: start) == 1)
    }

    @Test("a slice from ahead of the clock is spent now, and for no longer than the window")
    func future() {
        let record = Record(slices: [
            Record.Slice(start: start + .seconds(1 << 40), firstTryCount: 0, retryCount: 3)
        ])
        var budget = RetryBudget(restoring: record, at: start)
        #expect(granted(&budget, at: start + .seconds(599)) == 0)
        #expect(granted(&budget, at: start + .seconds(600)) == 3)
    }

    @Test(
        "a record that makes no sense traps nowhere and is bounded",
        arguments: [(Int.min, Int.min), (.max, .max), (0, .max), (.max, 0), (-1, 5)])
    func nonsense(firstTryCount: Int, retryCount: Int) {
        let slices = (0..<10_000).map { index in
            Record.Slice(
                start: start - .milliseconds(index * 7), firstTryCount: firstTryCount, retryCount: retryCount)
        }
        var budget = RetryBudget(restoring: Record(slices: slices), at: start)
        #expect(budget.record(at: start).slices.count <= 11)
        _ = granted(&budget, at: start, of: 10)
        budget.recordFirstTry(at: start)
        #expect(budget.record(at: start + .seconds(1_000)).slices.isEmpty)
    }

    @Test("slices out of order, and closer than they can be, are those that they would have been")
    func order() {
        let record = Record(slices: [
            Record.Slice(start: start - .seconds(10), firstTryCount: 0, retryCount: 1),
            Record.Slice(start: start - .seconds(500), firstTryCount: 5, retryCount: 0),
            Record.Slice(start: start - .seconds(20), firstTryCount: 0, retryCount: 1),
        ])
        let budget = RetryBudget(restoring: record, at: start)
        #expect(
            budget.record(at: start).slices == [
                Record.Slice(start: start - .seconds(500), firstTryCount: 5, retryCount: 0),
                Record.Slice(start: start - .seconds(20), firstTryCount: 0, retryCount: 2),
            ])
    }
}
