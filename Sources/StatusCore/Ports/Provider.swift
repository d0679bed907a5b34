package import StatusModel

/// What a provider is asked: one link, with what was known of it.
package struct ReadRequest: Sendable {
    package var project: ProjectID
    package var link: Link
    /// The secret of the link's credential; nil for anonymous access.
    package var secret: Secret?
    /// The secrets of the link's named credentials. One that cannot be read spoils only the probe that needs it.
    package var namedSecrets: [String: Result<Secret, ProviderFailure>]
    /// The last good reading, whose memo makes the request conditional.
    package var previous: Reading?
    /// The moment the read began.
    package var now: Moment
    /// By when an answer is of use (SPEC §4: 2.5 s). The provider bounds its requests by it.
    package var deadline: ContinuousClock.Instant

    package init(
        project: ProjectID, link: Link, secret: Secret?, namedSecrets: [String: Result<Secret, ProviderFailure>] = [:],
        previous: Reading?, now: Moment, deadline: ContinuousClock.Instant
    ) {
        self.project = project
        self.link = link
        self.secret = secret
        self.namedSecrets = namedSecrets
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
    /// - Throws: a ``ProviderFailure`` of cause `host` whose hint names the reference; of cause `refused` when an OAuth
    ///   grant was revoked.
    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret

    /// Has a secret that is made anew, as an OAuth token is, made anew now: the one in force is doubted. Callers at once share
    /// one renewal. Of any other secret there is nothing to do, for it is read for each use.
    ///
    /// - Throws: Why there is no new one; what was in force before stays, unless its grant was revoked.
    func renew(_ reference: CredentialReference) async throws(ProviderFailure)

    /// A mark that differs once the secret was changed, without reading the secret; nil while there is none.
    func version(of reference: CredentialReference) async -> CredentialVersion?
}

extension CredentialSource {
    package func renew(_ reference: CredentialReference) async throws(ProviderFailure) {}
}
