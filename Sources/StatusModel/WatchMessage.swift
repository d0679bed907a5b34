/// Where a watcher stands in the journal: an epoch, and a sequence number that grows within it (SPEC §6).
public struct EventID: Hashable, Sendable {
    /// Changes when the journal starts anew; ids of different epochs cannot be compared.
    public var epoch: UInt64
    /// Grows by one with every event of the epoch. 0 stands before the first.
    public var sequence: UInt64

    /// Makes one from its parts.
    public init(epoch: UInt64, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }
}

/// One thing that happened to a project.
public struct StatusEvent: Hashable, Sendable {
    /// Where it stands in the journal.
    public var id: EventID
    /// When it happened.
    public var at: UnixTime
    /// The project.
    public var projectID: ProjectID
    /// What happened: `status:update`, `github:push`, `project:removed`, … (SPEC §6).
    public var kind: String
    /// The items that changed, whole, as the watcher's role may see them.
    public var items: [IntegrationStatus]
    /// The project's overall status after the event.
    public var overall: ConnectionState
    /// The digest of the view after the event.
    public var hash: String
    /// The project's revision after the event.
    public var revision: UInt64
    /// One line for people; may be empty.
    public var message: String

    /// Makes one from its parts.
    public init(
        id: EventID, at: UnixTime, projectID: ProjectID, kind: String, items: [IntegrationStatus] = [],
        overall: ConnectionState = .disconnected, hash: String = "", revision: UInt64 = 0, message: String = ""
    ) {
        self.id = id
        self.at = at
        self.projectID = projectID
        self.kind = kind
        self.items = items
        self.overall = overall
        self.hash = hash
        self.revision = revision
        self.message = message
    }
}

/// What was lost when a watch could not go on where it stood.
public struct WatchReset: Hashable, Sendable {
    /// Why it could not.
    public enum Reason: String, CaseIterable, Hashable, Sendable {
        /// The journal no longer reaches back that far.
        case truncated
        /// The id is from another epoch.
        case epoch
        /// The id lies in the future.
        case future
    }

    /// Why it could not.
    public var reason: Reason
    /// First sequence number lost; 0 when unknown.
    public var lostFrom: UInt64
    /// Last sequence number lost; 0 when unknown.
    public var lostTo: UInt64
    /// Where the stream goes on.
    public var resumeFrom: EventID

    /// Makes one from its parts.
    public init(reason: Reason, lostFrom: UInt64, lostTo: UInt64, resumeFrom: EventID) {
        self.reason = reason
        self.lostFrom = lostFrom
        self.lostTo = lostTo
        self.resumeFrom = resumeFrom
    }
}

/// One message of a watch (SPEC §6).
public enum WatchMessage: Hashable, Sendable {
    /// The state of one project at `asOf`.
    case snapshot(StatusEnvelope, asOf: EventID)
    /// Something happened.
    case event(StatusEvent)
    /// Nothing happened up to `EventID`; an idle stream may resume from it.
    case heartbeat(EventID, at: UnixTime)
    /// Events were lost; snapshots follow.
    case reset(WatchReset)
    /// The server drains: resume from here, not before the delay is over.
    case goingAway(resumeFrom: EventID, retryAfter: Duration)
}
