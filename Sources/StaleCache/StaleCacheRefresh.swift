/// How a refresh went, and which part this caller had in it.
public struct StaleCacheRefresh<Value: Sendable>: Sendable {
    /// A caller's part in a fetch.
    public enum Role: Hashable, Sendable {
        /// This caller's fetch ran.
        case started
        /// Another caller's fetch was in flight already, and this caller waited for it.
        case collapsed
        /// No fetch ran for this caller: a bound was reached, or the caller was cancelled beforehand.
        case refused
    }

    /// The value fetched, or why there is none.
    public var outcome: Result<Value, StaleCacheError>

    /// This caller's part in it.
    public var role: Role

    /// Makes a result, such as a fake cache gives in a test.
    public init(outcome: Result<Value, StaleCacheError>, role: Role) {
        self.outcome = outcome
        self.role = role
    }
}
