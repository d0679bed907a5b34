package import StatusModel

/// The repairs recommended to a reader, most urgent first (SPEC §2).
package enum NextActions {
    /// One recommendation for each visible item with a problem: errors first, then warnings, then the rest, and items
    /// in their order within each.
    ///
    /// A repair that the daemon can run is recommended only to a role that may perform it now. What nobody can do but
    /// wait, or repair elsewhere, has no action and is told to all.
    package static func recommended(for statuses: some Sequence<IntegrationStatus>) -> [NextAction] {
        let candidates = statuses.compactMap { status in
            recommendation(for: status).map { (severity: status.status.severity, action: $0) }
        }
        return candidates.enumerated()
            .sorted { ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset) }
            .map(\.element.action)
    }

    private static func recommendation(for status: IntegrationStatus) -> NextAction? {
        guard status.visible, status.configured, let problem = status.problem else { return nil }
        guard let repair = repair(of: problem, key: status.key) else {
            return NextAction(key: status.key, action: "", reason: problem.hint)
        }
        let isOffered = status.actions.contains { $0.action == repair.rawValue && $0.can }
        return isOffered ? NextAction(key: status.key, action: repair.rawValue, reason: problem.hint) : nil
    }

    /// The action that repairs the problem; nil when no action of the daemon's does.
    private static func repair(of problem: Problem, key: ItemKey) -> IntegrationAction? {
        let preferences: [IntegrationAction] =
            switch problem.code {
            case .oauthRevoked, .missingScope: [.reconnect, .connect]
            case .notFound: [.link, .connect]
            case .misconfigured: problem.cause == .host ? [] : [.link, .connect]
            case .sleeping: [.wake]
            case .rateLimited, .timeout, .unknown, .providerOutage, .network, .tls: []
            }
        let available = IntegrationAction.all(for: key)
        return preferences.first { available.contains($0) }
    }
}
