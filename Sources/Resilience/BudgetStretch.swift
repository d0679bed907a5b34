/// Makes what is left of a rate limit last until the limit is renewed, by calling less often (SPEC §4).
package struct BudgetStretch: Hashable, Sendable {
    /// The part of the limit, from 0 to 1, below which calls are spread.
    package let reserve: Double

    /// A part outside 0...1 is moved to the nearer end; NaN is 0.
    package init(reserve: Double = 0.1) { self.reserve = reserve > 0 ? min(reserve, 1) : 0 }

    /// Stretches the interval between two calls of one item.
    ///
    /// - Parameters:
    ///   - base: The usual interval, which the result is never shorter than.
    ///   - limit: Calls that the whole limit allows; without any (0 or less) nothing is known and `base` stands.
    ///   - remaining: Calls that are left; less than 0 counts as none.
    ///   - untilReset: When the limit is renewed. What is left is nothing to wait for any longer than that.
    ///   - sharers: How many items call on this limit, at least 1.
    /// - Returns: The interval, which is `base` above the reserve.
    package func interval(
        base: Duration, limit: Int, remaining: Int, untilReset: Duration, sharers: Int = 1
    ) -> Duration {
        guard Double(remaining) < Double(limit) * reserve else { return base }
        let wait = max(untilReset, .zero)
        // Fewer calls than items: they all wait, rather than some of them spending what is left.
        guard remaining >= max(sharers, 1) else { return max(base, wait) }
        // Divided before it is multiplied, so that no number of sharers overflows.
        return max(base, wait / remaining * max(sharers, 1))
    }
}
