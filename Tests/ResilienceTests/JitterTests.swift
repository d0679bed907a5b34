import Resilience
import TestSupport
import Testing

@Suite struct JitterTests {
    @Test("a 15 s time to live stays between 12 s and 18 s, and uses that room")
    func usualSpread() {
        var generator = SeededGenerator(seed: 11)
        let lengths = (0..<1_000).map { _ in Jitter.usual.apply(to: .seconds(15), using: &generator) }
        #expect(lengths.allSatisfy { $0 >= .seconds(12) && $0 <= .seconds(18) })
        #expect(lengths.contains { $0 < .milliseconds(12_500) })
        #expect(lengths.contains { $0 > .milliseconds(17_500) })
    }

    @Test(
        "no duration and no fraction is too large or too small",
        arguments: [Duration(attoseconds: .max), .seconds(Int64.max), Duration(attoseconds: 1), .zero],
        [-1, 0, 1e-300, 0.2, 0.5.nextUp, 1.0.nextDown, 1, 5, .infinity, .nan])
    func extremes(duration: Duration, fraction: Double) {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<50 {
            let length = Jitter(fraction: fraction).apply(to: duration, using: &generator)
            #expect(length >= .zero)
        }
    }

    @Test("a fraction of nothing changes nothing", arguments: [0, -0.5, Double.nan])
    func noSpread(fraction: Double) {
        var generator = SeededGenerator(seed: 5)
        let length = Jitter(fraction: fraction).apply(to: .seconds(15), using: &generator)
        #expect(length == .seconds(15))
    }

    @Test("a negative duration counts as zero")
    func negative() {
        var generator = SeededGenerator(seed: 5)
        let length = Jitter.usual.apply(to: .seconds(-15), using: &generator)
        #expect(length == .zero)
    }
}
