package import StatusModel

extension ProblemCode {
    /// What an item says that has nothing else to say: a few plain words, free of names that a role may not read.
    package func plainWords(for key: ItemKey) -> String {
        switch self {
        case .oauthRevoked: "Access revoked"
        case .rateLimited: "Throttled by \(key.displayName)"
        case .timeout: "\(key.displayName) does not answer"
        case .unknown: "\(key.displayName) status unknown"
        case .missingScope: "Missing permission"
        case .notFound: "\(key.resourceNoun) not found"
        case .providerOutage: "\(key.displayName) outage"
        case .sleeping: "\(key.resourceNoun) is asleep"
        case .misconfigured: "Misconfigured link"
        case .network: "\(key.displayName) unreachable"
        case .tls: "No secure connection to \(key.displayName)"
        }
    }

    /// What a person can do, without a name in it.
    package var genericHint: String {
        switch self {
        case .oauthRevoked: "Access was revoked or has expired; an owner or admin can reconnect it."
        case .rateLimited: "The provider limits how often it may be asked; wait, \(ProviderFailure.askedAgain)."
        case .timeout: "The provider did not answer in time; \(ProviderFailure.askedAgain)."
        case .unknown: "The provider answered something unexpected; \(ProviderFailure.askedAgain)."
        case .missingScope: "A permission is missing; an owner or admin can reconnect with it granted."
        case .notFound: "What is linked does not exist or is out of reach; an owner or admin can correct the link."
        case .providerOutage: "The provider has an outage; wait, \(ProviderFailure.askedAgain)."
        case .sleeping: "It is paused or asleep; wake it."
        case .misconfigured: "The link is misconfigured; an owner or admin can correct it."
        case .network: "The host cannot reach the provider; its operator can check network and name resolution."
        case .tls: "No trusted connection could be made; the host's operator can check clock and certificates."
        }
    }
}

extension ItemKey {
    /// The provider's name, or the service's.
    package var displayName: String {
        switch self {
        case .provider(let provider): provider.displayName
        case .service(let name): name
        }
    }

    fileprivate var resourceNoun: String {
        switch self {
        case .provider(.github): "Repository"
        case .provider: "Project"
        case .service: "Service"
        }
    }
}
