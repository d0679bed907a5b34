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
    package var failure: FailureRecord?
    /// The provider wants no call before this moment, not even one that somebody forces; nil when it has not said so.
    package var blockedUntil: Moment?
    /// Refused in a way that only another secret mends: not read by itself until it changes or somebody asks for it.
    package var isSuspended = false
    /// When the daemon tries next by itself, if it plans to.
    package var nextAttemptAt: Moment?
    /// A refresh was due by then and has not succeeded since: the item is overdue.
    package var dueAt: Moment?
    /// A read was sent then and has not come back: after a crash it counts as an attempt, so that a daemon which dies of
    /// every answer does not ask again and again.
    package var attemptStartedAt: Moment?
    /// The refresh that last changed what is known of it.
    package var refreshID: RefreshID?
    package var lastRunAt: UnixTime?
    /// Latencies that reported runs measured, oldest first; at most 32. They count beside those of the reading.
    package var runLatencies: [Duration] = []

    package init(key: ItemKey, link: LinkState) {
        self.key = key
        self.link = link
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
