import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Operations when the daemon is told to end", .timeLimit(.minutes(1)))
struct OperationStopTests {
    private let time = ManualTime()

    @Test("told so while the sending is being recorded, nothing is sent, and the next daemon begins it")
    func beforeSending() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        let engine = rig(executor, store).engine
        await engine.open([project("shop")])
        let running = Task { await engine.run() }
        store.hold()
        async let wish = engine.run(ActionRig.request(), for: ActionRig.ada)
        await eventually { store.heldCount == 1 }
        // The record is kept, and what is to be kept of its sending waits.
        store.holdSaves()
        store.release()
        await eventually { store.heldSaveCount == 1 }
        store.releaseOneSave()
        _ = try await wish
        await eventually { store.heldSaveCount == 1 }
        running.cancel()
        await eventually { await engine.isStopping }
        store.releaseSaves()
        await running.value
        #expect(executor.performedCount == 0)
        try await expectBegun(from: store.kept)
    }

    @Test(
        "told so while the secrets are read, nothing is sent or asked, and the next daemon begins it",
        arguments: [true, false])
    func beforeSecrets(isSending: Bool) async throws {
        let executor = ManualExecutor(isSending: isSending) { _ in ActionRig.done() }
        let (store, secrets) = (MemoryStore(), HeldCredentials())
        let engine = rig(executor, store, secrets).engine
        await engine.open([project("shop", credential: .environment(name: "TOKEN"))])
        let running = Task { await engine.run() }
        _ = try await engine.run(ActionRig.request(), for: ActionRig.ada)
        await eventually { secrets.heldCount == 1 }
        running.cancel()
        await eventually { await engine.isStopping }
        secrets.release()
        await running.value
        #expect(executor.performedCount == 0)
        try await expectBegun(from: store)
    }

    @Test("told so, the daemon records nothing more, and says that it stops")
    func afterwards() async throws {
        let executor = ManualExecutor { _ in ActionRig.done() }
        let stage = rig(executor, MemoryStore())
        await stage.engine.open([project("shop")])
        let running = Task { await stage.engine.run() }
        await eventually { await stage.engine.load.readsRunning == 0 }
        running.cancel()
        await running.value
        #expect(await ActionRig.refusal(ActionRig.request(), on: stage) == .stopping)
        #expect(executor.performedCount == 0)
    }

    /// The operation is as it was recorded, and a daemon that finds it so sends it once.
    private func expectBegun(from store: MemoryStore) async throws {
        let name = OperationName(owner: ActionRig.ada.identity, key: ActionRig.key())
        #expect(try await store.operation(name)?.stage == .recorded)
        let next = ManualExecutor { _ in ActionRig.done() }
        try await ActionStage(rig: rig(next, store)).run { rig in
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(isReplayed)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(next.performedCount == 1)
        }
    }

    private func rig(
        _ executor: ManualExecutor, _ store: any Store, _ credentials: any CredentialSource = NoCredentials()
    ) -> EngineRig {
        EngineRig(
            { .success($0.reading()) }, store: store, credentials: credentials, time: time,
            executors: ActionExecutors(all: executor))
    }
}
