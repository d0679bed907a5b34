import ProtobufMessages
import StatusCore
import StatusModel
import StatusWire
import TTRPCCore

/// What `IngestWebhook` refuses.
extension CallErrors {
    /// The same for all that is wrong with a delivery: whoever made it up learns nothing. The log has the reason.
    static var notGenuine: RPCStatus {
        ErrorStatus(
            code: StatusCode.unauthenticated.rawValue, message: "The delivery is not signed as it must be.",
            reason: "WEBHOOK_NOT_GENUINE"
        ).rpcStatus(in: MessageArena())
    }

    static func lacksWebhookSecret(_ provider: ProviderKey, of project: ProjectID) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.failedPrecondition.rawValue,
            message: "Webhooks of \(provider.displayName) for \(project) cannot be checked: add webhookSecret: "
                + "\"file:/…\" to the project's section \(provider.rawValue) and reload.",
            reason: "WEBHOOK_SECRET_MISSING", metadata: ["project_id": project.rawValue]
        ).rpcStatus(in: MessageArena())
    }

    static func secretUnreadable(_ failure: ProviderFailure) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.unavailable.rawValue, message: failure.hint, reason: "WEBHOOK_SECRET_UNREADABLE",
            retryAfter: .seconds(5)
        ).rpcStatus(in: MessageArena())
    }

    static func unreadable(_ delivery: WebhookDelivery) -> RPCStatus {
        invalid(
            "body",
            "must be what \(delivery.provider.displayName) documents; set the webhook's content type to application/json"
        )
    }

    /// A webhook that the store cannot keep at the moment.
    static func webhookNotKept(_ error: StoreError, _ role: Role) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.unavailable.rawValue,
            message:
                "The webhook cannot be kept at the moment: \(error.message(for: role)). Hand it on again; it counts once.",
            reason: "STORE_UNAVAILABLE", retryAfter: .seconds(5)
        ).rpcStatus(in: MessageArena())
    }
}
