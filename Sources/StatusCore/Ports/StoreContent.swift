package import StatusModel

/// What a store gives at start. Events, and operations that are over, are asked for one by one.
package struct StoreContent: Hashable, Sendable {
    package var projects: [StoredProject] = []
    package var links: [StoredLink] = []
    package var items: [StoredItem] = []
    package var breakers: [StoredBreaker] = []
    package var limits: [StoredLimit] = []
    package var budgets: [StoredBudget] = []
    /// The newest of each kind of each project.
    package var runs: [StoredRun] = []
    /// Those that ``OperationRecord/isNeededAtStart(at:)``.
    package var operations: [OperationRecord] = []
    package var linkChanges: [StoredLinkChange] = []
    /// Where the journal stood; nil for a store that has never had one.
    package var journal: StoredJournal?

    package init() {}

    /// Whether a project that is not among these is new. A store that is itself new knows none, and earlier versions did not
    /// keep those of which there was nothing to know.
    package var holdsEveryProject: Bool {
        journal != nil && (projects.contains { $0.hidden != nil } || projects.isEmpty && links.isEmpty)
    }
}

/// Changes that are kept together or not at all.
package struct StoreBatch: Hashable, Sendable {
    package var projects: [StoredProject] = []
    package var links: [StoredLink] = []
    package var items: [StoredItem] = []
    package var breakers: [StoredBreaker] = []
    package var limits: [StoredLimit] = []
    package var budgets: [StoredBudget] = []
    package var runs: [StoredRun] = []
    package var deliveries: [StoredDelivery] = []
    package var operations: [OperationRecord] = []
    package var linkChanges: [StoredLinkChange] = []
    package var events: [StoredEvent] = []
    /// Where the journal stands with these events; nil where that has not changed.
    package var journal: StoredJournal?
    /// Items that are no longer linked: their links and records go.
    package var removedItems: [ItemReference] = []
    /// Links for which the configuration's word counts again.
    package var removedLinkChanges: [ItemReference] = []
    /// Projects that are gone, with all that is kept of them but their operations and events.
    package var removedProjects: [ProjectID] = []

    package init() {}
}
