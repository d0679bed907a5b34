/// How long to wait before trying again.
///
/// The wait has full jitter: it is drawn evenly between nothing and a ceiling that grows with the attempts, so that those
/// who failed together do not come back together. Every attempt number is safe; the ceiling stays at its maximum.
package struct Backoff: Hashable, Sendable {
    private enum Ceiling: Hashable, Sendable {
        case exponential(initial: Duration, multiplier: Double, max: Duration)
        case steps([Duration])
    }

    private let ceiling: Ceiling

    /// A ceiling that starts at `initial` and is multiplied after each attempt until it reaches `max`.
    ///
    /// Negative durations count as zero, and a multiplier under 1 (or none at all, NaN) as 1.
    package init(initial: Duration, multiplier: Double = 2, max: Duration) {
        ceiling = .exponential(
            initial: Swift.max(initial, .zero), multiplier: multiplier >= 1 ? multiplier : 1,
            max: Swift.max(max, .zero))
    }

    /// A ceiling for each attempt in turn; the last one stays. Without any step there is no wait.
    package init(steps: [Duration]) {
        ceiling = .steps(steps.map { Swift.max($0, .zero) })
    }

    /// The wait after a failed attempt, the first of which is number 1; lower numbers count as 1.
    package func delay(afterAttempt attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let bound = ceiling(afterAttempt: attempt).attoseconds
        return Duration(attoseconds: Int128.random(in: 0...bound, using: &generator))
    }

    /// The longest wait after a failed attempt, the first of which is number 1.
    package func ceiling(afterAttempt attempt: Int) -> Duration {
        let growthCount = Swift.max(attempt, 1) - 1
        switch ceiling {
        case .steps(let steps):
            guard let last = steps.last else { return .zero }
            return growthCount < steps.count ? steps[growthCount] : last
        case .exponential(let initial, let multiplier, let max):
            guard initial > .zero else { return .zero }
            let grown = Double(initial.attoseconds) * Self.power(multiplier, growthCount)
            // Compared before it is converted, because it may lie beyond every integer, or be infinite.
            return grown < Double(max.attoseconds) ? Duration(attoseconds: Int128(grown)) : max
        }
    }

    /// Powers by squaring: no attempt number takes more than 63 rounds, and what overflows becomes infinite.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, rest) = (1.0, base, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}
