import StaleCache

/// What the fetches of these tests throw.
enum FetchError: RetryableError, Equatable {
    case overloaded, refused

    var isRetryable: Bool { self == .overloaded }
}
