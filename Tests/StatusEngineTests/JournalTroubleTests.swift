import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("The journal while the store is in trouble", .timeLimit(.minutes(1)))
struct JournalTroubleTests {
    private static let answering: ManualProvider.Script = { .success($0.reading()) }

    private func newest(_ store: HeldStore) async throws -> EventID? { try await store.load().journal?.newest }

    @Test("an event is told once it is on the disk, and a run is answered with the id under which it was told")
    func durableFirst() async throws {
        let store = HeldStore()
        try await EngineRig(Self.answering, store: store).run { rig in
            await eventually { (try? await newest(store)) != nil }
            store.holdSaves()
            let report = Task { try await rig.reportRun("ci-1") }
            await eventually { store.heldSaveCount == 1 }
            #expect(rig.journal.newestID.sequence == 0 && rig.journal.hasUnpublished)
            store.releaseSaves()
            let event = try #require(try await report.value)
            #expect(rig.journal.newestID.sequence >= event.sequence)
            let kept = try #require(try await newest(store))
            #expect(kept.sequence >= event.sequence)
        }
    }

    @Test("a full disk begins an epoch into which who stood at the end goes on, and which lasts once there is space")
    func fullAndBack() async throws {
        let store = HeldStore()
        var last: EventID?
        try await EngineRig(Self.answering, store: store).run { rig in
            let before = try #require(try await rig.reportRun("before"))
            await rig.published()
            let end = rig.journal.newestID
            #expect(before.epoch == 7)
            store.refuse()
            _ = try? await rig.reportRun("during")
            let told = try #require(rig.events(after: end))
            #expect(told.count { $0.kind == "run:finished" } == 1)
            #expect(
                told.allSatisfy { $0.id.epoch > 7 } && told.map(\.id.sequence) == (1...UInt64(told.count)).map { $0 })
            #expect(rig.events(after: EventID(epoch: 7, sequence: end.sequence - 1)) == nil)
            #expect(try await newest(store) == end)
            store.refuse(nil)
            await eventually {
                rig.time.advance(by: .seconds(1))
                return (try? await newest(store))??.epoch == told.first?.id.epoch
            }
            let duplicate = try await rig.reportRun("during")
            #expect(duplicate == told.last { $0.kind == "run:finished" }?.id)
            await rig.published()
            last = rig.journal.newestID
        }
        try await EngineRig(Self.answering, store: store, epoch: 8).run { rig in
            #expect(rig.journal.newestID.epoch == last?.epoch)
            let end = try #require(last)
            #expect(rig.events(after: end) != nil)
        }
    }

    @Test("a store that does not answer delays no event by more than a second, and what it keeps late is told once")
    func noAnswer() async throws {
        let store = HeldStore()
        try await EngineRig(Self.answering, store: store).run { rig in
            await eventually { (try? await newest(store)) != nil }
            store.holdSaves()
            let end = rig.journal.newestID
            let report = Task { try await rig.reportRun("ci-1") }
            await eventually { store.heldSaveCount == 1 && rig.journal.hasUnpublished }
            await eventually { rig.time.sleeperCount > 0 }
            rig.time.advance(by: .milliseconds(999))
            await rig.settle()
            #expect(rig.journal.newestID == end)
            rig.time.advance(by: .milliseconds(1))
            await eventually { rig.journal.newestID.epoch > 7 }
            let told = try #require(rig.events(after: end)?.first { $0.kind == "run:finished" })
            store.releaseSaves()
            #expect(try await report.value == told.id)
            await eventually { (try? await newest(store))??.epoch == told.id.epoch }
            await eventually {
                let run = try? await store.kept.run("ci-1", of: project("shop").id, kind: "smoke_tests")
                return run?.event == told.id
            }
            #expect(rig.events(after: end)?.count { $0.kind == "run:finished" } == 1)
        }
    }

    @Test("a store that could not be read at the start gives its end to who stands there, once it can")
    func loadedLate() async throws {
        let kept = MemoryStore()
        var batch = StoreBatch()
        batch.journal = StoredJournal(newest: EventID(epoch: 3, sequence: 50))
        try await kept.save(batch)
        let store = FailingStore(kept)
        try await EngineRig(Self.answering, store: store).run { rig in
            _ = await rig.read()
            #expect(rig.journal.newestID.sequence > 0 && !rig.journal.hasUnpublished)
            #expect(rig.events(after: EventID(epoch: 3, sequence: 50)) == nil)
            store.recover()
            await rig.advance(by: .seconds(6))
            await eventually { (try? await kept.load().journal?.newest.epoch) == 7 }
            #expect(rig.events(after: EventID(epoch: 3, sequence: 50))?.isEmpty == false)
            #expect(rig.events(after: EventID(epoch: 3, sequence: 49)) == nil)
        }
        try await EngineRig(Self.answering, store: kept, epoch: 9).run { #expect($0.journal.newestID.epoch == 7) }
    }

    @Test("without a store each start is an epoch of its own")
    func disabled() async throws {
        for epoch in [7, 8] as [UInt64] {
            let store = MemoryStore(keepsEvents: false)
            try await EngineRig(Self.answering, store: store, epoch: epoch).run { rig in
                let event = try await rig.reportRun("ci-1")
                #expect(event?.epoch == epoch)
                #expect(try await store.events(after: EventID(epoch: epoch, sequence: 0), limit: 10).isEmpty)
            }
        }
    }
}
