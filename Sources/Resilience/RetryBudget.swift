/// Keeps retries a small part of all traffic: an upstream that fails altogether is not asked four times as often as one
/// that works.
///
/// Within the window, retries stay within a percentage of the first tries plus a small reserve, which lets a quiet
/// caller retry at all (SPEC §4: 20 %; the reserve is 3). The window slides in tenths of its length, so a budget holds
/// at most eleven pairs of counters, however busy it is.
package struct RetryBudget: Hashable, Sendable {
    struct Slice: Hashable {
        let start: ContinuousClock.Instant
        var firstTryCount = 0
        var retryCount = 0
    }

    static let slicesPerWindow = 10

    /// Retries allowed per hundred first tries, from 0 to 100.
    package let percent: Int
    /// Retries allowed without any first try.
    package let reserve: Int
    /// How long a try counts, at least a second.
    package let window: Duration

    /// Oldest first.
    var slices: [Slice] = []

    /// Numbers outside their range are moved to the nearer end.
    package init(percent: Int = 20, reserve: Int = 3, window: Duration = .seconds(600)) {
        self.percent = min(max(percent, 0), 100)
        self.reserve = min(max(reserve, 0), 1_000_000)
        self.window = max(window, .seconds(1))
    }

    /// Counts the first try of a request, which is always allowed and earns a part of a retry.
    package mutating func recordFirstTry(at now: ContinuousClock.Instant) {
        slide(to: now)
        slices[slices.count - 1].firstTryCount += 1
    }

    /// Takes a retry from the budget.
    ///
    /// - Returns: False when the budget is spent; the caller then fails with what it has.
    package mutating func takeRetry(at now: ContinuousClock.Instant) -> Bool {
        slide(to: now)
        let firstTryCount = slices.reduce(0) { $0 + $1.firstTryCount }
        let retryCount = slices.reduce(0) { $0 + $1.retryCount }
        // In whole hundredths: fractions of a retry add up exactly.
        guard (retryCount + 1 - reserve) * 100 <= firstTryCount * percent else { return false }
        slices[slices.count - 1].retryCount += 1
        return true
    }

    /// Forgets what left the window, and makes sure that the last slice is the one of `now`. A `now` from before the
    /// last slice, reported late, counts in that slice.
    private mutating func slide(to now: ContinuousClock.Instant) {
        slices.removeAll { $0.start.duration(to: now) >= window }
        if let last = slices.last, last.start.duration(to: now) < window / Self.slicesPerWindow { return }
        slices.append(Slice(start: now))
    }
}
