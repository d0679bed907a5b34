/// How often to try again, and with which waits.
package struct RetryPolicy: Hashable, Sendable {
    /// The number of attempts that may follow the first one.
    package let retriesMax: Int
    package let backoff: Backoff

    /// A negative number of retries counts as none.
    package init(retriesMax: Int, backoff: Backoff) {
        self.retriesMax = max(retriesMax, 0)
        self.backoff = backoff
    }

    /// The wait between a failed attempt, the first of which is number 1, and the next; nil when it was the last.
    package func delay(afterAttempt attempt: Int, using generator: inout some RandomNumberGenerator) -> Duration? {
        attempt <= retriesMax ? backoff.delay(afterAttempt: attempt, using: &generator) : nil
    }
}
