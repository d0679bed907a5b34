import StatusModel

// What states and problems are called on a board.

extension ConnectionState {
    var style: Paint.Style {
        switch self {
        case .connected: .good
        case .warning: .caution
        case .error: .bad
        case .disconnected: .dim
        }
    }

    var mark: String {
        switch self {
        case .connected: "●"
        case .warning: "▲"
        case .error: "✖"
        case .disconnected: "○"
        }
    }
}

extension ItemKey {
    /// The provider's name, or the service's.
    var displayName: String {
        switch self {
        case .provider(let provider): provider.displayName
        case .service(let name): TerminalText.neutralised(name)
        }
    }
}

extension IntegrationStatus {
    /// Whether its state says anything: something is linked, and the role may see it.
    var hasState: Bool { visible && configured }

    /// How it stands, in a word or two.
    var stateWords: String {
        if !visible { return "hidden" }
        if configured { return freshness == .never && problem == nil ? "checking" : status.rawValue }
        switch configuredReason {
        case .revoked: return "revoked"
        case .disabled: return "switched off"
        case .hiddenByPolicy: return "hidden"
        case .notLinked, nil: return "not linked"
        }
    }
}

extension Problem {
    /// What is wrong, as the beginning of a sentence.
    func plainWords(for key: ItemKey) -> String {
        let name = key.displayName
        return switch code {
        case .oauthRevoked: "Access to \(name) was revoked or has expired"
        case .rateLimited: "\(name) limits how often it may be asked"
        case .timeout: "\(name) did not answer in time"
        case .unknown: "\(name) has trouble"
        case .missingScope: "\(name) denies a permission that is needed"
        case .notFound: "What is linked at \(name) was not found"
        case .providerOutage: "\(name) has an outage"
        case .sleeping: "\(name) is asleep"
        case .misconfigured: "The link to \(name) is set up wrongly"
        case .network: "\(name) cannot be reached"
        case .tls: "No secure connection to \(name) could be made"
        }
    }
}
