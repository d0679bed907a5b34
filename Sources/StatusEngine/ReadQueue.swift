import Resilience
package import StatusCore

/// Reads that wait for a place. So many run at once for each upstream; the others wait here instead of failing for want
/// of a connection. It holds an item once, so it is bounded by the number of items.
package struct ReadQueue {
    /// A read that somebody waits for counts as due for that much longer: it overtakes what is merely due, and cannot
    /// hold that up for ever.
    private static let headStart = Duration.seconds(60)

    private var running: ConcurrencyLimiter<Upstream>
    private var waiting: [Upstream: RefreshSchedule<ItemReference>] = [:]

    /// - Parameter runningMax: Reads that run at once for each upstream, at least 1.
    package init(runningMax: Int) { running = ConcurrencyLimiter(placesMax: runningMax) }

    /// Items that wait.
    package var count: Int { waiting.values.reduce(0) { $0 + $1.count } }

    /// Lets an item wait for its place. One that waits already keeps the better of its two places.
    package mutating func add(_ item: ItemReference, isUrgent: Bool, at now: ContinuousClock.Instant) {
        let rank = isUrgent ? now.advanced(by: .zero - Self.headStart) : now
        let upstream = Upstream(item.key)
        let known = waiting[upstream]?.due(of: item)
        waiting[upstream, default: RefreshSchedule()].upsert(item, due: min(known ?? rank, rank))
    }

    /// Gives the next item its place; nil when none waits or no place is free. ``ended(_:)`` gives the place back.
    package mutating func next(at now: ContinuousClock.Instant) -> ItemReference? {
        for upstream in Array(waiting.keys) where running.enter(upstream) {
            if let item = waiting[upstream]?.popDue(at: now, limit: 1).first { return item }
            running.leave(upstream)
        }
        return nil
    }

    /// Nobody is to read the item any more.
    package mutating func remove(_ item: ItemReference) { waiting[Upstream(item.key)]?.remove(item) }

    /// A read that had a place has ended.
    package mutating func ended(_ item: ItemReference) { running.leave(Upstream(item.key)) }
}
