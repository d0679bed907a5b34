import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("What keeps an operation from being begun", .timeLimit(.minutes(1)))
struct OperationBoundTests {
    @Test("of as many as may be under way none more is begun, whoever asks; one that ends makes room")
    func tooMany() async throws {
        let executor = ManualExecutor()
        let rig = EngineRig(
            { .success($0.reading()) }, executors: ActionExecutors(all: executor),
            configure: { $0.operationsOpenMax = 2 })
        try await ActionStage(rig: rig).run { rig in
            var ids: [String] = []
            for number in 1...2 {
                ids.append(try await ActionRig.run(ActionRig.request(key: number), on: rig).record.id)
            }
            let first = try #require(await executor.next())
            let bob = ActionActor(identity: "uid:1002", displayName: "bob", role: .owner)
            for (actor, project) in [(ActionRig.ada, "shop"), (bob, "blog")] {
                let third = ActionRig.request(key: 3, of: project)
                #expect(await ActionRig.refusal(third, for: actor, on: rig) == .tooMany(2))
            }
            #expect(try await ActionRig.run(ActionRig.request(key: 1), on: rig).isReplayed, "a replay needs no room")
            first.answer(ActionRig.done())
            _ = try await ActionRig.end(of: first.call.operationID, on: rig)
            await eventually { (try? await ActionRig.run(ActionRig.request(key: 3), on: rig)) != nil }
            #expect(await ActionRig.refusal(ActionRig.request(key: 4), on: rig) == .tooMany(2))
            await executor.next()?.answer(ActionRig.done())
            await executor.next()?.answer(ActionRig.done())
            #expect(executor.performedCount == 3)
        }
    }

