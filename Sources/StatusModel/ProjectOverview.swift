/// How many visible items and services of a project stand so.
public struct StateCounts: Hashable, Sendable {
    /// It works.
    public var connected: Int
    /// It works, and somebody should look at it.
    public var warning: Int
    /// It is refused or failing.
    public var error: Int
    /// Nothing is linked.
    public var disconnected: Int

    /// Makes one from its parts.
    public init(connected: Int = 0, warning: Int = 0, error: Int = 0, disconnected: Int = 0) {
        self.connected = connected
        self.warning = warning
        self.error = error
        self.disconnected = disconnected
    }
}

/// One project in a line, as one role may see it.
public struct ProjectOverview: Hashable, Sendable {
    /// The project.
    public var projectID: ProjectID
    /// Its worst visible item.
    public var overall: ConnectionState
    /// The digest of its view.
    public var hash: String
    /// When the newest reading in its view was taken; nil before the first.
    public var updatedAt: UnixTime?
    /// Its visible items and services by state.
    public var counts: StateCounts
    /// Whether any visible item is stale.
    public var isStale: Bool

    /// Makes one from its parts.
    public init(
        projectID: ProjectID, overall: ConnectionState, hash: String, updatedAt: UnixTime? = nil,
        counts: StateCounts = StateCounts(), isStale: Bool = false
    ) {
        self.projectID = projectID
        self.overall = overall
        self.hash = hash
        self.updatedAt = updatedAt
        self.counts = counts
        self.isStale = isStale
    }
}

/// A part of the list of projects, sorted by id.
public struct ProjectPage: Hashable, Sendable {
    /// The projects of this page.
    public var projects: [ProjectOverview]
    /// Asks for the next page; empty on the last.
    public var nextPageToken: String

    /// Makes one from its parts.
    public init(projects: [ProjectOverview], nextPageToken: String = "") {
        self.projects = projects
        self.nextPageToken = nextPageToken
    }
}
