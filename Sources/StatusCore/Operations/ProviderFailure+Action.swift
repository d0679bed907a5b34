package import StatusModel

extension ProviderFailure {
    /// How a hint ends about what a read meets and the daemon sees to.
    package static let askedAgain = "it is asked again by itself"

    private static let genericHostHint =
        "This host could not ask the provider; run it again later with a new key."

    /// The hint to a person whose action met this: nobody runs an action again by itself.
    package var actionWords: OperationWords {
        OperationWords(
            hint.replacing(Self.askedAgain, with: "run it again later with a new key"),
            generic: code == .unknown && cause == .host ? Self.genericHostHint : code.genericActionHint)
    }
}

extension ProblemCode {
    /// What a person can do whose action met this, without a name in it.
    package var genericActionHint: String {
        switch self {
        case .rateLimited: "The provider limits how often it may be asked; run it again later with a new key."
        case .timeout: "The provider did not answer in time; run it again with a new key."
        case .unknown: "The provider answered something unexpected; run it again later with a new key."
        case .providerOutage: "The provider has an outage; run it again later with a new key."
        case .oauthRevoked, .missingScope, .notFound, .sleeping, .misconfigured, .network, .tls: genericHint
        }
    }
}
