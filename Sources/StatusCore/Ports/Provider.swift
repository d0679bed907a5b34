package import StatusModel

/// What a provider is asked: one link, with what was known of it.
package struct ReadRequest: Sendable {
    package var project: ProjectID
    package var link: Link
    /// The secret of the link's credential; nil for anonymous access.
    package var secret: Secret?
    /// The last good reading, whose memo makes the request conditional.
    package var previous: Reading?
    /// The moment the read began.
    package var now: Moment
    /// By when an answer is of use (SPEC §4: 2.5 s). The provider bounds its requests by it.
    package var deadline: ContinuousClock.Instant

    package init(
        project: ProjectID, link: Link, secret: Secret?, previous: Reading?, now: Moment,
        deadline: ContinuousClock.Instant
    ) {
        self.project = project
        self.link = link
        self.secret = secret
        self.previous = previous
        self.now = now
        self.deadline = deadline
    }
}

/// One adapter to one provider's API.
package protocol Provider: Sendable {
    /// Reads one link's state.
    ///
    /// - Throws: ``ProviderFailure``, already classified. Cancellation ends it early with whatever failure it meets.
    func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading
}

/// Turns a reference into its secret, anew whenever it changed.
package protocol CredentialSource: Sendable {
    /// - Throws: a ``ProviderFailure`` of cause `host` whose hint names the reference.
    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret
}
