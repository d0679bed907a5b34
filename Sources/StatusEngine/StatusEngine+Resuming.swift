import StatusCore
import StatusModel

// A project that nobody asks for is not refreshed any more; who asks first gets to know that (SPEC §4).
extension StatusEngine {
    /// Whether nobody has asked for the project in so long that its refresh has stopped. From any thread.
    package nonisolated func isForgotten(_ entry: BoardEntry, at now: ContinuousClock.Instant) -> Bool {
        isForgotten(entry, lastAskedAt: entry.lastAskedAt, at: now)
    }

    /// Notes that a reader asks. From any thread.
    ///
    /// - Returns: Whether the project had been forgotten until then; of readers side by side one gets to know it.
    package nonisolated func noteAsked(_ entry: BoardEntry, at now: ContinuousClock.Instant) -> Bool {
        isForgotten(entry, lastAskedAt: entry.exchangeAsked(at: askedAt(now)), at: now)
    }

    private nonisolated func isForgotten(
        _ entry: BoardEntry, lastAskedAt: Int64, at now: ContinuousClock.Instant
    ) -> Bool {
        let demand = Demand(
            isWatched: entry.watcherCount > 0 || board.isEverythingWatched,
            lastAskedAt: lastAskedAt == 0 ? nil : origin.advanced(by: .nanoseconds(lastAskedAt)), now: now,
            policy: configuration.refresh)
        return demand == .forgotten
    }
}
