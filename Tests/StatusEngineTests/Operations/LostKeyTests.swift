import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Actions after a store may have forgotten keys", .timeLimit(.minutes(1)))
struct LostKeyTests {
    private let store = HeldStore()
    private let executor = ManualExecutor { _ in ActionRig.done() }

    @Test("a key that is not known is refused before anything is sent, until a key of before would be too old")
    func refused() async throws {
        try await rig().run { rig in
            let loss = KeyLoss(noticedAt: rig.time.now)
            store.lose(loss)
            let end = loss.noticedAt.wall.advanced(by: .seconds(86_400))
            #expect(await ActionRig.refusal(ActionRig.request(), on: rig) == .keysLost(loss, until: end))
            rig.time.advance(by: .seconds(86_399))
            #expect(await ActionRig.refusal(ActionRig.request(), on: rig) == .keysLost(loss, until: end))
            #expect(executor.performedCount == 0)
            rig.time.advance(by: .seconds(1))
            let (_, isReplayed) = try await ActionRig.run(on: rig)
            #expect(!isReplayed)
        }
    }

    @Test("who vouches for the key has it run, once")
    func vouchedFor() async throws {
        try await rig().run { rig in
            store.lose(KeyLoss(noticedAt: rig.time.now))
            var request = ActionRig.request()
            request.isAfterLoss = true
            let (record, isReplayed) = try await ActionRig.run(request, on: rig)
            #expect(!isReplayed)
            _ = try await ActionRig.end(of: record.id, on: rig)
            for isAfterLoss in [true, false] {
                request.isAfterLoss = isAfterLoss
                let (again, isReplayed) = try await ActionRig.run(request, on: rig)
                #expect(isReplayed && again.id == record.id)
            }
            #expect(executor.performedCount == 1)
        }
    }

    @Test("a key that is known gives its operation")
    func known() async throws {
        try await rig().run { rig in
            let (record, _) = try await ActionRig.run(on: rig)
            store.lose(KeyLoss(noticedAt: rig.time.now))
            let (again, isReplayed) = try await ActionRig.run(on: rig)
            #expect(isReplayed && again.id == record.id)
        }
    }

    @Test(
        "the rows are looked through for keys that a limit has admitted and no others; what is found there is not run")
    func missedByIndex() async throws {
        try await rig().run { rig in
            for number in 1...9 { _ = try? await ActionRig.run(ActionRig.request(key: number), on: rig) }
            #expect(store.looksAtRows == 5)
            await eventually { executor.performedCount == 5 }
            rig.time.advance(by: .seconds(60))
            let damage = StoreError(code: .corrupt, message: "A key is missing from its index.")
            store.missKeys(damage)
            #expect(await ActionRig.refusal(ActionRig.request(key: 10), on: rig) == .notRecorded(damage))
            #expect(executor.performedCount == 5)
        }
    }

    @Test("what was refused for that is none of the actions of a minute")
    func limit() async throws {
        try await rig().run { rig in
            store.lose(KeyLoss(noticedAt: rig.time.now))
            for number in 1...9 { _ = await ActionRig.refusal(ActionRig.request(key: number), on: rig) }
            store.lose(nil)
            let (_, isReplayed) = try await ActionRig.run(on: rig)
            #expect(!isReplayed)
        }
    }

    private func rig() -> ActionStage {
        ActionStage(
            rig: EngineRig({ .success($0.reading()) }, store: store, executors: ActionExecutors(all: executor)))
    }
}
