import Resilience
import TestSupport
import Testing

@Suite("A limiter of concurrency")
struct ConcurrencyLimiterTests {
    @Test("each key has its places, and one that is given back can be taken again")
    func places() {
        var limiter = ConcurrencyLimiter<String>(placesMax: 2)
        let taken = (0..<3).map { _ in limiter.enter("a") }
        #expect(taken == [true, true, false])
        let other = limiter.enter("b")
        #expect(other)
        #expect(!limiter.hasPlace(for: "a") && limiter.hasPlace(for: "b"))
        limiter.leave("a")
        let again = limiter.enter("a")
        #expect(again)
    }

    @Test("there is always one place", arguments: [0, -1, Int.min])
    func least(placesMax: Int) {
        var limiter = ConcurrencyLimiter<String>(placesMax: placesMax)
        let taken = (0..<2).map { _ in limiter.enter("a") }
        #expect(taken == [true, false])
    }

    @Test("who leaves without having entered makes no room for others")
    func neverNegative() {
        var limiter = ConcurrencyLimiter<String>(placesMax: 1)
        for _ in 0..<5 { limiter.leave("a") }
        #expect(limiter.count(of: "a") == 0)
        let taken = (0..<2).map { _ in limiter.enter("a") }
        #expect(taken == [true, false])
    }

    private static let seeds: [UInt64] = Array(1...10) + [UInt64.random(in: 11 ... .max)]

    @Test("a seeded script leaves it and a list of who is in alike", arguments: seeds)
    func model(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let placesMax = Int.random(in: 1...4, using: &generator)
        var limiter = ConcurrencyLimiter<Int>(placesMax: placesMax)
        var inside: [Int] = []
        for step in 0..<2_000 {
            let key = Int.random(in: 0..<4, using: &generator)
            if Bool.random(using: &generator) {
                let entered = limiter.enter(key)
                #expect(entered == (inside.count { $0 == key } < placesMax), "seed \(seed), step \(step)")
                if entered { inside.append(key) }
            } else {
                limiter.leave(key)
                if let index = inside.firstIndex(of: key) { inside.remove(at: index) }
            }
            for key in 0..<4 {
                #expect(limiter.count(of: key) == inside.count { $0 == key }, "seed \(seed), step \(step)")
            }
        }
    }
}
