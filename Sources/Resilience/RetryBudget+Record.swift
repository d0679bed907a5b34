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

extension RetryBudget {
    /// The most slices that a window touches.
    private static let slicesMax = slicesPerWindow + 1
    /// The most tries of one slice that a record is believed, which is a thousand a second.
    private static let countMax = 60_000

    package func record(at now: ContinuousClock.Instant) -> Record {
        let living = slices.filter { $0.start.duration(to: now) < window }
        return Record(
            slices: living.map {
                Record.Slice(start: $0.start, firstTryCount: $0.firstTryCount, retryCount: $0.retryCount)
            })
    }

    /// The budget that a record was made of.
    ///
    /// A record is read as carefully as an answer from outside. What left the window is dropped, and a slice from ahead
    /// of `now`, written by a clock since corrected, began just now: what it says was spent stays spent, for no longer
    /// than the window. Slices closer to each other than their length are one.
    package init(
        percent: Int = 20, reserve: Int = 3, window: Duration = .seconds(600), restoring record: Record,
        at now: ContinuousClock.Instant
    ) {
        self.init(percent: percent, reserve: reserve, window: window)
        let newest = record.slices.suffix(Self.slicesMax).map { slice in
            Slice(
                start: min(slice.start, now), firstTryCount: min(max(slice.firstTryCount, 0), Self.countMax),
                retryCount: min(max(slice.retryCount, 0), Self.countMax))
        }
        let living = newest.filter { $0.start.duration(to: now) < self.window }.sorted { $0.start < $1.start }
        for slice in living {
            guard let last = slices.last,
                last.start.duration(to: slice.start) < self.window / Self.slicesPerWindow
            else {
                slices.append(slice)
                continue
            }
            slices[slices.count - 1].firstTryCount += slice.firstTryCount
            slices[slices.count - 1].retryCount += slice.retryCount
        }
    }
}
