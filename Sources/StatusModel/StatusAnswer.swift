/// How ready the caller is to wait for something newer (SPEC §3).
public enum ReadingMode: String, CaseIterable, Hashable, Sendable {
    /// Never waits while anything is known.
    case cached
    /// Waits up to `max_wait` for a refresh.
    case preferFresh = "prefer_fresh"
    /// Refreshes now; at most once a second per project.
    case force
}

/// The reader's contract: what the caller asks of an answer. All of it is optional (SPEC §3).
public struct ReadersContract: Hashable, Sendable {
    /// Start a refresh if the content is older.
    public var maxAge: Duration?
    /// How long the caller is ready to wait for a refresh.
    public var maxWait: Duration?
    /// Older than this the value is withheld and the call fails with `UNAVAILABLE`.
    public var maxStale: Duration?

    /// Makes one from its parts.
    public init(maxAge: Duration? = nil, maxWait: Duration? = nil, maxStale: Duration? = nil) {
        self.maxAge = maxAge
        self.maxWait = maxWait
        self.maxStale = maxStale
    }
}

/// Where an answer came from.
public enum AnswerSource: String, CaseIterable, Hashable, Sendable {
    /// Known and within its time to live.
    case hit
    /// Known, past its time to live; a refresh runs behind it.
    case stale
    /// Waited for a refresh that somebody else had started.
    case collapsed
    /// Waited for a refresh that this call started.
    case fetched
    /// Nothing was known within the time the caller would wait; a refresh runs.
    case checking
}

/// What `GetStatus` says beside the envelope.
public struct StatusAnswer: Hashable, Sendable {
    /// The envelope; nil when `notModified`.
    public var envelope: StatusEnvelope?
    /// The digest that the caller gave still holds.
    public var notModified: Bool
    /// The digest of the view.
    public var hash: String
    /// Where the answer came from.
    public var source: AnswerSource
    /// The age of the oldest configured item's content; nil while nothing is known.
    public var age: Duration?
    /// When the daemon refreshes next by itself, if it plans to.
    public var nextAttemptAt: UnixTime?
    /// A refresh of the project runs now.
    public var isRefreshing: Bool
    /// How old the content is, in a word: the oldest of the visible items that are configured.
    public var freshness: Freshness
    /// What the newest failed refresh met; nil once one has succeeded.
    public var error: RefreshError?
    /// Nobody had asked for the project in so long that its refresh had stopped; it starts again with this read.
    public var isResumed: Bool

    /// Makes one from its parts.
    public init(
        envelope: StatusEnvelope?, notModified: Bool = false, hash: String, source: AnswerSource,
        age: Duration? = nil, nextAttemptAt: UnixTime? = nil, isRefreshing: Bool = false,
        freshness: Freshness = .never, error: RefreshError? = nil, isResumed: Bool = false
    ) {
        self.envelope = envelope
        self.notModified = notModified
        self.hash = hash
        self.source = source
        self.age = age
        self.nextAttemptAt = nextAttemptAt
        self.isRefreshing = isRefreshing
        self.freshness = freshness
        self.error = error
        self.isResumed = isResumed
    }
}
