import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Operations whose link changes in their course", .timeLimit(.minutes(1)))
struct OperationRelinkTests {
    private let time = ManualTime()
    private static let finished = Milestone(
        kind: EventKind.deployFinished, at: UnixTime(seconds: 1_767_225_610), message: "Done", subject: "dpl_1")

    @Test("what the provider works at is not looked for where something else is linked by now")
    func followed() async throws {
        let executor = ManualExecutor { _ in OperationCrashTests.working }
        executor.look(.success(.done(ActionResult(OperationWords("Live"), milestones: [Self.finished]))))
        try await rig(executor).run { rig in
            _ = await rig.read()
            let id = try await ActionRig.run(on: rig).record.id
            await eventually { await Self.summary(id, rig) == "Building" }
            try await relink(rig)
            await rig.advance(by: .seconds(3))
            try await expectUnfollowed(id, executor, rig)
        }
    }

    @Test("what is answered after the link has changed is the operation's end, and no news of what is linked now")
    func answered() async throws {
        let executor = ManualExecutor()
        try await rig(executor).run { rig in
            _ = await rig.read()
            let id = try await ActionRig.run(on: rig).record.id
            let attempt = try #require(await executor.next())
            try await relink(rig)
            attempt.answer(.success(.done(ActionResult(OperationWords("Live"), milestones: [Self.finished]))))
            #expect(try await ActionRig.end(of: id, on: rig).summary == "Live")
            #expect(try ActionRig.events(rig, kinds: "deploy:").isEmpty)
        }
    }

    @Test("what is taken after the link has changed is not followed on the new one")
    func taken() async throws {
        let executor = ManualExecutor()
        try await rig(executor).run { rig in
            _ = await rig.read()
            let id = try await ActionRig.run(on: rig).record.id
            let attempt = try #require(await executor.next())
            try await relink(rig)
            attempt.answer(
                .success(
                    .working(
                        handle: "dpl_1", OperationWords("Building"), milestones: [Self.finished], pause: .seconds(2))))
            await eventually { await Self.summary(id, rig) == "Building" }
            await rig.advance(by: .seconds(3))
            try await expectUnfollowed(id, executor, rig)
        }
    }

    @Test("nor is it by the next daemon, if that links something else")
    func restarted() async throws {
        let (store, executor) = (MemoryStore(), ManualExecutor { _ in OperationCrashTests.working })
        var copy = MemoryStore()
        try await rig(executor, store).run { rig in
            let id = try await ActionRig.run(on: rig).record.id
            await eventually { (try? await store.operation(id))??.stage == .accepted(handle: "dpl_1") }
            copy = try await ActionRig.killed(store)
        }
        let next = ManualExecutor()
        next.look(ActionRig.done("Live"))
        try await rig(next, copy).run([Self.other]) { rig in
            try await expectUnfollowed(try await ActionRig.run(on: rig).record.id, next, rig)
        }
    }

    /// Its outcome is unknown, and it says where to look; nobody was asked, and nothing is told of what is linked now.
    private func expectUnfollowed(_ id: String, _ executor: ManualExecutor, _ rig: EngineRig) async throws {
        let end = try await ActionRig.end(of: id, on: rig)
        #expect(end.state == .unknownOutcome && end.error?.reason == "LINK_CHANGED")
        #expect(end.error?.message.contains("Look at what was linked before") == true)
        #expect(executor.followed.isEmpty)
        #expect(try ActionRig.events(rig, kinds: "deploy:").isEmpty)
    }

    /// Links something else, which has been read when this returns.
    private func relink(_ rig: EngineRig) async throws {
        _ = await rig.engine.redefine([Self.other])
        _ = await rig.read()
    }

    private static let other = ProjectDefinition(
        id: .shop,
        links: [EngineRig.github: Link(target: .github(GitHubTarget(owner: "octo-org", repository: "other")))])

    private static func summary(_ id: String, _ rig: EngineRig) async -> String? {
        (try? await rig.engine.operation(OperationQuery(id: id), for: .owner))??.summary
    }

    private func rig(_ executor: ManualExecutor, _ store: any Store = MemoryStore()) -> EngineRig {
        EngineRig({ .success($0.reading()) }, store: store, time: time, executors: ActionExecutors(all: executor))
    }
}
