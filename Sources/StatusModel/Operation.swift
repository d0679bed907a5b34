/// How far an operation is (SPEC §7). It only moves down this list, and ends in one of the last three.
public enum OperationState: String, CaseIterable, Hashable, Sendable {
    /// Recorded, not begun.
    case pending
    /// Begun.
    case running
    /// Done.
    case succeeded
    /// Not done.
    case failed
    /// Sent, and the result got lost. It is never run again by itself.
    case unknownOutcome = "unknown_outcome"

    /// Whether it has ended.
    public var isOver: Bool {
        switch self {
        case .pending, .running: false
        case .succeeded, .failed, .unknownOutcome: true
        }
    }
}

/// Why an operation failed, or why its outcome is unknown.
public struct OperationError: Error, Hashable, Sendable {
    /// A canonical code of gRPC (google/rpc/code.proto).
    public var code: Int32
    /// The stable name of the reason: `MERGE_CONFLICT`.
    public var reason: String
    /// One or two sentences that say what the person can do.
    public var message: String
    /// When it is of use to try again; nil when nobody said so.
    public var retryAfter: UnixTime?

    /// Makes one from its parts.
    public init(code: Int32, reason: String, message: String, retryAfter: UnixTime? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.retryAfter = retryAfter
    }
}

/// A wish to have an action run (SPEC §7).
public struct ActionRequest: Hashable, Sendable {
    /// The longest payload, in bytes.
    public static let payloadBytesMax = 64 << 10
    /// The longest name of an action, in bytes.
    public static let actionBytesMax = 64

    /// The project.
    public var projectID: ProjectID
    /// The item.
    public var key: ItemKey
    /// The action, as ``ActionOffer/action`` names it.
    public var action: String
    /// Its parameters as one JSON object; empty for none.
    public var payload: [UInt8]
    /// A UUID of the caller's choice. The same key with the same request gives the same operation for 24 h.
    public var idempotencyKey: String
    /// Decides and explains, and changes nothing.
    public var isDryRun: Bool
    /// The caller vouches that nothing ran under the key: it was made for this very call, or somebody has looked at the
    /// provider. Without it a key that is not known is refused for 24 h after the daemon's store may have forgotten keys
    /// (`KEYS_LOST`). Never set it when a call is repeated.
    public var isAfterLoss: Bool

    /// Makes one from its parts.
    public init(
        projectID: ProjectID, key: ItemKey, action: String, payload: [UInt8] = [], idempotencyKey: String,
        isDryRun: Bool = false, isAfterLoss: Bool = false
    ) {
        self.projectID = projectID
        self.key = key
        self.action = action
        self.payload = payload
        self.idempotencyKey = idempotencyKey
        self.isDryRun = isDryRun
        self.isAfterLoss = isAfterLoss
    }
}

/// One run of an action, as a role may see it.
public struct Operation: Hashable, Sendable {
    /// Its name, unique on its host; empty for a dry run, of which nothing is kept.
    public var id: String
    /// The project.
    public var projectID: ProjectID
    /// The item.
    public var key: ItemKey
    /// The action.
    public var action: String
    /// How far it is.
    public var state: OperationState
    /// The newest progress in one line for people.
    public var summary: String
    /// When it was recorded.
    public var createdAt: UnixTime
    /// When it last moved.
    public var updatedAt: UnixTime
    /// When it ended; nil while it has not.
    public var endedAt: UnixTime?
    /// Why it failed, or why its outcome is unknown.
    public var error: OperationError?
    /// What it gave, as one JSON object; empty when nothing, and withheld from viewers.
    public var result: [UInt8]
    /// Nothing was changed.
    public var isDryRun: Bool
    /// Who asked for it; empty when withheld.
    public var requestedBy: String
    /// Grows with each move, so that a waiting reader can say what it knows.
    public var version: UInt64

    /// Makes one from its parts.
    public init(
        id: String, projectID: ProjectID, key: ItemKey, action: String, state: OperationState, summary: String = "",
        createdAt: UnixTime, updatedAt: UnixTime, endedAt: UnixTime? = nil, error: OperationError? = nil,
        result: [UInt8] = [], isDryRun: Bool = false, requestedBy: String = "", version: UInt64 = 0
    ) {
        self.id = id
        self.projectID = projectID
        self.key = key
        self.action = action
        self.state = state
        self.summary = summary
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.endedAt = endedAt
        self.error = error
        self.result = result
        self.isDryRun = isDryRun
        self.requestedBy = requestedBy
        self.version = version
    }
}

/// What became of a wish to have an action run. When it is there, the operation is recorded and survives whatever happens
/// to the host.
public struct OperationReceipt: Hashable, Sendable {
    /// As it was recorded, or as it stands by now when it is replayed.
    public var operation: Operation
    /// The key was known: no second run was started.
    public var isReplayed: Bool

    /// Makes one from its parts.
    public init(operation: Operation, isReplayed: Bool = false) {
        self.operation = operation
        self.isReplayed = isReplayed
    }

    /// The key was known, and its operation is not over.
    public var isInFlight: Bool { isReplayed && !operation.state.isOver }
}

/// A question for one operation.
public struct OperationQuery: Hashable, Sendable {
    /// The longest name of an operation, in bytes.
    public static let idBytesMax = 64
    /// The longest wait.
    public static let waitMax = Duration.seconds(30)

    /// Its name.
    public var id: String
    /// How long to wait for it to move past ``knownVersion``, at most ``waitMax``; zero to answer at once.
    public var wait: Duration
    /// What the reader knows; 0 for nothing.
    public var knownVersion: UInt64

    /// Makes one from its parts.
    public init(id: String, wait: Duration = .zero, knownVersion: UInt64 = 0) {
        self.id = id
        self.wait = wait
        self.knownVersion = knownVersion
    }
}

/// A question for the operations of a project.
public struct OperationListQuery: Hashable, Sendable {
    /// The largest page.
    public static let pageSizeMax = 200

    /// The project.
    public var projectID: ProjectID
    /// Only those of this item; nil for all.
    public var key: ItemKey?
    /// At most so many, from 1 to ``pageSizeMax``.
    public var pageSize: Int
    /// ``OperationPage/nextPageToken`` of the page before; empty for the first.
    public var pageToken: String

    /// Makes one from its parts.
    public init(projectID: ProjectID, key: ItemKey? = nil, pageSize: Int = 50, pageToken: String = "") {
        self.projectID = projectID
        self.key = key
        self.pageSize = pageSize
        self.pageToken = pageToken
    }
}

/// Some operations of a project, the newest first.
public struct OperationPage: Hashable, Sendable {
    /// The operations.
    public var operations: [Operation]
    /// Asks for the next page; empty on the last.
    public var nextPageToken: String

    /// Makes one from its parts.
    public init(operations: [Operation], nextPageToken: String = "") {
        self.operations = operations
        self.nextPageToken = nextPageToken
    }
}
