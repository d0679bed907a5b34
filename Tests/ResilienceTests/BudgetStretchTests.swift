import Resilience
import TestSupport
import Testing

@Suite("The stretch of a budget")
struct BudgetStretchTests {
    private func seconds(
        limit: Int = 5000, remaining: Int, untilReset: Duration = .seconds(3600), sharers: Int = 1
    ) -> Double {
        BudgetStretch().interval(
            base: .seconds(15), limit: limit, remaining: remaining, untilReset: untilReset, sharers: sharers)
            / .seconds(1)
    }

    @Test("nothing changes from a tenth of the limit upwards", arguments: [5000, 4999, 501, 500])
    func untouched(remaining: Int) {
        #expect(seconds(remaining: remaining, sharers: 1_000) == 15)
    }

    @Test(
        "below it, what is left is spread over the time until the reset",
        arguments: [(499, 15), (240, 15), (100, 36), (40, 90), (1, 3600), (0, 3600), (-1, 3600), (Int.min, 3600)])
    func spread(remaining: Int, expected: Double) {
        #expect(seconds(remaining: remaining) == expected)
    }

    @Test(
        "those who share it share what is left",
        arguments: [
            (400, 10, 90), (400, 100, 900), (400, 400, 3600), (400, 401, 3600), (400, .max, 3600), (0, 10, 3600),
        ])
    func sharers(remaining: Int, sharers: Int, expected: Double) {
        #expect(seconds(remaining: remaining, sharers: sharers) == expected)
    }

    @Test("fewer than one sharer is one", arguments: [0, -1, Int.min])
    func noSharers(sharers: Int) {
        #expect(seconds(remaining: 40, sharers: sharers) == 90)
    }

    @Test("a limit of nothing tells nothing", arguments: [0, -1, Int.min])
    func noLimit(limit: Int) {
        #expect(seconds(limit: limit, remaining: 0) == 15)
    }

    @Test("a reset in the past or very soon hurries nothing", arguments: [Duration.seconds(-100), .zero, .seconds(14)])
    func soon(untilReset: Duration) {
        #expect(seconds(remaining: 0, untilReset: untilReset) == 15)
    }

    @Test("a reserve outside its range is moved to the nearer end", arguments: [(-1, 0), (Double.nan, 0), (2, 1)])
    func reserve(given: Double, used: Double) {
        #expect(BudgetStretch(reserve: given).reserve == used)
    }

    private static let seeds: [UInt64] = Array(1...5) + [UInt64.random(in: 6 ... .max)]

    @Test("sharers who keep to it never spend more than was left before the reset", arguments: seeds)
    func lasts(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let limit = Int.random(in: 1...1_000, using: &generator)
            var remaining = Int.random(in: 0...limit, using: &generator)
            let sharers = Int.random(in: 1...20, using: &generator)
            var due = [Double](repeating: 0, count: sharers)
            var isStretched = false
            for second in 0..<600 {
                for index in due.indices where due[index] <= Double(second) {
                    let wait = BudgetStretch().interval(
                        base: .seconds(15), limit: limit, remaining: remaining, untilReset: .seconds(600 - second),
                        sharers: sharers)
                    #expect(wait >= .seconds(15), "seed \(seed)")
                    if isStretched {
                        #expect(remaining > 0, "seed \(seed)")
                    }
                    due[index] = Double(second) + wait / .seconds(1)
                    remaining -= 1
                }
                // Once all of them have seen how little is left.
                if Double(remaining) < Double(limit) * 0.1, remaining > 2 * sharers { isStretched = true }
            }
        }
    }
}
