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
    /// How many state updates were left out before this event, because the watcher was slow and newer ones that it gets
    /// say all that they said. It depends on the watcher; all else is the same for every watcher of one role.
    public var collapsed: UInt64
    /// The operation that an `action:*` event tells of, as it stood then; nil for all other events.
    public var operation: Operation?

    /// Makes one from its parts.
    public init(
        id: EventID, at: UnixTime, projectID: ProjectID, kind: String, items: [IntegrationStatus] = [],
        overall: ConnectionState = .disconnected, hash: String = "", revision: UInt64 = 0, message: String = "",
        collapsed: UInt64 = 0, operation: Operation? = nil
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
        self.collapsed = collapsed
        self.operation = operation
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
    /// How many events were lost, of all projects and for all roles; 0 when unknown.
    public var lostCount: UInt64
    /// The items of the watch that may have changed meanwhile, at most 1024. The snapshots that follow tell how they stand.
    public var lostItems: [ItemName]
    /// Whether other items may have changed too.
    public var hasMoreItems: Bool

    /// Makes one from its parts.
    public init(
        reason: Reason, lostFrom: UInt64, lostTo: UInt64, resumeFrom: EventID, lostCount: UInt64 = 0,
        lostItems: [ItemName] = [], hasMoreItems: Bool = false
    ) {
        self.reason = reason
        self.lostFrom = lostFrom
        self.lostTo = lostTo
        self.resumeFrom = resumeFrom
        self.lostCount = lostCount
        self.lostItems = lostItems
        self.hasMoreItems = hasMoreItems
    }
}

/// One item of one project.
public struct ItemName: Hashable, Sendable {
    /// The project.
    public var projectID: ProjectID
    /// The item.
    public var key: ItemKey

    /// Makes one from its parts.
    public init(projectID: ProjectID, key: ItemKey) {
        self.projectID = projectID
        self.key = key
    }
}

/// Why a server ends a stream that can be gone on with.
public enum WatchEndReason: String, CaseIterable, Hashable, Sendable {
    /// The server drains.
    case draining
    /// The watcher took nothing for 10 s while data waited for it.
    case slowConsumer
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
    /// The stream ends: resume from here, not before the delay is over.
    case goingAway(resumeFrom: EventID, retryAfter: Duration, because: WatchEndReason = .draining)
}
