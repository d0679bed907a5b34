import StatusCore
import StatusModel

/// What the store does not hold yet: of each thing its newest state, so it is as large as what is known and no larger. Of
/// the events ``EventJournal`` knows itself which those are.
struct PendingChanges {
    private var projects: [ProjectID: StoredProject] = [:]
    private var links: [ItemReference: StoredLink] = [:]
    private var items: [ItemReference: StoredItem] = [:]
    private var breakers: [[String]: StoredBreaker] = [:]
    private var limits: [LimitScope: StoredLimit] = [:]
    private var budgets: [String: StoredBudget] = [:]
    private var runs: [StoredRun] = []
    private var deliveries: [StoredDelivery] = []
    private var operations: [String: OperationRecord] = [:]
    private var linkChanges: [ItemReference: StoredLinkChange] = [:]
    private var removedItems: Set<ItemReference> = []
    private var removedLinkChanges: Set<ItemReference> = []
    private var removedProjects: Set<ProjectID> = []

    /// Changes that wait.
    var count: Int {
        let kept = projects.count + links.count + items.count + breakers.count + limits.count + budgets.count
        let taken = runs.count + deliveries.count + operations.count + linkChanges.count
        return kept + taken + removedItems.count + removedLinkChanges.count + removedProjects.count
    }

    var isEmpty: Bool { count == 0 }

    /// Adds newer changes.
    mutating func add(_ newer: StoreBatch) {
        for item in newer.removedItems {
            (links[item], items[item]) = (nil, nil)
            removedItems.insert(item)
        }
        for item in newer.removedLinkChanges {
            linkChanges[item] = nil
            removedLinkChanges.insert(item)
        }
        for id in newer.removedProjects { remove(id) }
        for project in newer.projects { projects[project.id] = project }
        for link in newer.links { links[link.reference] = link }
        for item in newer.items { items[item.reference] = item }
        for breaker in newer.breakers { breakers[[breaker.upstream, breaker.place]] = breaker }
        for limit in newer.limits { limits[limit.scope] = limit }
        for budget in newer.budgets { budgets[budget.upstream] = budget }
        for operation in newer.operations { operations[operation.id] = operation }
        for change in newer.linkChanges { linkChanges[change.reference] = change }
        runs += newer.runs
        deliveries += newer.deliveries
    }

    /// Takes all of it, to be saved.
    mutating func take() -> StoreBatch {
        defer { self = PendingChanges() }
        var batch = StoreBatch()
        batch.projects = Array(projects.values)
        batch.links = Array(links.values)
        batch.items = Array(items.values)
        batch.breakers = Array(breakers.values)
        batch.limits = Array(limits.values)
        batch.budgets = Array(budgets.values)
        batch.runs = runs
        batch.deliveries = deliveries
        batch.operations = Array(operations.values)
        batch.linkChanges = Array(linkChanges.values)
        batch.removedItems = Array(removedItems)
        batch.removedLinkChanges = Array(removedLinkChanges)
        batch.removedProjects = Array(removedProjects)
        return batch
    }

    /// Puts back what could not be saved; what has come meanwhile is newer.
    mutating func putBack(_ older: StoreBatch) {
        let newer = take()
        add(older)
        add(newer)
    }

    private mutating func remove(_ id: ProjectID) {
        projects[id] = nil
        links = links.filter { $0.key.project != id }
        items = items.filter { $0.key.project != id }
        runs.removeAll { $0.project == id }
        deliveries.removeAll { $0.project == id }
        linkChanges = linkChanges.filter { $0.key.project != id }
        removedProjects.insert(id)
    }
}

extension StoredLink {
    var reference: ItemReference { ItemReference(project: project, key: link.key) }
}

extension StoredItem {
    var reference: ItemReference { ItemReference(project: project, key: record.key) }
}
