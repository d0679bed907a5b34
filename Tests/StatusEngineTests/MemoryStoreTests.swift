import StatusCore
import StatusEngine
import StatusModel
import Testing

@Suite("The store in memory")
struct MemoryStoreTests {
    @Test("it gives what was saved last of each item, until its project is removed")
    func keeps() async throws {
        let shop = try #require(ProjectID("shop"))
        let blog = try #require(ProjectID("blog"))
        func batch(_ items: [(ProjectID, ItemKey, attempts: Int)], removed: [ProjectID] = []) -> StoreBatch {
            let moment = Moment(instant: .now, wall: UnixTime(seconds: 1))
            var batch = StoreBatch()
            batch.items = items.map { project, key, attempts in
                var record = ItemRecord(key: key, link: .linked)
                record.failure = FailureRecord(
                    failure: failure(), firstSeenAt: moment, lastSeenAt: moment, attempts: attempts)
                return StoredItem(project: project, record: record)
            }
            batch.removedProjects = removed
            return batch
        }
        let store = MemoryStore()
        try await store.save(batch([(shop, EngineRig.github, 1)]))
        try await store.save(
            batch([(shop, EngineRig.github, 2), (shop, EngineRig.vercel, 1), (blog, EngineRig.github, 1)]))
        let items = try await store.load().items
        #expect(items.count == 3)
        #expect(items.first { $0.project == shop && $0.record.key == EngineRig.github }?.record.failure?.attempts == 2)
        try await store.save(batch([], removed: [shop]))
        #expect(try await store.load().items.map(\.project) == [blog])
    }

    @Test("of each project's webhooks it keeps the newest")
    func deliveries() async throws {
        let (shop, blog) = (try #require(ProjectID("shop")), try #require(ProjectID("blog")))
        let (moment, most) = (Moment(instant: .now, wall: UnixTime(seconds: 1)), StoredDelivery.keptPerProject)
        func delivery(_ number: Int, of project: ProjectID) -> StoredDelivery {
            StoredDelivery(project: project, provider: .github, id: "\(number)", at: moment)
        }
        let store = MemoryStore()
        var batch = StoreBatch()
        batch.deliveries = [delivery(0, of: blog)] + (0..<most).map { delivery($0, of: shop) }
        try await store.save(batch)
        batch.deliveries = [delivery(0, of: shop), delivery(most, of: shop)]
        try await store.save(batch)
        #expect(try await store.delivery("0", of: shop, from: .github) == nil)
        #expect(try await store.delivery("1", of: shop, from: .github) != nil)
        #expect(try await store.delivery("\(most)", of: shop, from: .github) != nil)
        #expect(try await store.delivery("0", of: blog, from: .github) != nil)
        let later = moment.advanced(by: .seconds(1))
        try await store.prune(before: later, operationsBefore: later)
        #expect(try await store.delivery("\(most)", of: shop, from: .github) == nil)
    }

    @Test("it forgets limits that have ended")
    func limits() async throws {
        let moment = Moment(instant: .now, wall: UnixTime(seconds: 1))
        var batch = StoreBatch()
        batch.limits = [0, 60].map { delay in
            StoredLimit(
                scope: LimitScope(origin: "https://\(delay).example", credential: nil),
                until: moment.advanced(by: .seconds(delay)))
        }
        let store = MemoryStore()
        try await store.save(batch)
        try await store.prune(before: moment, operationsBefore: moment)
        #expect(try await store.load().limits == [batch.limits[1]])
    }

    @Test("it keeps what actions made of links until the configuration counts again or the project is removed")
    func linkChanges() async throws {
        let projects = try ["shop", "blog", "wiki"].map { try #require(ProjectID($0)) }
        var batch = StoreBatch()
        batch.linkChanges = projects.map {
            StoredLinkChange(project: $0, key: EngineRig.github, link: nil, configured: nil)
        }
        let store = MemoryStore()
        try await store.save(batch)
        #expect(Set(try await store.load().linkChanges) == Set(batch.linkChanges))
        var removal = StoreBatch()
        removal.removedLinkChanges = [batch.linkChanges[0].reference]
        removal.removedProjects = [projects[1]]
        try await store.save(removal)
        #expect(try await store.load().linkChanges == [batch.linkChanges[2]])
    }

    @Test("it finds operations by their owner's key and lists them, the newest first")
    func operations() async throws {
        let project = try #require(ProjectID("shop"))
        let start = Moment(instant: .now, wall: UnixTime(seconds: 1_000))
        let operations = (0..<5).map { number in
            OperationRecord(
                id: "op-\(number)", item: ItemReference(project: project, key: EngineRig.github), action: .sync,
                name: OperationName(owner: "ada", key: "key-\(number % 4)"), requestedBy: "Ada", fingerprint: "",
                payload: [], createdAt: start.advanced(by: .seconds(number / 2)), words: OperationWords("Syncs"))
        }
        let store = MemoryStore()
        for operation in operations {
            var batch = StoreBatch()
            batch.operations = [operation]
            try await store.save(batch)
        }
        // The last one has taken the first one's key.
        #expect(try await store.operation("op-0") == nil)
        #expect(try await store.operation(OperationName(owner: "ada", key: "key-0"))?.id == "op-4")
        let first = try await store.operations(of: project, key: EngineRig.github, after: nil, limit: 2)
        #expect(first.map(\.id) == ["op-4", "op-3"])
        let place = try #require(first.last.map { OperationPlace(behind: $0) })
        let rest = try await store.operations(of: project, key: nil, after: place, limit: 9)
        #expect(rest.map(\.id) == ["op-2", "op-1"])
        #expect(try await store.operations(of: project, key: EngineRig.vercel, after: nil, limit: 9).isEmpty)
    }
}
