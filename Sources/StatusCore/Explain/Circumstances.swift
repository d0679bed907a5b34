package import StatusModel

/// What decides beside an item's own record whether and when it is read.
package struct Circumstances: Hashable, Sendable {
    /// How much the item's project is asked for.
    package var demand: Demand
    /// Whether anybody watches anything, for then what is idle is looked at as well.
    package var isAnyoneWatching: Bool
    /// Whether a read of it is under way.
    package var isBeingRead: Bool
    package var breaker: BreakerStanding
    /// When the limit that its link shares with others is renewed; nil when it is not spent.
    package var limitEndsAt: UnixTime?
    package var policy: RefreshPolicy

    package init(
        demand: Demand, isAnyoneWatching: Bool = false, isBeingRead: Bool = false,
        breaker: BreakerStanding = BreakerStanding(), limitEndsAt: UnixTime? = nil,
        policy: RefreshPolicy = RefreshPolicy()
    ) {
        self.demand = demand
        self.isAnyoneWatching = isAnyoneWatching
        self.isBeingRead = isBeingRead
        self.breaker = breaker
        self.limitEndsAt = limitEndsAt
        self.policy = policy
    }
}
