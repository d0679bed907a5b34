/// How the newest refresh of a project ended.
public struct RefreshAttempt: Hashable, Sendable {
    /// The ends a refresh can have.
    public enum Outcome: String, CaseIterable, Hashable, Sendable {
        /// Every item answered.
        case succeeded
        /// Some items answered and some did not.
        case partial
        /// No item answered.
        case failed
    }

    /// When it ended.
    public var at: UnixTime
    /// How it ended.
    public var outcome: Outcome
    /// How long it took.
    public var duration: Duration

    /// Makes one from its parts.
    public init(at: UnixTime, outcome: Outcome, duration: Duration) {
        self.at = at
        self.outcome = outcome
        self.duration = duration
    }
}

/// What the newest failed refresh met; cleared by the next success.
public struct RefreshError: Hashable, Sendable {
    /// The code of the worst problem met.
    public var code: ProblemCode
    /// One sentence for people.
    public var message: String
    /// When it was met.
    public var at: UnixTime

    /// Makes one from its parts.
    public init(code: ProblemCode, message: String, at: UnixTime) {
        self.code = code
        self.message = message
        self.at = at
    }
}

/// A diagnostics or smoke-test run that was reported.
public struct RunRecord: Hashable, Sendable {
    /// `diagnostics` or `smoke_tests`.
    public var kind: String
    /// When it ended.
    public var at: UnixTime
    /// Whether all of it passed.
    public var passed: Bool

    /// Makes one from its parts.
    public init(kind: String, at: UnixTime, passed: Bool) {
        self.kind = kind
        self.at = at
        self.passed = passed
    }
}

/// A repair recommended to the reader.
public struct NextAction: Hashable, Sendable {
    /// The item it repairs.
    public var key: ItemKey
    /// The action's name; empty when the repair is not one that the daemon can run.
    public var action: String
    /// One sentence for people.
    public var reason: String

    /// Makes one from its parts.
    public init(key: ItemKey, action: String, reason: String) {
        self.key = key
        self.action = action
        self.reason = reason
    }
}

/// All statuses of one project, as one role may see them (SPEC §2).
public struct StatusEnvelope: Hashable, Sendable {
    /// The project.
    public var projectID: ProjectID
    /// Exactly the four providers, in the order of ``ProviderKey``.
    public var items: [IntegrationStatus]
    /// The project's services, sorted by name.
    public var services: [IntegrationStatus]
    /// The worst visible item: error, warning, connected, disconnected.
    public var overall: ConnectionState
    /// A digest of what the view says; the same facts give the same digest on every host.
    public var hash: String
    /// A digest of what the view shows, times included.
    public var renderHash: String
    /// When the newest reading in the view was taken; nil before the first.
    public var cachedAt: UnixTime?
    /// Whether any visible item is stale.
    public var isStale: Bool
    /// Recommended repairs, most urgent first.
    public var nextActions: [NextAction]
    /// How the newest refresh ended.
    public var lastRefreshAttempt: RefreshAttempt?
    /// What the newest failed refresh met; nil once one has succeeded.
    public var lastRefreshError: RefreshError?
    /// Newest run of each kind.
    public var lastRuns: [RunRecord]
    /// Grows with every change of the project's content within an epoch of the journal.
    public var revision: UInt64

    /// An envelope of a project of which nothing is known yet.
    public init(projectID: ProjectID) {
        self.projectID = projectID
        items = ProviderKey.allCases.map { IntegrationStatus(key: .provider($0)) }
        services = []
        overall = .disconnected
        hash = ""
        renderHash = ""
        cachedAt = nil
        isStale = false
        nextActions = []
        lastRefreshAttempt = nil
        lastRefreshError = nil
        lastRuns = []
        revision = 0
    }
}
