package import StatusModel
package import TelltaleClient

/// How a command ended, for the shell: sysexits(3), and the answer of `status --check`.
package struct ExitCode: Hashable, Sendable {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// All is well.
    package static let ok = ExitCode(rawValue: 0)
    /// What was to be done has failed.
    package static let failed = ExitCode(rawValue: 1)
    /// The command line is wrong (EX_USAGE).
    package static let usage = ExitCode(rawValue: 64)
    /// What was named does not exist (EX_NOINPUT).
    package static let noInput = ExitCode(rawValue: 66)
    /// No daemon can be reached, or it is not serving (EX_UNAVAILABLE).
    package static let unavailable = ExitCode(rawValue: 69)
    /// A defect (EX_SOFTWARE).
    package static let software = ExitCode(rawValue: 70)
    /// The output cannot be written (EX_IOERR).
    package static let inputOutput = ExitCode(rawValue: 74)
    /// Try again later (EX_TEMPFAIL).
    package static let temporaryFailure = ExitCode(rawValue: 75)
    /// Not permitted (EX_NOPERM).
    package static let noPermission = ExitCode(rawValue: 77)
    /// The configuration is mistaken (EX_CONFIG).
    package static let configuration = ExitCode(rawValue: 78)
    /// The reader of the output is gone: what a shell shows for SIGPIPE.
    package static let brokenPipe = ExitCode(rawValue: 141)

    /// What `status --check` says of a state (SPEC §9).
    package init(checking state: ConnectionState) {
        switch state {
        case .connected: self.init(rawValue: 0)
        case .warning: self.init(rawValue: 1)
        case .error: self.init(rawValue: 2)
        case .disconnected: self.init(rawValue: 3)
        }
    }

    /// What the state of an operation says: what goes on is well.
    package init(_ state: OperationState) {
        switch state {
        case .pending, .running, .succeeded: self = .ok
        case .failed: self = .failed
        case .unknownOutcome: self = .temporaryFailure
        }
    }

    /// How a command ends that met an error. A key of another request is a mistake of the caller's. What an item's state
    /// forbids, or a store that may have forgotten the key, is a failure and no daemon that is away.
    package init(_ error: TelltaleError) {
        switch error.reason {
        case "KEY_REUSED": self = .usage
        case "ACTION_UNAVAILABLE", "KEYS_LOST": self = .failed
        default: self.init(error.code)
        }
    }

    /// How a command ends that failed so.
    package init(_ code: TelltaleError.Code) {
        switch code {
        case .invalidArgument, .outOfRange: self = .usage
        case .notFound: self = .noInput
        case .unavailable, .unimplemented, .failedPrecondition: self = .unavailable
        case .deadlineExceeded, .resourceExhausted, .aborted, .cancelled: self = .temporaryFailure
        case .permissionDenied, .unauthenticated: self = .noPermission
        default: self = .software
        }
    }
}
