import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("What changes before an operation is sent", .timeLimit(.minutes(1)))
struct OperationBeforeSendingTests {
    private static let token = CredentialReference.environment(name: "TOKEN")

    /// What is linked by the time that it would be sent: nothing, something else, or the same by another credential.
    private static let changes = [
        project("shop", []),
        ProjectDefinition(
            id: .shop,
            links: [
                EngineRig.github: Link(
                    target: .github(GitHubTarget(owner: "octo-org", repository: "other")), credential: token)
            ]),
        project("shop", credential: .environment(name: "OTHER")),
    ]

    @Test("a link that changes while the secrets are read is not used", arguments: changes)
    func secrets(change: ProjectDefinition) async throws {
        let (store, secrets, executor) = (MemoryStore(), HeldCredentials(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store, secrets).run([project("shop", credential: Self.token)]) { rig in
            let id = try await ActionRig.run(on: rig).record.id
            await eventually { secrets.heldCount == 1 }
            _ = await rig.engine.redefine([change])
            secrets.release()
            try await expectUnsent(id, executor, store, rig)
        }
    }

    @Test("nor is one that changes while it is being recorded as sent, and its outcome is known", arguments: changes)
    func recording(change: ProjectDefinition) async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store, FakeCredentials()).run([project("shop", credential: Self.token)]) { rig in
            store.hold()
            async let wish = ActionRig.run(on: rig)
            await eventually { store.heldCount == 1 }
            // The record is kept, and what is to be kept of its sending waits.
            store.holdSaves()
            store.release()
            await eventually { store.heldSaveCount == 1 }
            store.releaseOneSave()
            let id = try await wish.record.id
            await eventually { store.heldSaveCount == 1 }
            _ = await rig.engine.redefine([change])
            store.releaseSaves()
            try await expectUnsent(id, executor, store.kept, rig)
        }
    }

    @Test("a command that is put in an action's place while the secrets are read does not do it, nor does the adapter")
    func replaced() async throws {
        let (store, secrets, adapter) = (MemoryStore(), HeldCredentials(), ManualExecutor { _ in ActionRig.done() })
        let command = ManualExecutor(carrier: .command(digest: "0a")) { _ in ActionRig.done() }
        let isReplaced = Lock(false)
        var executors = ActionExecutors(all: adapter)
        executors.replacement = { _, _ in isReplaced.withLock { $0 } ? command : nil }
        let rig = EngineRig(
            { .success($0.reading()) }, store: store, credentials: secrets, executors: executors)
        try await rig.run([project("shop", credential: Self.token)]) { rig in
            let id = try await ActionRig.run(on: rig).record.id
            await eventually { secrets.heldCount == 1 }
            isReplaced.withLock { $0 = true }
            secrets.release()
            try await expectUnsent(id, adapter, store, rig, reason: "EXECUTOR_CHANGED")
            #expect(command.performedCount == 0)
        }
    }

    @Test(
        "what was recorded for a command is begun by no adapter after a restart, nor by another command, and the other way round",
        arguments: [OperationCarrier.builtIn, .command(digest: "0a")],
        [.builtIn, OperationCarrier.command(digest: "0b")])
    func restarted(then: OperationCarrier, now: OperationCarrier) async throws {
        let (store, time) = (MemoryStore(), ManualTime())
        var copy = MemoryStore()
        let first = ManualExecutor(isSending: false, carrier: then)
        try await rig(first, store, NoCredentials(), time).run { rig in
            _ = try await ActionRig.run(on: rig)
            _ = await first.next()
            copy = try await ActionRig.killed(store)
        }
        let next = ManualExecutor(carrier: now) { _ in ActionRig.done() }
        try await rig(next, copy, NoCredentials(), time).run { rig in
            let id = try await ActionRig.run(on: rig).record.id
            guard now != then else {
                #expect(try await ActionRig.end(of: id, on: rig).state == .succeeded)
                return
            }
            try await expectUnsent(id, next, copy, rig, reason: "EXECUTOR_CHANGED")
        }
    }

    private func expectUnsent(
        _ id: String, _ executor: ManualExecutor, _ store: MemoryStore, _ rig: EngineRig,
        reason: String = "LINK_CHANGED"
    ) async throws {
        let end = try await ActionRig.end(of: id, on: rig)
        #expect(end.state == .failed && end.error?.reason == reason)
        #expect(end.error?.message.contains("nothing was sent") == true)
        #expect(try await store.operation(id)?.state == .failed)
        #expect(executor.performedCount == 0)
    }

    private func rig(
        _ executor: ManualExecutor, _ store: any Store, _ credentials: any CredentialSource,
        _ time: ManualTime = ManualTime()
    ) -> EngineRig {
        EngineRig(
            { .success($0.reading()) }, store: store, credentials: credentials, time: time,
            executors: ActionExecutors(all: executor))
    }
}
