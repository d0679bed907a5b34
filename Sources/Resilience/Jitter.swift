/// Spreads a duration evenly around its length, so that what began together does not stay together.
package struct Jitter: Hashable, Sendable {
    /// The largest deviation as a part of the duration, from 0 to 1.
    package let fraction: Double

    /// A fraction outside 0...1 is moved to the nearer end; NaN is 0.
    package init(fraction: Double) {
        self.fraction = fraction > 0 ? min(fraction, 1) : 0
    }

    /// ±20 %: the product's usual spread (SPEC §4).
    package static let usual = Jitter(fraction: 0.2)

    /// The duration, at most ``fraction`` of it shorter or longer. A negative duration counts as zero.
    package func apply(to duration: Duration, using generator: inout some RandomNumberGenerator) -> Duration {
        let length = max(duration, .zero).attoseconds
        // A fraction of 1 needs no product, whose rounding could carry it past the integer's range.
        let spread = fraction < 1 ? min(Int128(Double(length) * fraction), length) : length
        let deviation = Int128.random(in: -spread...spread, using: &generator)
        let (sum, overflow) = length.addingReportingOverflow(deviation)
        return Duration(attoseconds: overflow ? .max : sum)
    }
}
