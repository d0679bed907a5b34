import StatusCore
import StatusEngine
import StatusModel

/// One line for each decision about an action: who wanted what, and what was decided (SPEC §7). No payload, no key.
package struct AuditLog: Sendable {
    let logger: Logger

    package init(_ logger: Logger) { self.logger = logger }

    func decided(_ request: ActionRequest, _ caller: Principal, _ answer: ActionAnswer) {
        switch answer {
        case .operation(let record, let isReplayed):
            write(request, caller, isReplayed ? "replayed" : "allowed", [.text("operationId", record.id)])
        case .plan: write(request, caller, "dry_run", [])
        }
    }

    func refused(_ request: ActionRequest, _ caller: Principal, _ refusal: ActionRefusal) {
        write(request, caller, refusal.decision, [.text("reason", refusal.reason)])
    }

    private func write(_ request: ActionRequest, _ caller: Principal, _ decision: String, _ more: [LogField]) {
        logger.notice(
            "action decided",
            [
                .text("decision", decision), .projectID(request.projectID), .provider(request.key),
                .text("action", request.action), .userID(caller.name),
                .text("role", caller.role.rawValue), .number("uid", caller.peer.userID),
                .number("pid", caller.peer.processID),
            ] + more)
    }
}

extension ActionRefusal {
    /// `denied` where the caller may not, `refused` where the state, the request or the daemon forbids it.
    fileprivate var decision: String {
        switch self {
        case .denied: "denied"
        case .limited: "limited"
        default: "refused"
        }
    }
}
