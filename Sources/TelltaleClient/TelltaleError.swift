import TTRPCCore

/// Why the daemon did not do what was asked, or could not be asked.
public struct TelltaleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A canonical status code (google.rpc.Code).
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        let status: StatusCode

        /// The caller gave up, or the client was closed.
        public static let cancelled = Code(status: .cancelled)
        /// None of the others.
        public static let unknown = Code(status: .unknown)
        /// The request itself is wrong; ``TelltaleError/violations`` say where.
        public static let invalidArgument = Code(status: .invalidArgument)
        /// No answer came in time.
        public static let deadlineExceeded = Code(status: .deadlineExceeded)
        /// There is no such project, or no such part.
        public static let notFound = Code(status: .notFound)
        /// It exists already.
        public static let alreadyExists = Code(status: .alreadyExists)
        /// This process, or the role it acts in, may not do this.
        public static let permissionDenied = Code(status: .permissionDenied)
        /// A limit is reached; ``TelltaleError/retryAfter`` may say until when.
        public static let resourceExhausted = Code(status: .resourceExhausted)
        /// The present state forbids it.
        public static let failedPrecondition = Code(status: .failedPrecondition)
        /// Something else came between; try again.
        public static let aborted = Code(status: .aborted)
        /// A value lies outside its range.
        public static let outOfRange = Code(status: .outOfRange)
        /// This daemon does not know the call.
        public static let unimplemented = Code(status: .unimplemented)
        /// A defect, of the daemon or of this client.
        public static let `internal` = Code(status: .internal)
        /// No daemon can be reached, or what it knows is older than the caller accepts.
        public static let unavailable = Code(status: .unavailable)
        /// Data was lost for good.
        public static let dataLoss = Code(status: .dataLoss)
        /// The daemon does not know who calls.
        public static let unauthenticated = Code(status: .unauthenticated)

        /// The name in the specification: `NOT_FOUND`.
        public var description: String { status.name }
    }

    /// What in a request was wrong.
    public struct FieldViolation: Hashable, Sendable {
        /// The path to the field within the request, such as `contract.max_wait`.
        public var field: String
        /// One sentence for people.
        public var description: String

        /// Makes one from its parts.
        public init(field: String, description: String) {
            self.field = field
            self.description = description
        }
    }

    /// The kind of failure, for programs.
    public var code: Code
    /// One or two sentences for people. Holds neither payload nor secret.
    public var message: String
    /// The stable name of the reason, such as `PROJECT_UNKNOWN`; empty when there is none.
    public var reason: String
    /// What the reason rests on, by name: `operation_id` of a `KEY_REUSED`.
    public var metadata: [String: String]
    /// When it is of use to try again, if the daemon said so.
    public var retryAfter: Duration?
    /// What in the request was wrong.
    public var violations: [FieldViolation]

    /// Makes one from its parts.
    public init(
        _ code: Code, _ message: String, reason: String = "", metadata: [String: String] = [:],
        retryAfter: Duration? = nil, violations: [FieldViolation] = []
    ) {
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = metadata
        self.retryAfter = retryAfter
        self.violations = violations
    }

    /// `NOT_FOUND: There is no project "shop". (PROJECT_UNKNOWN)`.
    public var description: String {
        reason.isEmpty ? "\(code): \(message)" : "\(code): \(message) (\(reason))"
    }
}
