extension RetryBudget {
    /// What must outlive the process: the tries that still count.
    package struct Record: Hashable, Sendable {
        package struct Slice: Hashable, Sendable {
            package var start: ContinuousClock.Instant
            package var firstTryCount: Int
            package var retryCount: Int

            package init(start: ContinuousClock.Instant, firstTryCount: Int, retryCount: Int) {
                self.start = start
                self.firstTryCount = firstTryCount
                self.retryCount = retryCount
            }
        }

        /// Oldest first.
        package var slices: [Slice]

        package init(slices: [Slice] = []) { self.slices = slices }
    }
}
