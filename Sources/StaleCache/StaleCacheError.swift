/// Why a cache could not do what it was asked.
///
/// `description` holds the cache's own words alone and is safe to log; the underlying error, which may quote an
/// upstream, shows only in `debugDescription`.
public struct StaleCacheError: RetryableError, CustomStringConvertible, CustomDebugStringConvertible {
    /// What failed. More codes may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name, as it is written here.
        public let description: String

        /// The fetch failed with an error that no retry helps against, or could not be started.
        public static let fetchFailed = Code(description: "fetchFailed")
        /// The value cannot be kept on the terms given, such as a time to live that is not positive.
        public static let setFailed = Code(description: "setFailed")
        /// The caller could not wait for the value to the end: it was cancelled, or too many wait already.
        public static let getFailed = Code(description: "getFailed")
        /// The clock of the periodic cleanup failed.
        public static let cleanupFailed = Code(description: "cleanupFailed")
        /// The fetch failed in a way worth retrying, and went on failing until the retries were spent.
        public static let retryExhausted = Code(description: "retryExhausted")
    }

    /// What failed.
    public var code: Code

    /// One sentence for people, with what they can do.
    public var message: String

    /// Whether the same call may succeed soon. False once the retries are spent: a caller that retried on top of them
    /// would multiply the load on an upstream that is failing already.
    public var isRetryable: Bool

    /// The error of the fetch or the clock, or `CancellationError` when the caller was cancelled.
    public var underlyingError: (any Error)?

    /// Makes an error, such as a fake cache throws in a test.
    public init(code: Code, message: String, isRetryable: Bool, underlyingError: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
        self.underlyingError = underlyingError
    }

    /// The code and the message.
    public var description: String { "\(code): \(message)" }

    /// The description, and the underlying error in full.
    public var debugDescription: String {
        guard let underlyingError else { return description }
        return "\(description) [\(String(reflecting: underlyingError))]"
    }
}

extension StaleCacheError {
    static let callerCancelled = StaleCacheError(
        code: .getFailed, message: "The caller was cancelled while it waited.", isRetryable: false,
        underlyingError: CancellationError())

    static let fetchCancelled = StaleCacheError(
        code: .fetchFailed, message: "The fetch was cancelled by the owner of the cache.", isRetryable: false,
        underlyingError: CancellationError())

    static let timeToLiveNotPositive = StaleCacheError(
        code: .setFailed, message: "A time to live must be longer than nothing, and an age not negative.",
        isRetryable: false)

    static func tooManyWaiters(_ bound: Int) -> StaleCacheError {
        StaleCacheError(
            code: .getFailed,
            message: "\(bound) callers wait for fetches already; ask again shortly or raise waitersMax.",
            isRetryable: true)
    }

    static func tooManyFetches(_ bound: Int) -> StaleCacheError {
        StaleCacheError(
            code: .fetchFailed,
            message: "\(bound) fetches are in flight already; ask again shortly or raise fetchesInFlightMax.",
            isRetryable: true)
    }

    static func fetchFailed(_ error: any Error, isRetryable: Bool) -> StaleCacheError {
        StaleCacheError(
            code: .fetchFailed, message: "The fetch failed.", isRetryable: isRetryable, underlyingError: error)
    }

    static func retryExhausted(_ error: any Error, attemptCount: Int) -> StaleCacheError {
        StaleCacheError(
            code: .retryExhausted, message: "The fetch failed \(attemptCount) times in a row.", isRetryable: false,
            underlyingError: error)
    }

    static func cleanupFailed(_ error: any Error) -> StaleCacheError {
        StaleCacheError(
            code: .cleanupFailed, message: "The clock failed; start the cleanup again.", isRetryable: true,
            underlyingError: error)
    }

    /// Whether it was the caller that gave up, as opposed to a fetch that threw `CancellationError` by itself.
    var isCallerCancellation: Bool { code == .getFailed && underlyingError is CancellationError }
}
