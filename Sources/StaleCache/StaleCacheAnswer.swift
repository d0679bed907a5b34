/// What a caller got that wanted a value in any case, and how good it is.
public struct StaleCacheAnswer<Value: Sendable>: Sendable {
    /// Where the value is from.
    public enum Source: Sendable {
        /// It was fetched while the caller waited.
        case fresh
        /// It was in the cache, within its time to live.
        case cached
        /// It was in the cache, past its time to live, and the fetch failed with this error.
        case stale(StaleCacheError)
        /// It is the caller's own: nothing was in the cache, and the fetch failed with this error.
        case fallback(StaleCacheError)
    }

    /// The value.
    public var value: Value

    /// Where it is from.
    public var source: Source

    /// How long ago it was stored; nil for a fallback.
    public var age: Duration?

    /// Why the value is not a good one; nil when it is.
    public var error: StaleCacheError? {
        switch source {
        case .fresh, .cached: nil
        case .stale(let error), .fallback(let error): error
        }
    }

    /// Makes an answer, such as a fake cache gives in a test.
    public init(value: Value, source: Source, age: Duration?) {
        self.value = value
        self.source = source
        self.age = age
    }
}
