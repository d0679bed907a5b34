import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Dry runs", .timeLimit(.minutes(1)))
struct DryRunTests {
    private let store = HeldStore()
    private let executor = ManualExecutor { _ in ActionRig.done() }

    @Test("a dry run says what would be done, keeps nothing and uses no key")
    func plan() async throws {
        try await rig().run { rig in
            #expect(await words(of: dryRun(1), on: rig) == "Does it to acme/shop")
            #expect(executor.performedCount == 0)
            let isReplayed = try await ActionRig.run(on: rig).isReplayed
            #expect(!isReplayed)
        }
    }

    @Test("a key of another request refuses it, and with that of the same one nothing more would be done")
    func knownKey() async throws {
        try await rig().run { rig in
            let record = try await ActionRig.run(on: rig).record
            for other in [dryRun(1, payload: #"{"a":1}"#), dryRun(1, of: "blog")] {
                #expect(await ActionRig.refusal(other, on: rig) == .keyReused(operationID: record.id))
            }
            let nothing = "Nothing more: the key stands for the operation \(record.id)"
            #expect(await words(of: dryRun(1), on: rig) == nothing)
            _ = try await ActionRig.end(of: record.id, on: rig)
            #expect(await words(of: dryRun(1), on: rig) == nothing)
            #expect(executor.performedCount == 1)
        }
    }

    @Test("a key that may have been forgotten refuses it, unless the caller vouches for it")
    func lostKeys() async throws {
        try await rig().run { rig in
            let loss = KeyLoss(noticedAt: rig.time.now)
            store.lose(loss)
            let end = loss.noticedAt.wall.advanced(by: .seconds(86_400))
            #expect(await ActionRig.refusal(dryRun(1), on: rig) == .keysLost(loss, until: end))
            var vouched = dryRun(1)
            vouched.isAfterLoss = true
            #expect(await words(of: vouched, on: rig) == "Does it to acme/shop")
        }
    }

    @Test("the limit of a minute refuses it as it would the real one, and any number of dry runs counts nothing")
    func limit() async throws {
        try await rig().run { rig in
            for number in 1...4 { _ = try await ActionRig.run(ActionRig.request(key: number), on: rig) }
            for number in 11...19 { #expect(await words(of: dryRun(number), on: rig) == "Does it to acme/shop") }
            _ = try await ActionRig.run(ActionRig.request(key: 5), on: rig)
            rig.time.advance(by: .seconds(20))
            for request in [dryRun(6), ActionRig.request(key: 6)] {
                let refusal = await ActionRig.refusal(request, on: rig)
                #expect(refusal == .limited(perMinute: 5, retryAfter: .seconds(40)))
            }
            #expect(await words(of: dryRun(6, of: "blog"), on: rig) == "Does it to acme/shop")
            rig.time.advance(by: .seconds(40))
            #expect(await words(of: dryRun(6), on: rig) == "Does it to acme/shop")
        }
    }

    private func dryRun(_ key: Int, of project: String = "shop", payload: String = "") -> ActionRequest {
        var request = ActionRig.request(key: key, of: project, payload: payload)
        request.isDryRun = true
        return request
    }

    /// What it says would be done; nil where it was refused, or run.
    private func words(of request: ActionRequest, on rig: EngineRig) async -> String? {
        guard case .plan(let plan)? = try? await rig.engine.run(request, for: ActionRig.ada) else { return nil }
        return plan.words.full
    }

    private func rig() -> ActionStage {
        ActionStage(
            rig: EngineRig({ .success($0.reading()) }, store: store, executors: ActionExecutors(all: executor)))
    }
}
