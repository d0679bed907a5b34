import Locks
package import StatusCore
package import StatusModel
import Synchronization

/// A store that lasts as long as the process: for tests, and for a daemon that is to write nothing.
package final class MemoryStore: Store {
    fileprivate struct Tables {
        let keepsEvents: Bool
        var projects: [ProjectID: StoredProject] = [:]
        var links: [ItemReference: StoredLink] = [:]
        var items: [ItemReference: StoredItem] = [:]
        var breakers: [[String]: StoredBreaker] = [:]
        var limits: [LimitScope: StoredLimit] = [:]
        var budgets: [String: StoredBudget] = [:]
        var runs: [RunIdentity: StoredRun] = [:]
        var deliveries: [ProjectID: KeptDeliveries] = [:]
        var operations: [String: OperationRecord] = [:]
        var linkChanges: [ItemReference: StoredLinkChange] = [:]
        var events: [EventID: StoredEvent] = [:]
        var journal: StoredJournal?
    }

    private let tables: Lock<Tables>

    /// - Parameter keepsEvents: Whether it holds events too, as long as they are not pruned. A daemon that ends with its
    ///   store has those in the journal that it can give.
    package init(keepsEvents: Bool = true) { tables = Lock(Tables(keepsEvents: keepsEvents)) }

    package var state: StoreState { StoreState() }

    package func load() async throws(StoreError) -> StoreContent {
        tables.withLock { tables in
            var content = StoreContent()
            content.projects = Array(tables.projects.values)
            content.links = Array(tables.links.values)
            content.items = Array(tables.items.values)
            content.breakers = Array(tables.breakers.values)
            content.limits = Array(tables.limits.values)
            content.budgets = Array(tables.budgets.values)
            content.runs = tables.newestRuns
            // Without a clock none of them is old.
            content.operations = Array(tables.operations.values)
            content.linkChanges = Array(tables.linkChanges.values)
            content.journal = tables.journal
            return content
        }
    }

    package func save(_ batch: StoreBatch) async throws(StoreError) {
        tables.withLock { $0.apply(batch) }
    }

    package func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? {
        guard !id.isEmpty else { return nil }
        return tables.withLock { $0.runs[.given(id, project, kind: kind)] }
    }

    package func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? {
        guard let name = DeliveryName(id, of: project, from: provider) else { return nil }
        return tables.withLock { $0.deliveries[project]?[name] }
    }

    package func operation(_ id: String) async throws(StoreError) -> OperationRecord? {
        tables.withLock { $0.operations[id] }
    }

    package func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? {
        tables.withLock { tables in tables.operations.values.first { $0.name == name } }
    }

    package func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] {
        tables.withLock { tables in
            let found = tables.operations.values.filter {
                $0.item.project == project && (key == nil || $0.item.key == key) && place?.precedes($0) != false
            }
            let sorted = found.sorted { OperationPlace(behind: $0).precedes($1) }
            return Array(sorted.prefix(max(0, limit)))
        }
    }

    package func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] {
        tables.withLock { tables in
            let after = tables.events.values.filter { $0.id.epoch == id.epoch && $0.id.sequence > id.sequence }
            return Array(after.sorted { $0.id.sequence < $1.id.sequence }.prefix(max(0, limit)))
        }
    }

    package func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {
        tables.withLock { tables in
            let newest = tables.newestRuns
            tables.events = tables.events.filter { $0.value.at.instant >= moment.instant }
            for id in tables.deliveries.keys { tables.deliveries[id]?.prune(before: moment) }
            tables.runs = tables.runs.filter { $0.value.run.at >= moment.wall || newest.contains($0.value) }
            tables.operations = tables.operations.filter { entry in
                entry.value.endedAt.map { $0.instant >= operationsMoment.instant } ?? true
            }
            // Without a clock, only those that had ended by then.
            tables.limits = tables.limits.filter { $0.value.until.instant > moment.instant }
        }
    }
}

extension MemoryStore.Tables {
    /// The newest of each kind of each project.
    fileprivate var newestRuns: [StoredRun] {
        var newest: [[String]: StoredRun] = [:]
        for run in runs.values {
            let kind = [run.project.rawValue, run.run.kind]
            if let known = newest[kind], known.run.at > run.run.at { continue }
            newest[kind] = run
        }
        return Array(newest.values)
    }

    fileprivate mutating func apply(_ batch: StoreBatch) {
        for item in batch.removedItems { (links[item], items[item]) = (nil, nil) }
        for item in batch.removedLinkChanges { linkChanges[item] = nil }
        for id in batch.removedProjects {
            projects[id] = nil
            links = links.filter { $0.key.project != id }
            items = items.filter { $0.key.project != id }
            runs = runs.filter { $0.value.project != id }
            deliveries[id] = nil
            linkChanges = linkChanges.filter { $0.key.project != id }
        }
        for project in batch.projects { projects[project.id] = project }
        for link in batch.links { links[ItemReference(project: link.project, key: link.link.key)] = link }
        for item in batch.items { items[ItemReference(project: item.project, key: item.record.key)] = item }
        for breaker in batch.breakers {
            breakers[[breaker.upstream, breaker.place]] = breaker.record == nil ? nil : breaker
        }
        for limit in batch.limits { limits[limit.scope] = limit }
        for budget in batch.budgets { budgets[budget.upstream] = budget }
        for operation in batch.operations {
            operations = operations.filter { $0.value.name != operation.name }
            operations[operation.id] = operation
        }
        for change in batch.linkChanges { linkChanges[change.reference] = change }
        for run in batch.runs { runs[RunIdentity(run)] = run }
        for delivery in batch.deliveries { deliveries[delivery.project, default: KeptDeliveries()].keep(delivery) }
        if keepsEvents { for event in batch.events { events[event.id] = event } }
        journal = batch.journal ?? journal
    }
}

/// By what a run is known: one that is saved again is one run.
private enum RunIdentity: Hashable {
    case given(String, ProjectID, kind: String)
    /// Without a name, what it says tells it from others.
    case none(StoredRun)

    init(_ run: StoredRun) {
        self = run.id.isEmpty ? .none(run) : .given(run.id, run.project, kind: run.run.kind)
    }
}

/// The newest deliveries of a project.
private struct KeptDeliveries {
    private var byName: [DeliveryName: StoredDelivery] = [:]
    /// Oldest first.
    private var names: [DeliveryName] = []

    subscript(name: DeliveryName) -> StoredDelivery? { byName[name] }

    mutating func keep(_ delivery: StoredDelivery) {
        guard let name = DeliveryName(delivery.id, of: delivery.project, from: delivery.provider) else { return }
        if byName.updateValue(delivery, forKey: name) == nil { names.append(name) }
        if names.count > StoredDelivery.keptPerProject { byName[names.removeFirst()] = nil }
    }

    mutating func prune(before moment: Moment) {
        byName = byName.filter { $0.value.at.instant >= moment.instant }
        names.removeAll { byName[$0] == nil }
    }
}
