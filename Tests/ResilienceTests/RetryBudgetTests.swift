import Resilience
import TestSupport
import Testing

@Suite struct RetryBudgetTests {
    private let start = ContinuousClock.now

    @Test("a quiet caller may retry three times without any first try")
    func reserve() {
        var budget = RetryBudget()
        let granted = (0..<10).filter { _ in budget.takeRetry(at: start) }
        #expect(granted.count == 3)
    }

    @Test("five first tries earn one retry", arguments: [(0, 3), (4, 3), (5, 4), (9, 4), (10, 5), (1_000, 203)])
    func percentage(firstTryCount: Int, retryCount: Int) {
        var budget = RetryBudget()
        for _ in 0..<firstTryCount { budget.recordFirstTry(at: start) }
        let granted = (0..<1_000).filter { _ in budget.takeRetry(at: start) }
        #expect(granted.count == retryCount)
    }

    @Test("an upstream that fails for ten minutes is retried at most for 20 % of the first tries plus three")
    func outage() {
        var budget = RetryBudget()
        var (firstTryCount, retryCount) = (0, 0)
        for second in stride(from: 0, to: 600, by: 15) {
            let now = start + .seconds(second)
            budget.recordFirstTry(at: now)
            firstTryCount += 1
            for _ in 0..<3 where budget.takeRetry(at: now) { retryCount += 1 }
        }
        #expect(retryCount == firstTryCount / 5 + 3)
    }

    @Test("what left the window counts no more, neither as earned nor as spent")
    func slides() {
        var budget = RetryBudget(window: .seconds(100))
        for _ in 0..<50 { budget.recordFirstTry(at: start) }
        let atOnce = (0..<13).filter { _ in budget.takeRetry(at: start) }
        #expect(atOnce.count == 13)
        let oneMore = budget.takeRetry(at: start + .seconds(99))
        #expect(!oneMore)
        let later = start + .seconds(100)
        let granted = (0..<10).filter { _ in budget.takeRetry(at: later) }
        #expect(granted.count == 3)
    }

    @Test("a moment that is reported late counts in the newest slice")
    func lateReport() {
        var budget = RetryBudget(percent: 100, reserve: 0)
        budget.recordFirstTry(at: start + .seconds(300))
        budget.recordFirstTry(at: start)
        let granted = (0..<5).filter { _ in budget.takeRetry(at: start + .seconds(300)) }
        #expect(granted.count == 2)
    }

    @Test(
        "a seeded script never finds more retries in a window than the rule allows",
        arguments: [1, 2, 3, 4] as [UInt64])
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var budget = RetryBudget(percent: 20, reserve: 3, window: .seconds(60))
        var now = start
        var firstTries: [ContinuousClock.Instant] = []
        var retries: [ContinuousClock.Instant] = []
        for _ in 0..<5_000 {
            now += .milliseconds(Int.random(in: 0...500, using: &generator))
            if Bool.random(using: &generator) {
                budget.recordFirstTry(at: now)
                firstTries.append(now)
            } else if budget.takeRetry(at: now) {
                retries.append(now)
                // The budget forgets a slice as a whole, so it may remember up to a tenth of the window less.
                let earned = firstTries.filter { $0 > now - .seconds(60) }.count
                let spent = retries.filter { $0 > now - .seconds(54) }.count
                #expect(spent * 100 <= earned * 20 + 300, "seed \(seed)")
            }
        }
        #expect(retries.count > 100, "seed \(seed)")
    }

    @Test("settings that make no sense are moved to the nearest that does")
    func nonsense() {
        var none = RetryBudget(percent: -5, reserve: -5, window: .seconds(-1))
        none.recordFirstTry(at: start)
        let granted = none.takeRetry(at: start)
        #expect(!granted)
        #expect(none.window == .seconds(1))
        #expect(RetryBudget(percent: 1_000).percent == 100)
    }
}
