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
        func item(_ id: ProjectID, _ key: ItemKey = EngineRig.github, _ attempts: Int = 1) -> StoredItem {
            let moment = Moment(instant: .now, wall: UnixTime(seconds: 1))
            let record = FailureRecord(
                failure: failure(), firstSeenAt: moment, lastSeenAt: moment, attempts: attempts)
            return StoredItem(project: id, key: key, reading: nil, failure: record)
        }
        let store = MemoryStore([item(shop)])
        try await store.save([item(shop, EngineRig.github, 2), item(shop, EngineRig.vercel), item(blog)])
        #expect(try await store.load().count == 3)
        #expect(
            try await store.load().first { $0.project == shop && $0.key == EngineRig.github }?.failure?.attempts == 2)
        try await store.remove(project: shop)
        #expect(try await store.load().map(\.project) == [blog])
    }
}
