package import StatusCore

extension ProviderFailure {
    /// This failure of a read, with the word of its other parts on when to come back: the latest instant that any of
    /// them named stands, and with one named there is no trying again within the same refresh.
    package func obeying(_ parts: some Sequence<ProviderFailure>) -> ProviderFailure {
        guard let latest = parts.compactMap(\.retryAfter).max() else { return self }
        var failure = self
        failure.retryAfter = max(latest, retryAfter ?? latest)
        failure.isRetryable = false
        return failure
    }
}
