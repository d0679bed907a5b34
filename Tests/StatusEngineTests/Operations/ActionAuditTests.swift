import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("What is told of decisions about actions", .timeLimit(.minutes(1)))
struct ActionAuditTests {
    @Test("an action that may be run is told before it is recorded, and recorded only then")
    func beforeTheRecord() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store).run { rig in
            let (told, tell) = AsyncStream.makeStream(of: ActionAllowance.self, bufferingPolicy: .bufferingOldest(9))
            let (written, write) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
            async let answer = rig.engine.run(ActionRig.request(), for: ActionRig.ada) { allowance in
                tell.yield(allowance)
                for await _ in written {}
            }
            var allowances = told.makeAsyncIterator()
            let allowance = try #require(await allowances.next())
            await rig.settle()
            #expect(try await store.load().operations.isEmpty && executor.performedCount == 0)
            write.finish()
            guard case .operation(let record, false) = try await answer else {
                Issue.record("it was not run")
                return
            }
            #expect(record.id == allowance.operationID && !allowance.isAfterLoss)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
        }
    }

    @Test("one whose line cannot be written is neither recorded nor run; its key and its place in the limit stay free")
    func unwritten() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store).run { rig in
            for _ in 0..<9 {
                var refusal: ActionRefusal?
                do throws(ActionRefusal) {
                    _ = try await rig.engine.run(ActionRig.request(), for: ActionRig.ada) {
                        allowance async throws(ActionRefusal) in
                        throw .notAudited(operationID: allowance.operationID, reason: "nobody reads it")
                    }
                } catch { refusal = error }
                guard case .notAudited = refusal else {
                    Issue.record("\(String(describing: refusal))")
                    return
                }
            }
            await rig.settle()
            #expect(try await store.load().operations.isEmpty && executor.performedCount == 0)
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(!isReplayed)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
        }
    }

    @Test("neither a replay nor a dry run nor a refusal is told as allowed")
    func others() async throws {
        let store = HeldStore()
        try await rig(ManualExecutor { _ in ActionRig.done() }, store).run { rig in
            let count = Lock(0)
            func run(_ request: ActionRequest) async throws(ActionRefusal) {
                _ = try await rig.engine.run(request, for: ActionRig.ada) { _ in count.withLock { $0 += 1 } }
            }
            try await run(ActionRig.request())
            try await run(ActionRig.request())
            var dryRun = ActionRig.request(key: 2)
            dryRun.isDryRun = true
            try await run(dryRun)
            _ = await ActionRig.refusal(ActionRig.request("link", key: 3), on: rig)
            #expect(count.withLock(\.self) == 1)
        }
    }

    @Test("what becomes of operations that a start finds is told once for all, and done only then")
    func resumed() async throws {
        let store = MemoryStore()
        var batch = StoreBatch()
        let now = ManualTime().now
        batch.operations = [record("recorded", at: now), record("sent", at: now), record("accepted", at: now)]
        batch.operations[1].begin(sending: true, at: now)
        batch.operations[2].accept(handle: "dpl_1", OperationWords("Building"), at: now)
        try await store.save(batch)
        let executor = ManualExecutor { _ in ActionRig.done() }
        let (told, tell) = AsyncStream.makeStream(of: [ResumedOperation].self, bufferingPolicy: .bufferingOldest(9))
        let (written, write) = AsyncStream<Never>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let engine = EngineRig(
            { .success($0.reading()) }, store: store, executors: ActionExecutors(all: executor),
            onResumption: { resumed in
                tell.yield(resumed)
                for await _ in written {}
            })
        try await engine.run { rig in
            var all = told.makeAsyncIterator()
            let resumed = try #require(await all.next())
            #expect(
                Dictionary(uniqueKeysWithValues: resumed.map { ($0.record.id, $0.resumption) }) == [
                    "recorded": .begin, "sent": .over, "accepted": .follow(handle: "dpl_1"),
                ])
            await rig.settle()
            #expect(executor.performedCount == 0)
            let sent = try await rig.engine.operation(OperationQuery(id: "sent"), for: .owner)
            #expect(sent?.state == .running)
            write.finish()
            #expect(try await ActionRig.end(of: "recorded", on: rig).state == .succeeded)
            #expect(try await ActionRig.end(of: "sent", on: rig).state == .unknownOutcome)
            tell.finish()
            #expect(await all.next() == nil, "told twice")
        }
    }

    private func record(_ id: String, at now: Moment) -> OperationRecord {
        OperationRecord(
            id: id, item: ItemReference(project: .shop, key: EngineRig.github), action: .push,
            name: OperationName(owner: "uid:1", key: id), requestedBy: "ada", fingerprint: "f", payload: [],
            createdAt: now, words: OperationWords("Pushes"))
    }

    private func rig(_ executor: ManualExecutor, _ store: any Store) -> ActionStage {
        ActionStage(
            rig: EngineRig({ .success($0.reading()) }, store: store, executors: ActionExecutors(all: executor)))
    }
}
