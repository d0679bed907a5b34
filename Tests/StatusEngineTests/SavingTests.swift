import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("What is kept", .timeLimit(.minutes(1)))
struct SavingTests {
    private static let answering: ManualProvider.Script = { .success($0.reading()) }

    @Test("after a crash in the middle of a read the item is not asked again at once, and a forced read still is")
    func unseenAttempt() async throws {
        let store = MemoryStore()
        let time = ManualTime()
        let crashed = EngineRig({ _ in nil }, store: store, time: time)
        try await crashed.run { rig in
            let reader = Task { await rig.read() }
            _ = await rig.provider.next()
            await eventually { (try? await store.load().items.first?.record.attemptStartedAt) != nil }
            // The daemon that follows finds what this one had kept at its sudden end.
            let content = try await store.load()
            let kept = MemoryStore()
            var batch = StoreBatch()
            (batch.items, batch.links, batch.projects) = (content.items, content.links, content.projects)
            try await kept.save(batch)
            let next = EngineRig({ _ in nil }, store: kept, time: time)
            try await next.run { next in
                next.glance()
                await next.settle()
                #expect(next.provider.readCount == 0)
                await next.advance(by: .seconds(1))
                #expect(next.provider.readCount == 1)
            }
            reader.cancel()
        }
        // One that ended in peace leaves no such mark.
        let kept = try await store.load().items
        #expect(kept.allSatisfy { $0.record.attemptStartedAt == nil })
    }

    @Test("a refused item stays left alone over a restart, until its secret is another")
    func refusedOverRestart() async throws {
        let store = MemoryStore()
        let credentials = FakeCredentials()
        let revoked = failure(.oauthRevoked, cause: .refused, .replaces)
        let shop = project("shop", credential: FakeCredentials.token)
        try await EngineRig({ _ in .failure(revoked) }, store: store, credentials: credentials).run([shop]) { rig in
            _ = await rig.read()
        }
        try await EngineRig(Self.answering, store: store, credentials: credentials).run([shop]) { rig in
            rig.engine.watchOpened(nil)
            await rig.advance(by: .seconds(60))
            #expect(rig.provider.readCount == 0)
            #expect(rig.item()?.problem?.code == .oauthRevoked)
            credentials.change(to: "another")
            await rig.advance(by: .seconds(1), step: .milliseconds(100))
            await eventually { rig.item()?.status == .connected }
        }
    }

    @Test("a secret that was changed while the daemon was down is tried as soon as it is up")
    func changedWhileDown() async throws {
        let store = MemoryStore()
        let credentials = FakeCredentials()
        let revoked = failure(.oauthRevoked, cause: .refused, .replaces)
        let shop = project("shop", credential: FakeCredentials.token)
        try await EngineRig({ _ in .failure(revoked) }, store: store, credentials: credentials).run([shop]) { rig in
            _ = await rig.read()
        }
        credentials.change(to: "another")
        try await EngineRig(Self.answering, store: store, credentials: credentials).run([shop]) { rig in
            rig.engine.watchOpened(nil)
            await rig.advance(by: .seconds(1), step: .milliseconds(100))
            await eventually { rig.item()?.status == .connected }
        }
    }

    @Test("who was asked for before the restart is kept fresh after it, and the others are left alone")
    func demandOverRestart() async throws {
        let store = MemoryStore()
        let time = ManualTime()
        let shops = [project("asked"), project("silent")]
        try await EngineRig(Self.answering, store: store, time: time).run(shops) { rig in _ = await rig.read("asked") }
        try await EngineRig(Self.answering, store: store, time: time).run(shops) { rig in
            await rig.settle()
            #expect(rig.provider.readCount == 0)
            await rig.advance(by: .seconds(60))
            #expect(Set(rig.provider.requests.map(\.project.rawValue)) == ["asked"])
            #expect(rig.provider.readCount == 4)
        }
    }

    @Test("a store that was damaged and begun anew is given all that is known")
    func damaged() async throws {
        let store = DamagedStore()
        try await EngineRig(Self.answering, store: store).run([project("a"), project("b")]) { rig in
            _ = await rig.read("a")
            await eventually { (try? await store.kept.load().items.count) == 1 }
            store.damage()
            _ = await rig.read("b")
            await eventually { (try? await store.kept.load().items.count) == 2 }
            #expect(rig.engine.isPersisting)
            let links = try await store.kept.load().links
            #expect(links.count == 2)
        }
    }

    @Test("a daemon whose store keeps refusing tries again every few seconds, and no more often")
    func retries() async throws {
        let store = FailingStore()
        try await EngineRig(Self.answering, store: store).run { rig in
            rig.engine.watchOpened(nil)
            await eventually { store.refusedCount > 1 }
            await rig.settle()
            let before = store.refusedCount
            for _ in 0..<10 {
                let count = store.refusedCount
                await rig.advance(by: .seconds(5))
                await eventually { store.refusedCount > count }
            }
            #expect((9...11).contains(store.refusedCount - before))
            store.recover()
            await rig.advance(by: .seconds(5))
            await eventually { rig.engine.isPersisting }
        }
    }
}

/// A store that once finds itself damaged and begins anew, with nothing.
private final class DamagedStore: Store {
    private let current = Lock(MemoryStore())
    private let isDamaged = Atomic(false)

    var kept: MemoryStore { current.withLock { $0 } }
    var state: StoreState { kept.state }

    func damage() { isDamaged.store(true, ordering: .sequentiallyConsistent) }

    func load() async throws(StoreError) -> StoreContent { try await kept.load() }

    func save(_ batch: StoreBatch) async throws(StoreError) {
        if isDamaged.exchange(false, ordering: .sequentiallyConsistent) {
            current.withLock { $0 = MemoryStore() }
            throw StoreError(code: .corrupt, message: "Damaged.")
        }
        try await kept.save(batch)
    }

    func run(_ id: String, of project: ProjectID, kind: String) async throws(StoreError) -> StoredRun? { nil }
    func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? { nil }
    func operation(_ id: String) async throws(StoreError) -> OperationRecord? { nil }
    func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? { nil }
    func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] { [] }
    func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] { [] }
    func prune(before moment: Moment, operationsBefore operationsMoment: Moment) async throws(StoreError) {}
}
