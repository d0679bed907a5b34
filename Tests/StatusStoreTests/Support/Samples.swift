import Resilience
import StatusCore
import StatusModel
import Testing

/// Records of every kind, told apart by a number.
struct Samples {
    let now: Moment

    func project(_ number: Int) throws -> ProjectID { try #require(ProjectID("project-\(number)")) }

    func stored(_ number: Int, revision: UInt64 = 1) throws -> StoredProject {
        StoredProject(id: try project(number), revisions: [.owner: revision, .viewer: 1], askedAt: now)
    }

    /// About a kilobyte.
    func item(_ number: Int, text: String = "") throws -> StoredItem {
        var record = ItemRecord(key: .provider(.github), link: .linked)
        let lines = text + String(repeating: "line \(number) ", count: 1_000 / "line \(number) ".count)
        record.reading = Reading(
            key: record.key, observedAt: now, status: StatusTimeline(.connected), summary: Summary([.text(lines)]))
        return StoredItem(project: try project(number), record: record)
    }

    func link(_ number: Int) throws -> StoredLink {
        let target = ServiceTarget(name: "worker", url: "https://worker-\(number).example")
        return StoredLink(project: try project(number), link: Link(target: .service(target)))
    }

    func run(_ number: Int, id: String, kind: String = "diagnostics", after: Duration = .zero) throws -> StoredRun {
        StoredRun(
            project: try project(number), id: id,
            run: RunRecord(kind: kind, at: now.wall.advanced(by: after), passed: true), keys: [.provider(.github)])
    }

    func operation(
        _ number: Int, of project: Int? = nil, key: String, owner: String = "ada", createdAt: Moment? = nil,
        endedAt: Moment? = nil
    ) throws -> OperationRecord {
        var operation = OperationRecord(
            id: "operation-\(number)",
            item: ItemReference(project: try self.project(project ?? number), key: .provider(.vercel)),
            action: .deployPreview, name: OperationName(owner: owner, key: key), requestedBy: "Ada",
            fingerprint: "fingerprint", payload: Array("{}".utf8), createdAt: createdAt ?? endedAt ?? now,
            words: OperationWords("Deploys acme/shop", generic: "Deploys"))
        if let endedAt { operation.succeed(OperationWords("Done"), at: endedAt) }
        return operation
    }

    /// The service's link was taken away.
    func linkChange(_ number: Int) throws -> StoredLinkChange {
        let link = try link(number)
        return StoredLinkChange(project: link.project, key: link.link.key, link: nil, configured: link.link)
    }

    func delivery(_ number: Int, id: String, at moment: Moment? = nil) throws -> StoredDelivery {
        StoredDelivery(
            project: try project(number), provider: .github, id: id, at: moment ?? now,
            events: [EventID(epoch: 7, sequence: 1)])
    }

    func event(_ sequence: UInt64, at moment: Moment? = nil) throws -> StoredEvent {
        StoredEvent(
            id: EventID(epoch: 7, sequence: sequence), at: moment ?? now, project: try project(1),
            kind: "status:update", encoded: Role.allCases.map { $0 == .viewer ? nil : [1, 2, 3] })
    }

    /// Something in every table.
    func everything(projects: Int) throws -> StoreBatch {
        var batch = StoreBatch()
        for number in 0..<projects {
            batch.projects.append(try stored(number))
            batch.items.append(try item(number))
            batch.links.append(try link(number))
            batch.runs.append(try run(number, id: "run-\(number)"))
            batch.deliveries.append(try delivery(number, id: "delivery-\(number)"))
            batch.operations.append(try operation(number, key: "key-\(number)"))
            batch.linkChanges.append(try linkChange(number))
            batch.events.append(try event(UInt64(number + 1)))
            batch.breakers.append(
                StoredBreaker(
                    upstream: "github", place: "https://host-\(number).example",
                    record: CircuitBreaker.Record(openingCount: 2, closedAt: now.instant)))
            let scope = LimitScope(origin: "https://\(number).example", credential: .environment(name: "TOKEN"))
            batch.limits.append(StoredLimit(scope: scope, until: now.advanced(by: .seconds(60))))
            batch.budgets.append(StoredBudget(upstream: "upstream-\(number)", record: RetryBudget.Record()))
        }
        return batch
    }
}

extension StoreBatch {
    /// What a store gives at start once it has kept the batch.
    var content: StoreContent {
        var content = StoreContent()
        content.projects = projects
        content.links = links
        content.items = items
        content.breakers = breakers
        content.limits = limits
        content.budgets = budgets
        content.runs = runs
        content.operations = operations
        content.linkChanges = linkChanges
        return content
    }
}
