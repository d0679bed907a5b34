import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Following operations", .timeLimit(.minutes(1)))
struct OperationFollowTests {
    @Test("what a provider works at is looked at until it ends, and each change is told and waited for")
    func followed() async throws {
        let executor = ManualExecutor { _ in OperationCrashTests.working }
        try await stage(executor).run { rig in
            executor.look(
                .success(.working(handle: "dpl_1", OperationWords("Building"), milestones: [], pause: .seconds(2))),
                .success(.working(handle: "dpl_1", OperationWords("Going live"), milestones: [], pause: .seconds(2))),
                ActionRig.done("Live"))
            let record = try await ActionRig.run(on: rig).record
            await eventually { await self.summary(record.id, rig) == "Building" }
            let known = try #require(try await rig.engine.operation(OperationQuery(id: record.id), for: .owner))
            let query = OperationQuery(id: record.id, wait: .seconds(30), knownVersion: known.version)
            let moved = try await ActionRig.asTimePasses(on: rig) { try await rig.engine.operation(query, for: .owner) }
            // Or already the next one, for one whose wait began late.
            #expect(["Going live", "Live"].contains(moved?.summary))
            let end = try await ActionRig.asTimePasses(on: rig) { try await ActionRig.end(of: record.id, on: rig) }
            #expect(end.summary == "Live")
            let summaries = try ActionRig.events(rig).map { $0.operation?.summary }
            #expect(summaries == ["Does it to acme/shop", "Building", "Going live", "Live"])
            #expect(executor.performedCount == 1)
        }
    }

    @Test("a look that fails is tried again, and past its time the outcome is unknown")
    func unheard() async throws {
        let executor = ManualExecutor { _ in OperationCrashTests.working }
        try await stage(executor).run { rig in
            executor.look(.failure(ActionFailure(.unavailable, reason: "NETWORK", OperationWords("No answer."))))
            let record = try await ActionRig.run(on: rig).record
            await eventually { await self.summary(record.id, rig) == "Building" }
            await rig.advance(by: .seconds(12), step: .seconds(1))
            await ActionRig.inTime(on: rig) { executor.followed.count >= 2 }
            #expect(try await rig.engine.operation(OperationQuery(id: record.id), for: .owner)?.state == .running)
            await rig.advance(by: IntegrationAction.push.timeLimit)
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.state == .unknownOutcome && end.error?.reason == "STILL_WORKING")
        }
    }

    @Test(
        "silence past the deadline is an unknown outcome for what was sent, and a failure for what only asks",
        arguments: [true, false])
    func silence(isSending: Bool) async throws {
        let executor = ManualExecutor(isSending: isSending)
        try await stage(executor).run { rig in
            let record = try await ActionRig.run(on: rig).record
            _ = await executor.next()
            await rig.advance(by: IntegrationAction.push.timeLimit)
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.state == (isSending ? .unknownOutcome : .failed))
        }
    }

    @Test("a wait for an operation that does not move ends in its time")
    func wait() async throws {
        let executor = ManualExecutor()
        try await stage(executor).run { rig in
            let record = try await ActionRig.run(on: rig).record
            let attempt = await executor.next()
            let known = try #require(try await rig.engine.operation(OperationQuery(id: record.id), for: .owner))
            async let same = rig.engine.operation(
                OperationQuery(id: record.id, wait: .seconds(5), knownVersion: known.version), for: .owner)
            // However late the wait begins, it ends well before the operation's own time.
            await rig.advance(by: .seconds(15))
            #expect(try await same == known)
            attempt?.answer(ActionRig.done())
        }
    }

    @Test("an end is told once it is kept; a store in trouble does not keep it from being told")
    func durable() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor())
        try await stage(executor, store: store).run { rig in
            let record = try await ActionRig.run(on: rig).record
            let attempt = try #require(await executor.next())
            store.holdSaves()
            attempt.answer(ActionRig.done())
            await eventually { store.heldSaveCount == 1 }
            async let told = rig.engine.operation(OperationQuery(id: record.id), for: .owner)
            await settled { true }
            #expect(try await store.kept.operation(record.id)?.stage == .sent)
            store.refuse()
            store.releaseSaves()
            #expect(try await told?.state == .succeeded)
            // As long as the store does not know the end, it is not asked.
            #expect(try await ActionRig.run(on: rig).record.state == .succeeded)
            store.refuse(nil)
            await rig.advance(by: .seconds(6))
            await eventually { (try? await store.kept.operation(record.id))??.stage == .succeeded }
            #expect(executor.performedCount == 1)
        }
    }

    private func summary(_ id: String, _ rig: EngineRig) async -> String? {
        (try? await rig.engine.operation(OperationQuery(id: id), for: .owner))??.summary
    }

    private func stage(_ executor: ManualExecutor, store: any Store = MemoryStore()) -> ActionStage {
        ActionStage(rig: EngineRig({ .success($0.reading()) }, store: store, executors: ActionExecutors(all: executor)))
    }
}
