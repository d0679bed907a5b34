/// An error that says whether the same attempt may succeed when it is made again.
///
/// A timeout or an overloaded server is worth another try; a refusal or an answer that cannot be read is not.
public protocol RetryableError: Error {
    /// Whether trying again, unchanged and soon, may succeed.
    var isRetryable: Bool { get }
}
