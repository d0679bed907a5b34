import Resilience
import TestSupport
import Testing

@Suite("A sliding window")
struct SlidingWindowTests {
    private let start = ContinuousClock.now

    @Test("five pass within a minute, the sixth hears when, and passes then and not before")
    func sixth() {
        var window = SlidingWindow<String>(limit: 5, window: .seconds(60))
        for index in 0..<5 {
            #expect(window.admit("ada", at: start + .seconds(index)) == .admitted(remaining: 4 - index))
        }
        let end = start + .seconds(60)
        #expect(window.admit("ada", at: start + .seconds(10)) == .refused(until: end))
        #expect(window.admit("bob", at: start + .seconds(10)) == .admitted(remaining: 4))
        #expect(window.admit("ada", at: end - .nanoseconds(1)) == .refused(until: end))
        #expect(window.admit("ada", at: end) == .admitted(remaining: 0))
        #expect(window.admit("ada", at: end) == .refused(until: start + .seconds(61)))
    }

    @Test("asking counts nothing, and what was taken back does not count")
    func withdrawn() {
        var window = SlidingWindow<String>(limit: 1, window: .seconds(60))
        #expect(window.verdict(on: "ada", at: start) == .admitted(remaining: 0))
        #expect(window.admit("ada", at: start) == .admitted(remaining: 0))
        window.withdraw("ada", admittedAt: start)
        #expect(window.admit("ada", at: start) == .admitted(remaining: 0))
    }

    @Test("what an earlier process admitted counts, in whatever order it is told")
    func restored() {
        var window = SlidingWindow<String>(limit: 2, window: .seconds(60))
        window.restore("ada", at: start - .seconds(10))
        window.restore("ada", at: start - .seconds(50))
        window.restore("ada", at: start - .seconds(70))
        #expect(window.admit("ada", at: start) == .refused(until: start + .seconds(10)))
    }

    @Test("a table full of keys that count refuses a new one, and forgets those that do not")
    func bound() {
        var window = SlidingWindow<Int>(limit: 5, window: .seconds(60), keysMax: 3)
        for key in 1...3 { _ = window.admit(key, at: start) }
        #expect(window.verdict(on: 4, at: start) == .refused(until: start + .seconds(60)))
        #expect(window.admit(4, at: start) == .refused(until: start + .seconds(60)))
        #expect(window.admit(1, at: start) == .admitted(remaining: 3))
        #expect(window.verdict(on: 4, at: start + .seconds(60)) == .admitted(remaining: 4))
        #expect(window.admit(4, at: start + .seconds(60)) == .admitted(remaining: 4))
        #expect(window.count <= 3)
    }

    @Test("no stretch of a minute ever holds more than the limit", arguments: [1, 2, 3] as [UInt64])
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var window = SlidingWindow<Int>(limit: 5, window: .seconds(60))
        var admitted: [Int: [ContinuousClock.Instant]] = [:]
        var now = start
        for step in 0..<5_000 {
            now += .milliseconds(Int.random(in: 0...3_000, using: &generator))
            let key = Int.random(in: 0..<4, using: &generator)
            let recent = admitted[key, default: []].filter { now - $0 < .seconds(60) }
            switch window.admit(key, at: now) {
            case .admitted(let remaining):
                #expect(remaining == 4 - recent.count, "seed \(seed), step \(step)")
                admitted[key, default: []].append(now)
            case .refused(let until):
                #expect(recent.count == 5, "seed \(seed), step \(step)")
                #expect(until == recent[0] + .seconds(60), "seed \(seed), step \(step)")
            }
        }
    }
}
