/// Where the circuit breaker before a provider's host stands.
public enum BreakerState: String, CaseIterable, Hashable, Sendable {
    /// Calls go through.
    case closed
    /// Calls are held back.
    case open
    /// One trial call at a time goes through.
    case halfOpen = "half_open"
}

/// Why an item is what it is, as one role may know it.
///
/// Of an item that policy hides from the role it says that alone.
public struct ItemExplanation: Hashable, Sendable {
    /// The item as the role may see it.
    public var status: IntegrationStatus
    /// How old its content is; nil before the first answer.
    public var age: Duration?
    /// What the newest failed refresh met; nil once one has succeeded.
    public var lastError: RefreshError?
    /// Where the breaker of the provider's host stands; nil when nothing is read.
    public var breaker: BreakerState?
    /// When the breaker lets the next call through; nil unless it is open.
    public var breakerOpenUntil: UnixTime?
    /// When the daemon tries next by itself; nil when it does not plan to.
    public var nextAttemptAt: UnixTime?
    /// Until when the provider wants no call from those who share its limit; nil when it has not said so.
    public var throttledUntil: UnixTime?
    /// How much the project is asked for.
    public var demand: Demand?
    /// The W3C trace id of the newest refresh, 32 hexadecimal digits; empty when it was not traced.
    public var traceID: String
    /// What led to the status, one sentence for people each, the weightiest first.
    public var reasons: [String]
    /// The keys of all items of the project, in the order of its envelope.
    public var projectKeys: [ItemKey]

    /// Makes one from its parts.
    public init(
        status: IntegrationStatus, age: Duration? = nil, lastError: RefreshError? = nil, breaker: BreakerState? = nil,
        breakerOpenUntil: UnixTime? = nil, nextAttemptAt: UnixTime? = nil, throttledUntil: UnixTime? = nil,
        demand: Demand? = nil, traceID: String = "", reasons: [String] = [], projectKeys: [ItemKey] = []
    ) {
        self.status = status
        self.age = age
        self.lastError = lastError
        self.breaker = breaker
        self.breakerOpenUntil = breakerOpenUntil
        self.nextAttemptAt = nextAttemptAt
        self.throttledUntil = throttledUntil
        self.demand = demand
        self.traceID = traceID
        self.reasons = reasons
        self.projectKeys = projectKeys
    }
}
