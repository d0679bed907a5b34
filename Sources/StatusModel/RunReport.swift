/// What kind of run somebody made.
public enum RunKind: String, CaseIterable, Hashable, Sendable {
    /// Looks whether everything is set up as it should be.
    case diagnostics
    /// Tries whether the main ways through the project work.
    case smokeTests = "smoke_tests"
}

/// The result of one check of a run.
public struct RunResult: Hashable, Sendable {
    /// The longest name, in bytes.
    public static let nameBytesMax = 256
    /// The longest message, in bytes.
    public static let messageBytesMax = 1024
    /// The longest time that a check can have taken.
    public static let latencyMax = Duration.seconds(86_400)

    /// What was checked: 1 to ``nameBytesMax`` bytes.
    public var name: String
    /// The item it concerns; nil when it concerns the whole project.
    public var key: ItemKey?
    /// Whether it passed.
    public var passed: Bool
    /// How long it took, from zero to ``latencyMax``; nil when it was not measured.
    public var latency: Duration?
    /// One line for people, at most ``messageBytesMax`` bytes; may be empty.
    public var message: String

    /// Makes one from its parts.
    public init(name: String, key: ItemKey? = nil, passed: Bool, latency: Duration? = nil, message: String = "") {
        self.name = name
        self.key = key
        self.passed = passed
        self.latency = latency
        self.message = message
    }
}

/// A diagnostics or smoke-test run that was made outside of the daemon.
public struct RunReport: Hashable, Sendable {
    /// The most results of one run.
    public static let resultsMax = 256
    /// The longest id, in bytes.
    public static let idBytesMax = 128

    /// The project.
    public var projectID: ProjectID
    /// What kind of run it was.
    public var kind: RunKind
    /// What was checked, at most ``resultsMax``. A run without any says only that it ended well.
    public var results: [RunResult]
    /// When the run ended; nil for now. At most five minutes ahead of the daemon's clock.
    public var endedAt: UnixTime?
    /// The run's own name among those of its project and kind, so that it counts once however often it is reported: see
    /// ``isWellFormed(id:)``. Empty when it has none, and then each report counts.
    public var runID: String

    /// Makes one from its parts.
    public init(
        projectID: ProjectID, kind: RunKind, results: [RunResult] = [], endedAt: UnixTime? = nil, runID: String = ""
    ) {
        self.projectID = projectID
        self.kind = kind
        self.results = results
        self.endedAt = endedAt
        self.runID = runID
    }

    /// Whether the text can be a run's id: at most ``idBytesMax`` printable ASCII characters.
    public static func isWellFormed(id: String) -> Bool {
        id.utf8.count <= idBytesMax && id.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    }
}

/// What the daemon made of a reported run. When it is there, the run is kept and survives whatever happens to the host.
public struct RunReceipt: Hashable, Sendable {
    /// The event that it became; nil when policy hides what it concerns from every role.
    public var event: EventID?
    /// Whether the same run had been reported before; then nothing was done again.
    public var isDuplicate: Bool

    /// Makes one from its parts.
    public init(event: EventID?, isDuplicate: Bool = false) {
        self.event = event
        self.isDuplicate = isDuplicate
    }
}
