import ProtobufMessages
import StatusCore
import StatusModel
import StatusWire
import TTRPCCore

extension ActionRefusal {
    /// The stable name, as it travels in `ErrorInfo`.
    var reason: String {
        switch self {
        case .denied: "ACTION_DENIED"
        case .keyMissing: "KEY_MISSING"
        case .keyMalformed: "KEY_INVALID"
        case .projectUnknown: "PROJECT_UNKNOWN"
        case .itemUnknown: "ITEM_UNKNOWN"
        case .actionUnknown: "ACTION_UNKNOWN"
        case .unavailable: "ACTION_UNAVAILABLE"
        case .invalid(let failure): failure.reason
        case .keyReused: "KEY_REUSED"
        case .keysLost: "KEYS_LOST"
        case .limited: "RATE_LIMITED"
        case .tooMany: "TOO_MANY_OPERATIONS"
        case .stopping: "STOPPING"
        case .notAudited: "AUDIT_UNAVAILABLE"
        case .notRecorded: "STORE_UNAVAILABLE"
        }
    }
}

extension CallErrors {
    static func refused(_ refusal: ActionRefusal, _ role: Role) -> RPCStatus {
        switch refusal {
        case .projectUnknown(let id): return unknownProject(id)
        case .itemUnknown(let key, let id): return unknownItem(key, of: id)
        case .invalid(let failure): return invalid(failure)
        default: break
        }
        let sentence = refusal.sentence(for: role)
        var status = ErrorStatus(code: refusal.code.rawValue, message: sentence, reason: refusal.reason)
        switch refusal {
        case .keyMissing, .keyMalformed:
            status.violations = [.init(field: "idempotency_key", description: sentence)]
        case .actionUnknown: status.violations = [.init(field: "action", description: sentence)]
        case .keyReused(let operationID): status.metadata = ["operation_id": operationID]
        case .keysLost(_, let end): status.metadata = ["until": LogEncoder.timestamp(end)]
        case .limited(let perMinute, let retryAfter):
            status.metadata = ["limit": "\(perMinute)", "remaining": "0", "window_seconds": "60"]
            status.retryAfter = retryAfter
        case .tooMany, .stopping, .notAudited, .notRecorded: status.retryAfter = .seconds(5)
        default: break
        }
        return status.rpcStatus(in: MessageArena())
    }

    static func unknownOperation(_ id: String) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.notFound.rawValue,
            message:
                "There is no operation \(PrintableText.quoted(id)) that you may see; operations are kept for 24 h after their end.",
            reason: "OPERATION_UNKNOWN"
        ).rpcStatus(in: MessageArena())
    }

    /// The store cannot be asked at the moment.
    static func notFoundOut(_ error: StoreError, _ role: Role) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.unavailable.rawValue,
            message: "Operations cannot be looked up at the moment: \(error.message(for: role)).",
            reason: "STORE_UNAVAILABLE",
            retryAfter: .seconds(5)
        ).rpcStatus(in: MessageArena())
    }

    /// That no key counts as lost any more cannot be kept at the moment.
    static func lossNotAccepted(_ error: StoreError, _ role: Role) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.unavailable.rawValue,
            message: "That cannot be kept at the moment, so keys count as lost as before: \(error.message(for: role)).",
            reason: "STORE_UNAVAILABLE", retryAfter: .seconds(5)
        ).rpcStatus(in: MessageArena())
    }

    /// Nobody would ever read who has accepted it.
    static func lossNotAudited(_ failure: LogFailure) -> RPCStatus {
        ErrorStatus(
            code: StatusCode.unavailable.rawValue,
            message:
                "Keys count as lost as before, because the audit log, which is the daemon's stderr, cannot be written: "
                + "\(failure.description). Free it and try again.",
            reason: "AUDIT_UNAVAILABLE", retryAfter: .seconds(5)
        ).rpcStatus(in: MessageArena())
    }

    private static func invalid(_ failure: ActionFailure) -> RPCStatus {
        var status = ErrorStatus(
            code: failure.code.rawValue, message: failure.message.full, reason: failure.reason)
        if !failure.field.isEmpty {
            status.violations = [.init(field: failure.field, description: failure.message.full)]
        }
        return status.rpcStatus(in: MessageArena())
    }
}

extension ActionRefusal {
    fileprivate var code: StatusCode {
        switch self {
        case .denied: .permissionDenied
        case .keyMissing, .keyMalformed, .actionUnknown, .invalid: .invalidArgument
        case .projectUnknown, .itemUnknown: .notFound
        case .unavailable, .keyReused, .keysLost: .failedPrecondition
        case .limited, .tooMany: .resourceExhausted
        case .stopping, .notAudited, .notRecorded: .unavailable
        }
    }

    /// What the caller reads. That of a denial is made of what the caller sent and its role, and of nothing else.
    fileprivate func sentence(for reader: Role) -> String {
        switch self {
        case .denied(let role, let action, let key):
            "The role \(role.rawValue) may not run \(PrintableText.quoted(action)) on \(key)."
        case .keyMissing:
            "idempotency_key is required: send a new UUID, and the same one again when you repeat this very request."
        case .keyMalformed: "idempotency_key must be a UUID, such as 123e4567-e89b-12d3-a456-426614174000."
        case .actionUnknown(let action, let key):
            "\(key) has no action \(PrintableText.quoted(action)); it has "
                + IntegrationAction.all(for: key).map(\.rawValue).joined(separator: ", ") + "."
        case .unavailable(let reason): "The action cannot be run now: \(reason)"
        case .keyReused(let operationID):
            "This idempotency_key belongs to another request, the operation \(operationID); send a new UUID."
        case .keysLost(let loss, let end):
            "The store was damaged, removed or put back from a copy, which was noticed at "
                + "\(LogEncoder.timestamp(loss.noticedAt.wall)), and this idempotency_key may be one that it has forgotten. "
                + "Look at the provider whether the action ran; if it did not, or the key was never sent before, send it "
                + "with after_loss. Keys are refused so until \(LogEncoder.timestamp(end))"
                + (reader >= .admin ? ", or until somebody runs telltale cache --accept-lost-keys." : ".")
        case .limited(let perMinute, _):
            // When there is room again is in `RetryInfo`, and whoever shows the sentence says it once.
            "At most \(perMinute) actions a minute for each user and project."
        case .tooMany(let count):
            "\(count) operations are under way, which is the most; wait for some of them to end."
        case .stopping:
            "The daemon is stopping and begins nothing more; send it again with the same idempotency_key when it is back."
        case .notAudited(_, let reason):
            "The action was not run, because the audit log, which is the daemon's stderr, cannot be written: \(reason). Free it "
                + "and send it again with the same idempotency_key."
        case .notRecorded(let error):
            "The action was not run, because it cannot be recorded at the moment: \(error.message(for: reader)). "
                + "Send it again with the same idempotency_key."
        case .projectUnknown, .itemUnknown, .invalid: ""
        }
    }
}
