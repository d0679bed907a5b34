package import Resilience
package import StatusModel

// What a store keeps, one type for each table (operations and changes of links have theirs in Operations). Moments come back as they were on this host's clocks: the store corrects
// them on load (SPEC §5).

/// A project beside its items: its newest refresh, who asked for it, and what of it was told.
package struct StoredProject: Hashable, Sendable {
    package var id: ProjectID
    package var lastRefreshAttempt: RefreshAttempt?
    package var lastRefreshError: RefreshError?
    /// The newest refresh that ended.
    package var refreshID: RefreshID?
    package var revisions: [Role: UInt64]
    /// When a reader or a watch last asked for it; nil for never.
    package var askedAt: Moment?
    /// When what it says was last compared with what was announced of it; nil where an earlier version kept it.
    package var announcedAt: Moment?
    /// The items that policy hid, and from which roles; nil where nobody kept it.
    package var hidden: [ItemKey: Set<Role>]?
    /// It is configured no more, and that was told.
    package var isRemoved = false

    package init(
        id: ProjectID, lastRefreshAttempt: RefreshAttempt? = nil, lastRefreshError: RefreshError? = nil,
        refreshID: RefreshID? = nil, revisions: [Role: UInt64] = [:], askedAt: Moment? = nil,
        announcedAt: Moment? = nil, hidden: [ItemKey: Set<Role>]? = nil
    ) {
        self.id = id
        self.lastRefreshAttempt = lastRefreshAttempt
        self.lastRefreshError = lastRefreshError
        self.refreshID = refreshID
        self.revisions = revisions
        self.askedAt = askedAt
        self.announcedAt = announcedAt
        self.hidden = hidden
    }
}

/// The link under which an item was read, so that a changed one is noticed after a restart.
package struct StoredLink: Hashable, Sendable {
    package var project: ProjectID
    package var link: Link

    package init(project: ProjectID, link: Link) {
        self.project = project
        self.link = link
    }
}

/// What is known of one item.
package struct StoredItem: Hashable, Sendable {
    package var project: ProjectID
    /// Its ``ItemRecord/link`` is not kept: the configuration says it.
    package var record: ItemRecord
    /// The secrets with which it was refused, each in its version then; nil for one that was not there.
    package var refusedWith: [CredentialReference: CredentialVersion?]

    package init(
        project: ProjectID, record: ItemRecord, refusedWith: [CredentialReference: CredentialVersion?] = [:]
    ) {
        self.project = project
        self.record = record
        self.refusedWith = refusedWith
    }
}

/// The breaker of one place (SPEC §4: state survives restart).
package struct StoredBreaker: Hashable, Sendable {
    /// Whose guard it is: a provider's key, or `services`.
    package var upstream: String
    /// What it guards: an origin, or an address.
    package var place: String
    /// Nil when there is nothing to remember any more.
    package var record: CircuitBreaker.Record?

    package init(upstream: String, place: String, record: CircuitBreaker.Record?) {
        self.upstream = upstream
        self.place = place
        self.record = record
    }
}

/// Until when a provider wants no call from those who share a limit.
package struct StoredLimit: Hashable, Sendable {
    package var scope: LimitScope
    package var until: Moment

    package init(scope: LimitScope, until: Moment) {
        self.scope = scope
        self.until = until
    }
}

/// What is spent of an upstream's retry budget.
package struct StoredBudget: Hashable, Sendable {
    /// A provider's key, or `services`.
    package var upstream: String
    package var record: RetryBudget.Record

    package init(upstream: String, record: RetryBudget.Record) {
        self.upstream = upstream
        self.record = record
    }
}

/// A run that was reported.
package struct StoredRun: Hashable, Sendable {
    package var project: ProjectID
    /// The run's own name; empty when it has none.
    package var id: String
    package var run: RunRecord
    /// The items that its results name; none when all of them concern the whole project.
    package var keys: [ItemKey]
    /// The event that it became.
    package var event: EventID?

    package init(project: ProjectID, id: String, run: RunRecord, keys: [ItemKey], event: EventID? = nil) {
        self.project = project
        self.id = id
        self.run = run
        self.keys = keys
        self.event = event
    }
}

/// A webhook that was taken, so that it counts once.
package struct StoredDelivery: Hashable, Sendable {
    /// How many of a project are kept, the newest: what is older than what is known of an item changes nothing anyway.
    package static let keptPerProject = 1_024

    package var project: ProjectID
    package var provider: ProviderKey
    /// The provider's own name for it.
    package var id: String
    package var at: Moment
    /// The events that it became; at most 64 are kept.
    package var events: [EventID]

    package init(project: ProjectID, provider: ProviderKey, id: String, at: Moment, events: [EventID] = []) {
        self.project = project
        self.provider = provider
        self.id = id
        self.at = at
        self.events = events
    }
}

/// An event of the journal, encoded for each role.
package struct StoredEvent: Hashable, Sendable {
    package var id: EventID
    package var at: Moment
    package var project: ProjectID
    package var kind: String
    /// In the order of `Role.allCases`; nil where the role sees nothing of it.
    package var encoded: [[UInt8]?]

    /// How many bytes of events a store gives at once, but for the last one.
    package static let pageBytesMax = 64 << 10

    package init(id: EventID, at: Moment, project: ProjectID, kind: String, encoded: [[UInt8]?]) {
        self.id = id
        self.at = at
        self.project = project
        self.kind = kind
        self.encoded = encoded
    }

    /// What it takes, at most: roles that see the same may share its bytes.
    package var byteCount: Int { encoded.reduce(0) { $0 + ($1?.count ?? 0) } }
}

/// Where the journal stands, beside its events. Saved with them, so that no id is given twice even when none is left.
package struct StoredJournal: Hashable, Sendable {
    /// How many earlier epochs are known to lead to the journal's. A time of trouble with the store begins one or two.
    package static let originsMax = 31

    /// The newest event. Its epoch is that of the journal.
    package var newest: EventID
    /// Where earlier epochs ended, the newest first: each leads to the beginning of the one before it here, and the first to
    /// that of ``newest``.
    package var origins: [EventID]

    package init(newest: EventID, origins: [EventID] = []) {
        self.newest = newest
        self.origins = origins
    }
}
