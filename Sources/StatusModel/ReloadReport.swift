/// What reading the configuration anew came to.
public struct ReloadReport: Hashable, Sendable {
    /// Projects that are new.
    public var projectsAdded: Int
    /// Projects whose settings changed.
    public var projectsChanged: Int
    /// Projects that are gone.
    public var projectsRemoved: Int
    /// Settings that are different from those in force and count only after a restart, by their path in the file:
    /// `socket.path`.
    public var needsRestart: [String]

    /// Makes one from its parts.
    public init(
        projectsAdded: Int = 0, projectsChanged: Int = 0, projectsRemoved: Int = 0, needsRestart: [String] = []
    ) {
        self.projectsAdded = projectsAdded
        self.projectsChanged = projectsChanged
        self.projectsRemoved = projectsRemoved
        self.needsRestart = needsRestart
    }
}
