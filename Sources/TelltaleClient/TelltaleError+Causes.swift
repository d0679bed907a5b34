import Glibc
import LinuxSystem
import StatusModel
import StatusWire
import TTRPCCore

extension TelltaleError {
    /// What the daemon answered, or what befell the connection.
    init(_ status: RPCStatus) {
        let details = ErrorStatus(status)
        self.init(
            Code(status: status.code), details.message, reason: details.reason, metadata: details.metadata,
            retryAfter: details.retryAfter,
            violations: details.violations.map { FieldViolation(field: $0.field, description: $0.description) })
    }

    /// The daemon answered, in words that this client cannot read. Only the field is named, never its value.
    init(unreadable error: WireError) {
        self.init(.internal, "The daemon's answer cannot be read: \(error). Do client and daemon fit together?")
    }

    /// The system refused what the client's own thread needs.
    init(threadOf error: SystemError) {
        self.init(.resourceExhausted, "The client cannot start its thread: \(error).")
    }

    /// No daemon listens at any of the paths.
    init(unreachable failures: [(path: String, error: SystemError)]) {
        let isForbidden = failures.contains { $0.error.errno == EACCES }
        let attempts = failures.map { "\($0.path) (\($0.error))" }.joined(separator: " or ")
        let advice =
            isForbidden ? "Its operator can add you to the socket's group." : "Is telltaled running?"
        self.init(
            isForbidden ? .permissionDenied : .unavailable, "Cannot reach a daemon at \(attempts). \(advice)")
    }

    static let clientClosed = TelltaleError(.cancelled, "The client was closed.")

    /// The daemon ended a watch, and said why.
    static func goingAway(_ reason: WatchEndReason) -> TelltaleError {
        switch reason {
        case .draining: TelltaleError(.unavailable, "The daemon shuts down or restarts.")
        case .slowConsumer:
            TelltaleError(
                .resourceExhausted, "Nothing was read for 10 s while updates waited, so the daemon ended the watch.")
        }
    }

    /// A watch heard nothing, not even a heartbeat.
    static let silent = TelltaleError(.deadlineExceeded, "The daemon has said nothing for 15 s.")
}
