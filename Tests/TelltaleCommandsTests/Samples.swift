import StatusModel
import Testing

/// Statuses as a daemon might give them, at a fixed hour.
enum Sample {
    /// 2026-01-01T00:00:00Z.
    static let now = UnixTime(seconds: 1_767_225_600)

    static func project(_ name: String = "shop") throws -> ProjectID { try #require(ProjectID(name)) }

    static func ago(_ duration: Duration) -> UnixTime { now.advanced(by: .zero - duration) }

    /// A deployment that was recorded two minutes ago.
    static func operation(_ state: OperationState, version: Int = 1, error: OperationError? = nil) throws -> Operation {
        let isOver = state.isOver
        return Operation(
            id: "op-1", projectID: try project(), key: .provider(.vercel), action: "deploy-production", state: state,
            summary: "Deploys acme/shop", createdAt: ago(.seconds(120)), updatedAt: ago(.seconds(1)),
            endedAt: isOver ? ago(.seconds(1)) : nil, error: isOver ? error : nil,
            result: state == .succeeded ? Array("{\"url\":\"https://shop.example\",\"seconds\":1.5}".utf8) : [],
            requestedBy: "ada", version: UInt64(version))
    }

    static func github() -> IntegrationStatus {
        var item = IntegrationStatus(key: .provider(.github))
        item.configured = true
        item.configuredReason = nil
        item.status = .connected
        item.summary = "Linked to main · Last push 2m ago"
        item.updatedAt = ago(.seconds(12))
        item.freshness = .fresh
        return item
    }

    static func brokenVercel() -> IntegrationStatus {
        var item = IntegrationStatus(key: .provider(.vercel))
        item.configured = true
        item.configuredReason = nil
        item.status = .error
        item.summary = "3 deployments this week"
        item.updatedAt = ago(.seconds(250))
        item.stale = true
        item.freshness = .ageing
        item.problem = Problem(
            code: .network, cause: .host, hint: "Check network and name resolution.", firstSeenAt: ago(.seconds(240)),
            attempts: 3, nextAttemptAt: now.advanced(by: .seconds(12)))
        return item
    }

    static func envelope(_ name: String = "shop", _ items: [IntegrationStatus] = [github()]) throws -> StatusEnvelope {
        var envelope = StatusEnvelope(projectID: try project(name))
        for item in items {
            if let index = envelope.items.firstIndex(where: { $0.key == item.key }) {
                envelope.items[index] = item
            } else {
                envelope.services.append(item)
            }
        }
        envelope.overall = items.contains { $0.status == .error } ? .error : .connected
        envelope.hash = "h1"
        envelope.renderHash = "r1"
        envelope.revision = 4
        return envelope
    }
}
