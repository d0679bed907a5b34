import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Actions", .timeLimit(.minutes(1)))
struct ActionTests {
    @Test("it is recorded before it is answered, carried out behind, and its end is kept with its event")
    func course() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor())
        try await rig(executor, store: store).run { rig in
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(!isReplayed && record.requestedBy == "ada")
            #expect(try await store.operation(record.id)?.name == record.name)
            let attempt = try #require(await executor.next())
            #expect(attempt.call.operationID == record.id)
            #expect(try await store.operation(record.id)?.stage == .sent, "known before it is sent")
            attempt.answer(ActionRig.done("acme/shop pushed"))
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.state == .succeeded && end.summary == "acme/shop pushed")
            #expect(try await store.operation(record.id)?.stage == .succeeded)
            #expect(try ActionRig.events(rig).map(\.kind) == ["action:started", "action:finished"])
            #expect(try ActionRig.events(rig).last?.operation == end)
        }
    }

    @Test("twenty at once with one key are one, and so is whoever comes later, for the same bytes alone")
    func once() async throws {
        let executor = ManualExecutor { _ in ActionRig.done() }
        try await rig(executor).run { rig in
            let answers = await withTaskGroup(of: (OperationRecord, Bool)?.self) { group in
                for _ in 0..<20 { group.addTask { try? await ActionRig.run(on: rig) } }
                return await group.reduce(into: [(OperationRecord, Bool)?]()) { $0.append($1) }
            }
            #expect(Set(answers.map { $0?.0.id }).count == 1 && answers.count { $0?.1 == false } == 1)
            let id = try #require(answers.first??.0.id)
            _ = try await ActionRig.end(of: id, on: rig)
            let (later, isReplayed) = try await ActionRig.run(on: rig)
            #expect(isReplayed && later.id == id && later.state == .succeeded)
            #expect(executor.performedCount == 1)
            for other in [
                ActionRig.request("sync"), ActionRig.request(payload: #"{"a":1}"#), ActionRig.request(of: "blog"),
            ] {
                #expect(await ActionRig.refusal(other, on: rig) == .keyReused(operationID: id))
            }
            // The same key of somebody else is another key.
            let bob = ActionActor(identity: "uid:1002", displayName: "bob", role: .owner)
            #expect(try await ActionRig.run(for: bob, on: rig).isReplayed == false)
            #expect(executor.performedCount <= 2)
        }
    }

    @Test("an answer of the store that is older than the record does not run it twice")
    func lateLookup() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store: store).run { rig in
            store.hold()
            async let first = ActionRig.run(on: rig)
            async let second = ActionRig.run(on: rig)
            await eventually { store.heldCount == 2 }
            store.release()
            let ids = try await [first.record.id, second.record.id]
            #expect(Set(ids).count == 1)
            _ = try await ActionRig.end(of: ids[0], on: rig)
            #expect(executor.performedCount == 1)
        }
    }

    @Test("the sixth within a minute is refused with its time, other users and projects are not, and replays are free")
    func limit() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor { _ in ActionRig.done() })
        let first = rig(executor, store: store)
        try await first.run { rig in
            for number in 1...5 { _ = try await ActionRig.run(ActionRig.request(key: number), on: rig) }
            let sixth = ActionRig.request(key: 6)
            #expect(await ActionRig.refusal(sixth, on: rig) == .limited(perMinute: 5, retryAfter: .seconds(60)))
            #expect(try await ActionRig.run(ActionRig.request(key: 5), on: rig).isReplayed)
            _ = try await ActionRig.run(ActionRig.request(key: 7, of: "blog"), on: rig)
            let bob = ActionActor(identity: "uid:1002", displayName: "bob", role: .owner)
            _ = try await ActionRig.run(ActionRig.request(key: 8), for: bob, on: rig)
        }
        first.time.advance(by: .seconds(20))
        try await rig(executor, store: store, time: first.time).run { rig in
            let sixth = ActionRig.request(key: 6)
            #expect(await ActionRig.refusal(sixth, on: rig) == .limited(perMinute: 5, retryAfter: .seconds(40)))
            first.time.advance(by: .seconds(40))
            _ = try await ActionRig.run(sixth, on: rig)
        }
    }

    @Test("what cannot be recorded is not run, counts nothing, and runs with the same key once it can be")
    func notRecorded() async throws {
        let (store, executor) = (HeldStore(), ManualExecutor { _ in ActionRig.done() })
        try await rig(executor, store: store).run { rig in
            store.refuse()
            for _ in 0..<7 {
                #expect(await ActionRig.refusal(ActionRig.request(), on: rig) == .notRecorded(HeldStore.full))
            }
            #expect(executor.performedCount == 0)
            store.refuse(nil)
            let (record, isReplayed) = try await ActionRig.run(on: rig)
            #expect(!isReplayed)
            await rig.advance(by: .seconds(6))
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
        }
    }

    @Test("a payload that the executor does not take is refused before anything is recorded")
    func invalid() async throws {
        let executor = ManualExecutor { _ in ActionRig.done() }
        try await rig(executor).run { rig in
            let failure = ActionFailure.invalid("ref", "must be a branch")
            executor.refuse(failure)
            #expect(await ActionRig.refusal(ActionRig.request(), on: rig) == .invalid(failure))
            executor.refuse(nil)
            let isReplayed = try await ActionRig.run(on: rig).isReplayed
            #expect(!isReplayed)
        }
    }

    private func rig(
        _ executor: ManualExecutor, store: any Store = MemoryStore(), time: ManualTime = ManualTime()
    ) -> ActionStage {
        ActionStage(
            rig: EngineRig(
                { .success($0.reading()) }, store: store, time: time, executors: ActionExecutors(all: executor)))
    }
}

/// A rig with two projects whose items have been read.
struct ActionStage {
    let rig: EngineRig

    var time: ManualTime { rig.time }

    func run(_ body: (EngineRig) async throws -> Void) async throws {
        try await rig.run([project("shop"), project("blog")]) { rig in
            _ = await rig.read("shop")
            _ = await rig.read("blog")
            try await body(rig)
        }
    }
}
