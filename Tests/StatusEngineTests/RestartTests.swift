import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("The store and the clocks", .timeLimit(.minutes(1)))
struct RestartTests {
    @Test("what was kept answers before anything is read, with its true age, and is read anew for the first reader")
    func restored() async throws {
        let store = MemoryStore()
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            _ = await rig.read()
            await eventually { (try? await store.load().items.count) == 1 }
        }
        // The host's clock goes on while the daemon does not run.
        let later = EngineRig(store: store)
        later.time.advance(by: .seconds(600))
        try await later.run { rig in
            #expect(rig.item()?.status == .connected)
            #expect(rig.item()?.stale == true)
            let view = try #require(rig.view())
            #expect(view.source(at: rig.time.now.instant) == .stale)
            #expect(view.envelope.items.first?.freshness == .old)
            #expect(rig.provider.readCount == 0)
            rig.glance()
            await rig.provider.next()?.succeed()
            await eventually { rig.item()?.stale == false }
        }
    }

    @Test("what was being read at a sudden end is told when it is read anew, changed or not", arguments: [true, false])
    func toldAnew(wasBeingRead: Bool) async throws {
        let store = MemoryStore()
        let time = ManualTime()
        var place = EventID(epoch: 0, sequence: 0)
        try await EngineRig({ .success($0.reading()) }, store: store, time: time).run { rig in
            _ = await rig.read()
            await eventually { (try? await store.load().items.count) == 1 && !rig.journal.hasUnpublished }
            place = rig.journal.newestID
        }
        var items = try await store.load().items
        if wasBeingRead { for index in items.indices { items[index].record.attemptStartedAt = time.now } }
        var batch = StoreBatch()
        batch.items = items
        try await store.save(batch)
        time.advance(by: .seconds(60))
        let later = EngineRig({ .success($0.reading()) }, store: store, time: time)
        try await later.run { rig in
            // It may be read anew, and told, as soon as the daemon has started.
            _ = await rig.read(mode: .force)
            await eventually { !rig.journal.hasUnpublished && !(rig.item()?.stale ?? true) }
            guard case .events(let events) = rig.journal.events(after: place, limit: 8) else {
                Issue.record("no events")
                return
            }
            #expect(events.map(\.event.kind) == (wasBeingRead ? ["status:update"] : []))
        }
    }

    @Test("a provider's instant is obeyed across a restart")
    func throttledAcrossRestart() async throws {
        let store = MemoryStore()
        let first = EngineRig(store: store)
        let until = first.time.now.wall.advanced(by: .seconds(300))
        first.provider.follow { _ in .failure(failure(.rateLimited, cause: .throttled, retryAfter: until)) }
        try await first.run { rig in _ = await rig.read() }

        let second = EngineRig({ .success($0.reading()) }, store: store)
        second.time.advance(by: .seconds(60))
        try await second.run { rig in
            _ = await rig.read(mode: .force)
            #expect(rig.provider.readCount == 0)
            rig.glance()
            await rig.advance(by: .seconds(239))
            #expect(rig.provider.readCount == 0)
            await rig.advance(by: .seconds(2))
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("a store that refuses stops no read; health says so, and all of it is kept once the store recovers")
    func failingStore() async throws {
        let store = FailingStore()
        let rig = EngineRig({ .success($0.reading()) }, store: store)
        try await rig.run([project("a"), project("b")]) { rig in
            #expect(!rig.engine.isPersisting)
            #expect(await rig.read("a")?.decision == .answer(.fetched))
            await rig.settle()
            #expect(!rig.engine.isPersisting)
            store.recover()
            #expect(await rig.read("b")?.decision == .answer(.fetched))
            await rig.advance(by: .seconds(5))
            await eventually { rig.engine.isPersisting }
        }
        #expect(try await store.keptItems().count == 2)
    }

    @Test("what the store refused to the last is offered once more when the engine stops")
    func savedAtTheEnd() async throws {
        let store = FailingStore()
        let rig = EngineRig({ .success($0.reading()) }, store: store)
        try await rig.run { rig in
            _ = await rig.read()
            await rig.settle()
            store.recover()
        }
        #expect(try await store.keptItems().count == 1)
    }

    @Test("a step of the wall clock moves no age and no due time", arguments: [3_600, -3_600])
    func steppedClock(seconds: Int) async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            _ = await rig.read()
            rig.time.advance(by: .seconds(10))
            rig.time.stepWallClock(by: .seconds(seconds))
            let view = try #require(rig.view())
            #expect(view.age(at: rig.time.now.instant) == .seconds(10))
            #expect(view.source(at: rig.time.now.instant) == .hit)
            #expect(rig.item()?.freshness == .fresh)
            await rig.advance(by: .seconds(4))
            #expect(rig.provider.readCount == 1)
            await rig.advance(by: .seconds(1))
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("an engine that stops answers who waits, and ends the reads that are open")
    func stops() async throws {
        let rig = EngineRig()
        var waiting: Task<WaitedRead?, Never>?
        try await rig.run { rig in
            waiting = Task { await rig.read() }
            _ = await rig.provider.next()
            await rig.time.waitForSleepers(2)
        }
        #expect(await waiting?.value?.decision == .answer(.checking))
        #expect(rig.provider.cancelledCount == 1)
        // Who comes too late is answered as well.
        #expect(await rig.read()?.decision == .answer(.checking))
        #expect(rig.provider.readCount == 1)
    }
}
