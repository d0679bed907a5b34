package import StatusModel

/// What one provider answered, with its time: facts, from which a view is rendered for a role at a moment (SPEC §1).
///
/// A reading holds instants and never relative words, so it stays true however long it is kept.
package struct Reading: Hashable, Sendable {
    /// What it is about.
    package var key: ItemKey
    /// When the provider said or confirmed it.
    package var observedAt: Moment
    /// The status as a function of the wall clock.
    package var status: StatusTimeline
    /// The line for people, with its instants.
    package var summary: Summary
    /// What is linked.
    package var label: ResourceLabel?
    /// A problem that stands beside good data, such as a missing scope or a token that expires soon.
    package var problem: ReadingProblem?
    /// Environments, for providers that have them.
    package var environments: [EnvironmentReading] = []
    /// Latencies of the newest successful health samples, oldest first; at most 32.
    package var latencies: [Duration] {
        get { latencyNanoseconds.map { .nanoseconds($0) } }
        set { latencyNanoseconds = newValue.map(\.saturatedNanoseconds) }
    }
    private var latencyNanoseconds: [Int64] = []
    /// Instants whose advance is an event of its own: `github:push`.
    package var milestones: [Milestone] = []
    /// More of it is known as soon as it is read again, which is then done in a moment: an answer in parts, so that
    /// nobody waits for the second round trip of a slow provider.
    package var isPartial = false
    /// Somebody who answered a part of it wants no request before then.
    package var notBefore: UnixTime?
    /// What is left of the provider's rate limit, if it said.
    package var budget: RateBudget?
    /// The provider's private notes for its next conditional request, such as an ETag. Never shown.
    package var memo: [String: String] {
        get { packedMemo.fields }
        set { packedMemo = PackedFields(newValue) }
    }
    private var packedMemo = PackedFields([:])

    package init(key: ItemKey, observedAt: Moment, status: StatusTimeline, summary: Summary) {
        self.key = key
        self.observedAt = observedAt
        self.status = status
        self.summary = summary
    }
}

/// A status that the mere passing of time can change: a repository is connected until its last push is 7 days old.
package struct StatusTimeline: Hashable, Sendable {
    package struct Turn: Hashable, Sendable {
        package var at: UnixTime
        package var to: ConnectionState

        package init(at: UnixTime, to: ConnectionState) {
            self.at = at
            self.to = to
        }
    }

    /// The status before the first turn.
    package var initial: ConnectionState
    /// What changes it later, ascending by time.
    package var turns: [Turn]

    package init(_ initial: ConnectionState, turns: [Turn] = []) {
        self.initial = initial
        self.turns = turns
    }

    /// The status at an instant.
    package func status(at now: UnixTime) -> ConnectionState {
        turns.last { $0.at <= now }?.to ?? initial
    }

    /// The next instant at which the status changes by itself.
    package func nextTurn(after now: UnixTime) -> UnixTime? {
        turns.first { $0.at > now }?.at
    }
}

/// A line for people made of parts, joined by ` · ` when it is rendered.
package struct Summary: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        /// As it stands.
        case text(String)
        /// `Last push 2m ago`, rendered from the instant.
        case ago(label: String, UnixTime)
        /// Words that only some roles may see, and what the others read.
        case restricted(String, generic: String)
        /// A figure that trembles with every sample, such as `12ms avg`: shown, and no news when it changes.
        case measured(String)
    }

    package var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }
}

/// The name of what is linked, and what unauthorised viewers read (SPEC §8).
package struct ResourceLabel: Hashable, Sendable {
    package var full: String
    package var generic: String

    package init(full: String, generic: String) {
        self.full = full
        self.generic = generic
    }
}

/// A problem that a reading carries beside its data.
package struct ReadingProblem: Hashable, Sendable {
    package var code: ProblemCode
    package var cause: ProblemCause
    package var hint: String

    package init(code: ProblemCode, cause: ProblemCause, hint: String) {
        self.code = code
        self.cause = cause
        self.hint = hint
    }
}

/// One environment, as facts.
package struct EnvironmentReading: Hashable, Sendable {
    package var name: String
    package var status: StatusTimeline
    package var summary: Summary
    package var url: String
    package var lastDeployAt: UnixTime?

    package init(
        name: String, status: StatusTimeline, summary: Summary, url: String = "", lastDeployAt: UnixTime? = nil
    ) {
        self.name = name
        self.status = status
        self.summary = summary
        self.url = url
        self.lastDeployAt = lastDeployAt
    }
}

/// The newest instant of something that is an event when it advances.
package struct Milestone: Hashable, Sendable {
    /// The event's kind: `github:push`.
    package var kind: String
    package var at: UnixTime
    /// One line for people, free of what a role may not see.
    package var message: String
    /// The provider's own name for what it tells of, such as a deployment's; empty when it has none that answers and webhooks
    /// share.
    package var subject: String
    /// Whether a webhook told of it, and not an answer.
    package var isTold: Bool

    package init(kind: String, at: UnixTime, message: String, subject: String = "", isTold: Bool = false) {
        self.kind = kind
        self.at = at
        self.message = message
        self.subject = subject
        self.isTold = isTold
    }
}

/// What is left of a rate limit.
package struct RateBudget: Hashable, Sendable {
    package var limit: Int
    package var remaining: Int
    package var resetsAt: UnixTime

    package init(limit: Int, remaining: Int, resetsAt: UnixTime) {
        self.limit = limit
        self.remaining = remaining
        self.resetsAt = resetsAt
    }
}
