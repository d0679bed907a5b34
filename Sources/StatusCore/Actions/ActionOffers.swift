package import StatusModel

/// The repairs next to the light: what the role may do, and whether the item's state lets it (SPEC §7).
package enum ActionOffers {
    /// The offers for an item that the role can see. What the role may not perform is not among them; what the state
    /// forbids is, with the reason.
    ///
    /// - Parameters:
    ///   - status: The item, complete but for its actions.
    ///   - role: Who reads it.
    /// - Returns: The offers in the order in which they are shown.
    package static func offers(for status: IntegrationStatus, role: Role) -> [ActionOffer] {
        IntegrationAction.all(for: status.key).filter { Permissions.allows($0, for: role) }.map { action in
            let obstacle = obstacle(to: action, in: status)
            return ActionOffer(
                action: action.rawValue, label: action.label, can: obstacle == nil, reason: obstacle ?? "")
        }
    }

    /// Why the state forbids the action; nil when it does not.
    private static func obstacle(to action: IntegrationAction, in status: IntegrationStatus) -> String? {
        switch action {
        case .connect:
            if status.configuredReason == .disabled { return switchedOff }
            return status.configured && !needsRepair(status) ? "Already linked." : nil
        case .reconnect:
            return status.configuredReason == .revoked ? nil : absence(in: status)
        case .disconnect, .link, .testConnection, .runDiagnostics, .runSmokeTests:
            return absence(in: status)
        case .wake:
            return absence(in: status) ?? (status.problem?.code == .sleeping ? nil : "It is awake.")
        case .push, .pull, .sync, .deployPreview, .deployProduction, .openStudio:
            return absence(in: status) ?? refusal(in: status)
        }
    }

    private static func absence(in status: IntegrationStatus) -> String? {
        guard !status.configured else { return nil }
        return status.configuredReason == .disabled ? switchedOff : notLinked
    }

    private static func refusal(in status: IntegrationStatus) -> String? {
        switch status.problem?.cause {
        case .refused where status.status == .error: "\(status.key.displayName) refuses access: repair the link first."
        case .throttled: "\(status.key.displayName) is throttling requests: wait."
        default: nil
        }
    }

    /// A link that the provider refuses, or that points nowhere, may be made anew over the old one.
    private static func needsRepair(_ status: IntegrationStatus) -> Bool {
        switch status.problem?.code {
        case .oauthRevoked, .missingScope, .notFound, .misconfigured: true
        default: false
        }
    }

    private static let notLinked = "Nothing is linked."
    private static let switchedOff = "The link is switched off."
}
