import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Limits that actions meet", .timeLimit(.minutes(1)))
struct ActionLimitTests {
    private let store = MemoryStore()

    @Test(
        "a limit that an action meets holds off the reads with the same secret until its second, also after a restart",
        arguments: [false, true])
    func readsWait(whileFollowed: Bool) async throws {
        let time = ManualTime()
        let end = time.now.wall.advanced(by: .seconds(60))
        let throttled = ManualExecutor.Answer.failure(Self.throttled(until: end, sharedUntil: end))
        let executor = ManualExecutor { _ in whileFollowed ? OperationCrashTests.working : throttled }
        executor.look(throttled)
        try await run(executor, time) { rig in
            let record = try await ActionRig.run(ActionRig.request(of: "a"), on: rig).record
            if whileFollowed {
                await rig.advance(by: .seconds(3))
                await ActionRig.inTime(on: rig) { executor.followed.count >= 1 }
            } else {
                #expect(try await ActionRig.end(of: record.id, on: rig).error?.reason == "RATE_LIMITED")
            }
            await rig.advance(by: .seconds(2))
            for id in ["a", "b", "other"] { _ = await rig.read(id, mode: .force) }
            #expect(rig.reads == ["a", "b", "other", "other"])
            #expect(rig.item(of: "b")?.problem?.retryAfter == end)
            #expect(rig.item(of: "b")?.status == .connected)
        }
        try await run(ManualExecutor(), time) { rig in
            _ = await rig.read("b", mode: .force)
            #expect(!rig.reads.contains("b"))
            time.advance(by: .seconds(62))
            _ = await rig.read("b", mode: .force)
            #expect(rig.reads.contains("b"))
        }
    }

    @Test("a limit of the action's own, such as a plan's quota, holds off nobody")
    func ownLimit() async throws {
        let time = ManualTime()
        let failure = Self.throttled(until: time.now.wall.advanced(by: .seconds(60)), sharedUntil: nil)
        try await run(ManualExecutor { _ in .failure(failure) }, time) { rig in
            let record = try await ActionRig.run(ActionRig.request(of: "a"), on: rig).record
            _ = try await ActionRig.end(of: record.id, on: rig)
            await rig.advance(by: .seconds(2))
            _ = await rig.read("b", mode: .force)
            #expect(rig.reads.filter { $0 == "b" }.count == 2)
        }
    }

    private static func throttled(until end: UnixTime, sharedUntil: UnixTime?) -> ActionFailure {
        ActionFailure(
            .resourceExhausted, reason: "RATE_LIMITED", OperationWords("Wait."), retryAfter: end,
            sharedLimitEndsAt: sharedUntil)
    }

    /// Two projects with one secret and one without, each read once.
    private func run(
        _ executor: ManualExecutor, _ time: ManualTime, _ body: (EngineRig) async throws -> Void
    ) async throws {
        let token = FakeCredentials.token
        let rig = EngineRig(
            { .success($0.reading()) }, store: store, credentials: FakeCredentials(), time: time,
            executors: ActionExecutors(all: executor))
        let projects = [project("a", credential: token), project("b", credential: token), project("other")]
        try await rig.run(projects) { rig in
            for id in ["a", "b", "other"] { _ = await rig.read(id) }
            try await body(rig)
        }
    }
}

extension EngineRig {
    /// The projects that were read, in that order.
    fileprivate var reads: [String] { provider.requests.map(\.project.rawValue) }
}
