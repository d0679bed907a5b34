import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Operations over crashes", .timeLimit(.minutes(1)))
struct OperationCrashTests {
    private let time = ManualTime()

    @Test("killed once it was recorded, it is begun by the next daemon, once")
    func recorded() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        var copy = MemoryStore()
        try await rig(executor, store).run { rig in
            store.hold()
            async let wish = ActionRig.run(on: rig)
            await eventually { store.heldCount == 1 }
            // The record is kept, and what is to be kept of its sending is not.
            store.holdSaves()
            store.release()
            await eventually { store.heldSaveCount == 1 }
            store.releaseOneSave()
            let record = try await wish.record
            await eventually { store.heldSaveCount == 1 }
            copy = try await ActionRig.killed(store.kept)
            #expect(try await copy.operation(record.id)?.stage == .recorded)
            #expect(executor.performedCount == 0)
            store.releaseSaves()
        }
        let next = ManualExecutor { _ in ActionRig.done() }
        try await rig(next, copy).run { rig in
            await eventually { next.performedCount == 1 }
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(isReplayed)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(next.performedCount == 1)
        }
    }

    @Test("killed between the sending and the answer, its outcome is unknown, and it is never sent again")
    func sent() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor())
        var copy = MemoryStore()
        try await rig(executor, store).run { rig in
            _ = try await ActionRig.run(on: rig)
            let attempt = try #require(await executor.next())
            copy = try await ActionRig.killed(store)
            attempt.answer(ActionRig.done())
        }
        for _ in 0..<2 {
            let next = ManualExecutor { _ in ActionRig.done() }
            let store = copy
            try await rig(next, store).run { rig in
                let (record, isReplayed) = try await ActionRig.run(on: rig)
                #expect(isReplayed)
                let end = try await ActionRig.end(of: record.id, on: rig)
                #expect(end.state == .unknownOutcome && end.error?.reason == "OUTCOME_UNKNOWN")
                #expect(next.performedCount == 0)
            }
            copy = try await ActionRig.killed(store)
        }
    }

    @Test("killed while the provider works at it, its end is waited for by the next daemon")
    func accepted() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor { _ in Self.working })
        var copy = MemoryStore()
        try await rig(executor, store).run { rig in
            let record = try await ActionRig.run(on: rig).record
            await eventually { (try? await store.operation(record.id))??.stage == .accepted(handle: "dpl_1") }
            copy = try await ActionRig.killed(store)
        }
        let next = ManualExecutor()
        next.look(ActionRig.done("Live"))
        try await rig(next, copy).run { rig in
            let (record, _) = try await ActionRig.run(on: rig)
            #expect(try await ActionRig.end(of: record.id, on: rig).summary == "Live")
            #expect(next.performedCount == 0 && next.followed == ["dpl_1"])
        }
    }

    @Test("killed after its end was kept, it is replayed from the store")
    func ended() async throws {
        let store = MemoryStore()
        try await rig(ManualExecutor { _ in ActionRig.done() }, store).run { rig in
            let record = try await ActionRig.run(on: rig).record
            _ = try await ActionRig.end(of: record.id, on: rig)
        }
        time.advance(by: .seconds(23 * 3_600))
        let next = ManualExecutor()
        try await rig(next, store).run { rig in
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(isReplayed && record.state == .succeeded && next.performedCount == 0)
        }
    }

    @Test("a daemon that ends in peace waits for the answer to what it has sent")
    func drained() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor())
        let engine = rig(executor, store).rig.engine
        await engine.open([project("shop")])
        let running = Task { await engine.run() }
        let name = OperationName(owner: ActionRig.ada.identity, key: ActionRig.key())
        _ = try await engine.run(ActionRig.request(), for: ActionRig.ada)
        let attempt = try #require(await executor.next())
        running.cancel()
        await time.waitForSleepers(2)
        attempt.answer(ActionRig.done())
        await running.value
        #expect(try await store.operation(name)?.stage == .succeeded)
    }

    @Test("what only asks is begun anew by the next daemon, whenever this one ends")
    func harmless() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor(isSending: false))
        try await rig(executor, store).run { rig in
            _ = try await ActionRig.run(on: rig)
            _ = await executor.next()
        }
        let next = ManualExecutor(isSending: false) { _ in ActionRig.done() }
        try await rig(next, store).run { rig in
            let record = try await ActionRig.run(on: rig).record
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(next.performedCount == 1)
        }
    }

    @Test("what changes its link while it is recorded is not begun")
    func relinked() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store).run { rig in
            store.holdSaves()
            async let wish = ActionRig.run(on: rig)
            await eventually { store.heldSaveCount == 1 }
            let other = ProjectDefinition(
                id: .shop,
                links: [
                    EngineRig.github: Link(target: .github(GitHubTarget(owner: "octo-org", repository: "other")))
                ])
            _ = await rig.engine.redefine([other])
            store.releaseSaves()
            let record = try await wish.record
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.state == .failed && end.error?.reason == "LINK_CHANGED")
            #expect(executor.performedCount == 0)
        }
    }

    static let working = ManualExecutor.Answer.success(
        .working(handle: "dpl_1", OperationWords("Building"), milestones: [], pause: .seconds(2)))

    private func rig(_ executor: ManualExecutor, _ store: any Store) -> ActionStage {
        ActionStage(
            rig: EngineRig(
                { .success($0.reading()) }, store: store, time: time, executors: ActionExecutors(all: executor)))
    }
}
