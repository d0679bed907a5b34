import LinuxSystem
package import StatusCore
import StatusEngine
import StatusModel
import TTRPCCore
import TTRPCTransport

/// One line for each decision about an action, whatever level the log has: who wanted what, and what was decided (SPEC §7). No
/// payload, no key.
package struct AuditLog: Sendable {
    /// How long an action waits for its line at most. It is a log that nobody reads then, and no reason to stand still.
    static let patience = Duration.milliseconds(500)

    let logger: Logger
    let time: any TimeSource

    /// - Parameters:
    ///   - logger: Where the lines go.
    ///   - time: The clocks.
    package init(_ logger: Logger, time: any TimeSource) {
        self.logger = logger
        self.time = time
    }

    /// It may be run. Returns once the line is written, for nothing is done about it before.
    func allowed(_ request: ActionRequest, _ caller: Principal, _ allowance: ActionAllowance) async {
        let word: [LogField] = allowance.isAfterLoss ? [.flag("afterLoss", true)] : []
        write(request, caller, "allowed", [.text("operationId", allowance.operationID)] + word)
        await logger.written(within: Self.patience, by: time)
    }

    func replayed(_ request: ActionRequest, _ caller: Principal, _ record: OperationRecord) {
        write(request, caller, "replayed", [.text("operationId", record.id)])
    }

    func dryRun(_ request: ActionRequest, _ caller: Principal) { write(request, caller, "dry_run", []) }

    func refused(_ request: ActionRequest, _ caller: Principal, _ refusal: ActionRefusal) {
        write(request, caller, refusal.decision, [.text("reason", refusal.reason)])
    }

    /// A call that is no request; `caller` is nil where it does not say whose it is.
    func malformed(_ peer: TTRPCPeer, _ caller: Principal?, _ status: RPCStatus) {
        let who: [LogField] = caller.map { [.userID($0.name), .text("role", $0.role.rawValue)] } ?? []
        logger.audit(
            "action decided",
            [.text("decision", "malformed"), .text("reason", status.message)] + who
                + [.number("uid", peer.credentials.uid), .number("pid", peer.credentials.pid)])
    }

    /// What a start does with an operation that an earlier process has left.
    package func resumed(_ record: OperationRecord, _ resumption: OperationResumption) {
        let decision =
            switch resumption {
            case .begin: "begun_again"
            case .follow: "followed_on"
            case .over: record.state.rawValue
            }
        let reason: [LogField] = record.failure.map { [.text("reason", $0.reason)] } ?? []
        logger.audit(
            "action decided",
            [
                .text("decision", decision), .projectID(record.item.project), .provider(record.item.key),
                .text("action", record.action.rawValue), .userID(record.requestedBy),
                .text("operationId", record.id),
            ] + reason)
    }

    private func write(_ request: ActionRequest, _ caller: Principal, _ decision: String, _ more: [LogField]) {
        logger.audit(
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