    @Test(
        "a member that stands twice is refused before anything is kept, and another spelling of a payload is a replay")
    func spelling() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor { _ in ActionRig.done() })
        try await stage(executor, store, ManualTime()).run { rig in
            let twice = ActionRig.request(payload: #"{"ref":"main","ref":"next"}"#)
            for isDryRun in [true, false] {
                var request = twice
                request.isDryRun = isDryRun
                guard case .invalid(let failure)? = await ActionRig.refusal(request, on: rig) else {
                    Issue.record("it was taken")
                    return
                }
                #expect(failure.field == "payload.ref")
            }
            #expect(executor.performedCount == 0)
            let first = try await ActionRig.run(ActionRig.request(payload: #"{"n":1,"ref":"main"}"#), on: rig)
            let other = ActionRig.request(payload: #" {"ref":"m\u0061in","n":1.0}"#)
            let again = try await ActionRig.run(other, on: rig)
            #expect(!first.isReplayed && again.isReplayed && again.record.id == first.record.id)
            let reused = ActionRig.request(payload: #"{"n":2,"ref":"main"}"#)
            #expect(await ActionRig.refusal(reused, on: rig) == .keyReused(operationID: first.record.id))
        }
    }

    @Test("a replay before the store has been read begins nothing, and is one once it has")
    func unread() async throws {
        let (kept, time) = (MemoryStore(), ManualTime())
        var copy = MemoryStore()
        let asking = ManualExecutor(isSending: false)
        try await stage(asking, kept, time).run { rig in
            _ = try await ActionRig.run(on: rig)
            _ = await asking.next()
            copy = try await ActionRig.killed(kept)
        }
        let (store, next) = (HeldStore(copy), ManualExecutor(isSending: false) { _ in ActionRig.done() })
        store.refuseLoads()
        try await stage(next, store, time).run { rig in
            for _ in 0..<2 {
                #expect(await ActionRig.refusal(ActionRig.request(), on: rig) == .notRecorded(HeldStore.full))
            }
            await settled { true }
            #expect(next.performedCount == 0)
            store.refuseLoads(nil)
            await rig.advance(by: .seconds(6))
            await eventually { next.performedCount == 1 }
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(isReplayed)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(next.performedCount == 1)
        }
    }

    @Test("a store that keeps again keeps the sending too, whatever it refused before")
    func storeRecovered() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await stage(executor, store, ManualTime()).run { rig in
            await leaveChangesUnsaved(in: store, rig)
            let record = try await ActionRig.run(on: rig).record
            let end = try await ActionRig.asTimePasses(on: rig) { try await ActionRig.end(of: record.id, on: rig) }
            #expect(end.state == .succeeded)
            #expect(executor.performedCount == 1)
        }
    }

    @Test("what waits for the store has it as soon as it keeps a record, and nobody is told before that it keeps all")
    func storeCatchesUp() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await stage(executor, store, ManualTime()).run { rig in
            await leaveChangesUnsaved(in: store, rig)
            // The first to be kept is the record, and the second all that waits.
            try await keepRecordAlone(in: store, rig)
            await eventually { store.heldSaveCount == 1 }
            #expect(!rig.engine.isPersisting)
            #expect(executor.performedCount == 0)
            store.releaseSaves()
            await eventually { rig.engine.isPersisting && executor.performedCount == 1 }
        }
    }

    @Test("a daemon that is told to end while the store has not caught up ends, and has sent nothing it could not keep")
    func endsBeforeStoreCatchesUp() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await stage(executor, store, ManualTime()).run { rig in
            await leaveChangesUnsaved(in: store, rig)
            try await keepRecordAlone(in: store, rig)
            store.refuse()
            store.releaseSaves()
            // The end of the stage awaits the engine's.
        }
        #expect(executor.performedCount == 0)
        let kept = try await store.kept.load().operations
        #expect(kept.map(\.state) == [.pending])
    }

    @Test("while one payload is read the engine answers others")
    func besides() async throws {
        let digest = SlowDigest(of: "slow")
        let rig = EngineRig({ .success($0.reading()) }, digest: { digest.text(of: $0) })
        try await ActionStage(rig: rig).run { rig in
            async let answer = ActionRig.refusal(ActionRig.request(payload: #"{"ref":"slow"}"#), on: rig)
            await eventually { digest.isUnderWay }
            _ = await rig.engine.load
            #expect(digest.isUnderWay, "the engine answered no sooner than it was read")
            digest.end()
            _ = await answer
        }
    }

    /// Changes wait for the next try of a store that refused them, and that would keep them by now.
    private func leaveChangesUnsaved(in store: HeldStore, _ rig: EngineRig) async {
        store.refuse()
        _ = await rig.engine.redefine([project("shop"), project("blog"), project("news")])
        await eventually { await rig.engine.storeError == HeldStore.full }
        store.refuse(nil)
    }

    /// Has an operation recorded, and every save after that one wait.
    private func keepRecordAlone(in store: HeldStore, _ rig: EngineRig) async throws {
        store.holdSaves()
        async let answer = ActionRig.run(on: rig)
        await eventually { store.heldSaveCount == 1 }
        store.releaseOneSave()
        _ = try await answer
    }

    private func stage(_ executor: ManualExecutor, _ store: any Store, _ time: ManualTime) -> ActionStage {
        ActionStage(
            rig: EngineRig(
                { .success($0.reading()) }, store: store, time: time, executors: ActionExecutors(all: executor)))
    }
}

/// A digest that takes until the test ends it, of what holds a text; 5 s at most.
private final class SlowDigest: Sendable {
    private let text: [UInt8]
    private let state = Lock((isUnderWay: false, isEnded: false))

    init(of text: String) { self.text = Array(text.utf8) }

    var isUnderWay: Bool { state.withLock(\.isUnderWay) }

    func end() { state.withLock { $0.isEnded = true } }

    func text(of bytes: [UInt8]) -> String {
        guard bytes.contains(text) else { return String(bytes.hashValue) }
        let deadline = ContinuousClock.now.advanced(by: .seconds(5))
        state.withLock { $0.isUnderWay = true }
        while !state.withLock(\.isEnded), ContinuousClock.now < deadline {}
        state.withLock { $0.isUnderWay = false }
        return String(bytes.hashValue)
    }
}
