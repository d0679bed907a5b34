import LinuxSystem
import Locks
package import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TTRPCCore
import TTRPCTransport

/// One line for each decision about an action, whatever level the log has: who wanted what, and what was decided (SPEC §7). No
/// payload, no key.
package final class AuditLog: Sendable {
    /// How long something waits for its line at most.
    package static let patience = Duration.milliseconds(500)

    private let logger: Logger
    private let time: any TimeSource
    private let pace = Lock(AuditPace())
    private let overflows: AsyncStream<Void>
    private let overflow: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - logger: Where the lines go.
    ///   - time: The clocks.
    package init(_ logger: Logger, time: any TimeSource) {
        self.logger = logger
        self.time = time
        (overflows, overflow) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Tells how many decisions had no line of their own, a moment after each such crowd, until the task is cancelled.
    package func run() async {
        for await _ in overflows {
            // Cut short at the end of the daemon: then what is left is told at once.
            try? await time.sleep(until: time.now.instant.advanced(by: AuditPace.window))
            tellUntold()
        }
        tellUntold()
    }

    /// It may be run. Returns once the line is written, for nothing is done about it before. A reader who is slow is waited for
    /// no longer than ``patience``: the line is on its way then. One that cannot be kept is one that nobody will ever read.
    ///
    /// - Throws: ``ActionRefusal/notAudited(operationID:reason:)``.
    func allowed(
        _ request: ActionRequest, _ caller: Principal, _ allowance: ActionAllowance
    ) async throws(ActionRefusal) {
        let word: [LogField] = allowance.isAfterLoss ? [.flag("afterLoss", true)] : []
        let line = fields(request, caller, "allowed", [.text("operationId", allowance.operationID)] + word)
        do throws(LogFailure) { try await tell(Self.message, line) } catch {
            throw .notAudited(operationID: allowance.operationID, reason: error.description)
        }
    }

    func replayed(_ request: ActionRequest, _ caller: Principal, _ record: OperationRecord) {
        let line = fields(request, caller, "replayed", [.text("operationId", record.id)])
        tell("replayed", of: caller.peer.userID, line)
    }

    func dryRun(_ request: ActionRequest, _ caller: Principal) {
        tell("dry_run", of: caller.peer.userID, fields(request, caller, "dry_run", []))
    }

    func refused(_ request: ActionRequest, _ caller: Principal, _ refusal: ActionRefusal) {
        var more: [LogField] = [.text("reason", refusal.reason)]
        if case .notAudited(let operationID, _) = refusal { more.append(.text("operationId", operationID)) }
        tell(refusal.decision, of: caller.peer.userID, fields(request, caller, refusal.decision, more))
    }

    /// A call that is no request; `caller` is nil where it does not say whose it is.
    func malformed(_ peer: TTRPCPeer, _ caller: Principal?, _ status: RPCStatus) {
        let who: [LogField] = caller.map { [.userID($0.name), .text("role", $0.role.rawValue)] } ?? []
        tell(
            "malformed", of: peer.credentials.uid,
            [.text("decision", "malformed"), .text("reason", status.message)] + who
                + [.number("uid", peer.credentials.uid), .number("pid", peer.credentials.pid)])
    }

    /// What a start does with operations that an earlier process has left. Returns once that is written, or cannot be: each has
    /// the line that allowed it, so nothing stands still for want of another.
    package func resumed(_ operations: [ResumedOperation]) async {
        try? await logger.audit(Self.message, each: operations.map(\.fields), within: Self.patience, by: time)
    }

    /// Unknown keys may count as new again, for everybody. Returns as ``allowed(_:_:_:)`` does, before that is done.
    func losingKeysAllowed(_ caller: Principal) async throws(LogFailure) {
        try await tell(Self.keysMessage, fields(caller, "allowed"))
    }

    /// What was decided about keys that count as lost.
    func lostKeys(_ decision: String, _ caller: Principal) {
        tell(decision, of: caller.peer.userID, fields(caller, decision), Self.keysMessage)
    }

    /// A line that something waits for.
    private func tell(_ message: StaticString, _ line: [LogField]) async throws(LogFailure) {
        do throws(LogFailure) {
            try await logger.audit(message, each: [line], within: Self.patience, by: time)
        } catch {
            guard error == .late else { throw error }
        }
    }

    /// A line that is counted instead where there are too many of its kind.
    private func tell(
        _ decision: String, of userID: UInt32, _ line: [LogField], _ message: StaticString = AuditLog.message
    ) {
        let kind = AuditPace.Kind(userID: userID, decision: decision)
        guard pace.withLock({ $0.admits(kind, at: time.now.instant) }) else {
            overflow.yield()
            return
        }
        logger.audit(message, line)
    }

    private func tellUntold() {
        for (kind, count) in pace.withLock({ $0.takeUntold() }) {
            let who: [LogField] = kind.userID.map { [.number("uid", $0)] } ?? []
            logger.audit(
                "more actions decided alike",
                [.text("decision", kind.decision)] + who + [.number("count", count)])
        }
    }

    private func fields(
        _ request: ActionRequest, _ caller: Principal, _ decision: String, _ more: [LogField]
    ) -> [LogField] {
        [
            .text("decision", decision), .projectID(request.projectID), .provider(request.key),
            .text("action", request.action), .userID(caller.name), .text("role", caller.role.rawValue),
            .number("uid", caller.peer.userID), .number("pid", caller.peer.processID),
        ] + more
    }

    private func fields(_ caller: Principal, _ decision: String) -> [LogField] {
        [
            .text("decision", decision), .userID(caller.name), .text("role", caller.role.rawValue),
            .number("uid", caller.peer.userID), .number("pid", caller.peer.processID),
        ]
    }

    private static let message: StaticString = "action decided"
    private static let keysMessage: StaticString = "lost keys decided"
}

extension ResumedOperation {
    fileprivate var fields: [LogField] {
        let decision =
            switch resumption {
            case .begin: "begun_again"
            case .follow: "followed_on"
            case .over: record.state.rawValue
            }
        let reason: [LogField] = record.failure.map { [.text("reason", $0.reason)] } ?? []
        return [
            .text("decision", decision), .projectID(record.item.project), .provider(record.item.key),
            .text("action", record.action.rawValue), .userID(record.requestedBy), .text("operationId", record.id),
        ] + reason
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
