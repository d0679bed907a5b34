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
}
