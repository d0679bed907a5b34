package import StatusModel

/// The newest failures of an item, until a success clears them.
package struct FailureRecord: Hashable, Sendable {
    package var failure: ProviderFailure
    package var firstSeenAt: Moment
    package var lastSeenAt: Moment
    /// Refreshes in a row that failed.
    package var attempts: Int

    package init(failure: ProviderFailure, firstSeenAt: Moment, lastSeenAt: Moment, attempts: Int) {
        self.failure = failure
        self.firstSeenAt = firstSeenAt
        self.lastSeenAt = lastSeenAt
        self.attempts = attempts
    }
}

/// All that is known of one item: the last good reading and the newest failure stand side by side (SPEC §4).
package struct ItemRecord: Hashable, Sendable {
    package enum LinkState: Hashable, Sendable {
        case notLinked, linked, disabled, revoked
        /// Linked to a provider that answers nobody without a secret, and none is named (providers.md §8).
        case lacksCredential
    }

    package var key: ItemKey
    package var link: LinkState
    package var reading: Reading?
    /// Refused in a way that only another secret mends: not read by itself until it changes or somebody asks for it.
    package var isSuspended = false
    /// When the daemon tries next by itself, if it plans to.
    package var nextAttemptAt: Moment?
    /// A refresh was due by then and has not succeeded since: the item is overdue.
    package var dueAt: Moment?
    /// The refresh that last changed what is known of it.
    package var refreshID: RefreshID?
    /// The event that last told of it; sequence 0 before the first.
    package var toldIn = EventID(epoch: 0, sequence: 0)
    private var rare = RareBox.empty

    package init(key: ItemKey, link: LinkState) {
        self.key = key
        self.link = link
    }
}

extension ItemRecord {
    /// The newest failure, until a success clears it.
    package var failure: FailureRecord? {
        get { rare.content.failure }
        set { changeRare { $0.failure = newValue } }
    }

    /// The provider wants no call before this moment, not even one that somebody forces; nil when it has not said so.
    package var blockedUntil: Moment? {
        get { rare.content.blockedUntil }
        set { changeRare { $0.blockedUntil = newValue } }
    }

    /// A read was sent then and has not come back: after a crash it counts as an attempt, so that a daemon which dies of
    /// every answer does not ask again and again.
    package var attemptStartedAt: Moment? {
        get { rare.content.attemptStartedAt }
        set { changeRare { $0.attemptStartedAt = newValue } }
    }

    /// Somebody may have been shown more of it than the store had when the daemon was killed: its next reading is told whether
    /// or not it is news to the store.
    package var isToBeToldAnew: Bool {
        get { rare.content.isToBeToldAnew }
        set { changeRare { $0.isToBeToldAnew = newValue } }
    }

    package var lastRunAt: UnixTime? {
        get { rare.content.lastRunAt }
        set { changeRare { $0.lastRunAt = newValue } }
    }

    /// Latencies that reported runs measured, oldest first; at most 32. They count beside those of the reading.
    package var runLatencies: [Duration] {
        get { rare.content.runLatencies }
        set { changeRare { $0.runLatencies = newValue } }
    }

    private mutating func changeRare(_ change: (inout Rare) -> Void) {
        var content = rare.content
        change(&content)
        rare = content == Rare() ? .empty : RareBox(content)
    }

    /// What most items have none of. It has a block of its own, for ten thousand projects have forty thousand records.
    private struct Rare: Hashable, Sendable {
        var failure: FailureRecord?
        var blockedUntil: Moment?
        var attemptStartedAt: Moment?
        var isToBeToldAnew = false
        var lastRunAt: UnixTime?
        var runLatencies: [Duration] = []
    }

    private final class RareBox: Hashable, Sendable {
        static let empty = RareBox(Rare())

        let content: Rare

        init(_ content: Rare) { self.content = content }

        static func == (left: RareBox, right: RareBox) -> Bool { left === right || left.content == right.content }

        func hash(into hasher: inout Hasher) { hasher.combine(content) }
    }
}

/// Everything known of one project at one moment: immutable, shared by the board and the journal.
package struct ProjectSnapshot: Hashable, Sendable {
    package var projectID: ProjectID
    /// Exactly the four providers, in order.
    package var items: [ItemRecord]
    /// Sorted by name.
    package var services: [ItemRecord]
    /// Items that policy hides, and from which roles.
    package var hidden: [ItemKey: Set<Role>]
    package var lastRefreshAttempt: RefreshAttempt?
    package var lastRefreshError: RefreshError?
    /// The newest refresh that ended.
    package var refreshID: RefreshID?
    /// The newest run of each kind.
    package var lastRuns: [RunRecord]
    /// The items that the newest run of each kind names, by the kind: whoever may not see them does not see the run.
    package var runItems: [String: Set<ItemKey>]
    /// How many changes each role has been able to see. One count for all would tell a role by its gaps that something
    /// changed which is hidden from it.
    package var revisions: [Role: UInt64]

    package init(definition: ProjectDefinition) {
        projectID = definition.id
        hidden = definition.hidden
        let record = { (key: ItemKey) -> ItemRecord in
            guard let link = definition.links[key] else { return ItemRecord(key: key, link: .notLinked) }
            guard link.isEnabled else { return ItemRecord(key: key, link: .disabled) }
            return ItemRecord(key: key, link: link.lacksCredential ? .lacksCredential : .linked)
        }
        items = ProviderKey.allCases.map { record(.provider($0)) }
        services = definition.links.keys.filter { if case .service = $0 { true } else { false } }.sorted().map(record)
        lastRefreshAttempt = nil
        lastRefreshError = nil
        refreshID = nil
        lastRuns = []
        runItems = [:]
        revisions = [:]
    }
}
