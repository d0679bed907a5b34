import Locks
import StatusCore
import StatusEngine
import StatusModel
import Synchronization
import TestSupport
import Testing

@Suite("What ends or delays the following of an operation", .timeLimit(.minutes(1)))
struct OperationFollowEndTests {
    private let executor = ManualExecutor { _ in OperationCrashTests.working }

    @Test("no look is made before the moment that the provider names")
    func retryAfter() async throws {
        try await followed { rig, id in
            let throttled = ActionFailure(
                .resourceExhausted, reason: "RATE_LIMITED", OperationWords("Wait."),
                retryAfter: rig.time.now.wall.advanced(by: .seconds(20)))
            executor.look(.failure(throttled), ActionRig.done("Live"))
            await rig.advance(by: .seconds(3))
            await ActionRig.inTime(on: rig) { executor.followed.count == 1 }
            await rig.advance(by: .seconds(15))
            #expect(executor.followed.count == 1)
            // However late it has learnt of the moment, it looks before the operation's own time is over.
            for _ in 0..<9 where executor.followed.count == 1 { await rig.advance(by: .seconds(1)) }
            let end = try await ActionRig.end(of: id, on: rig)
            #expect(end.summary == "Live")
            #expect(executor.followed.count == 2)
        }
    }

    @Test(
        "where the provider refuses to tell, it ends at once with the refusal and where to look",
        arguments: [ActionFailure.Code.unauthenticated, .permissionDenied, .notFound])
    func refused(code: ActionFailure.Code) async throws {
        try await followed { rig, id in
            executor.look(.failure(ActionFailure(code, reason: "REFUSED", OperationWords("Access was revoked."))))
            await rig.advance(by: .seconds(3))
            let end = try await ActionRig.end(of: id, on: rig)
            #expect(end.state == .unknownOutcome && end.error?.reason == "REFUSED" && end.error?.code == code.rawValue)
            #expect(end.error?.message.contains("does not tell how it goes on: Access was revoked. Look there") == true)
            await rig.advance(by: .seconds(15))
            #expect(executor.followed.count == 1)
        }
    }

    @Test("without a link nobody is asked any more, and the end says so")
    func linkGone() async throws {
        try await followed { rig, id in
            executor.look(.failure(ActionFailure(.unavailable, reason: "NETWORK", OperationWords("No answer."))))
            _ = await rig.engine.redefine([project("shop", [EngineRig.vercel])])
            await rig.advance(by: .seconds(3))
            let end = try await ActionRig.end(of: id, on: rig)
            #expect(end.state == .unknownOutcome && end.error?.reason == "LINK_GONE")
            #expect(executor.followed.isEmpty)
        }
    }

    @Test("a command that is put in the action's place leaves the provider to tell the end, by the link's own secret")
    func replaced() async throws {
        let (command, isReplaced) = (ManualExecutor(), Flag())
        var executors = ActionExecutors(all: executor)
        executors.replacement = { _, _ in isReplaced.value ? command : nil }
        try await followed(executors) { rig, id in
            executor.look(Self.working("Going live"), ActionRig.done("Live"))
            isReplaced.raise()
            await rig.advance(by: .seconds(3))
            await ActionRig.inTime(on: rig) { await Self.summary(id, rig) == "Going live" }
            await rig.advance(by: .seconds(3))
            let end = try await ActionRig.end(of: id, on: rig)
            #expect(end.summary == "Live")
            #expect(executor.followedCalls.map { $0.secret?.reveal() } == ["token", "token"])
            #expect(command.performedCount == 0 && command.followed.isEmpty)
        }
    }

    @Test("what each look tells anew is told once, also of an item that was never read")
    func milestones() async throws {
        let started = Milestone(
            kind: EventKind.deployStarted, at: UnixTime(seconds: 1_767_225_600), message: "Started", subject: "dpl_1")
        let finished = Milestone(
            kind: EventKind.deployFinished, at: UnixTime(seconds: 1_767_225_610), message: "Done", subject: "dpl_1")
        let executor = ManualExecutor { _ in Self.working("Building", [started]) }
        executor.look(
            Self.working("Still building", [started]), Self.working("Going live", [started, finished]),
            .success(.done(ActionResult(OperationWords("Live"), milestones: [started, finished]))))
        // Every read stays open.
        try await EngineRig(executors: ActionExecutors(all: executor)).run { rig in
            let record = try await ActionRig.run(on: rig).record
            for words in ["Building", "Still building", "Going live"] {
                await ActionRig.inTime(on: rig) { await Self.summary(record.id, rig) == words }
                await rig.advance(by: .seconds(2))
            }
            #expect(try await ActionRig.end(of: record.id, on: rig).summary == "Live")
            let told = try ActionRig.events(rig, kinds: "deploy:").map(\.kind)
            #expect(told == [EventKind.deployStarted, EventKind.deployFinished])
        }
    }

    private static func working(_ words: String, _ milestones: [Milestone] = []) -> ManualExecutor.Answer {
        .success(.working(handle: "dpl_1", OperationWords(words), milestones: milestones, pause: .seconds(2)))
    }

    /// Runs the body once the provider has taken an operation and works at it.
    private func followed(
        _ executors: ActionExecutors? = nil, _ body: (EngineRig, String) async throws -> Void
    ) async throws {
        let rig = EngineRig(
            { .success($0.reading()) }, credentials: OneSecret(), executors: executors ?? ActionExecutors(all: executor)
        )
        try await rig.run([project("shop", credential: .environment(name: "TOKEN"))]) { rig in
            _ = await rig.read()
            let record = try await ActionRig.run(on: rig).record
            await eventually { await Self.summary(record.id, rig) == "Building" }
            try await body(rig, record.id)
        }
    }

    private static func summary(_ id: String, _ rig: EngineRig) async -> String? {
        (try? await rig.engine.operation(OperationQuery(id: id), for: .owner))??.summary
    }
}

private struct OneSecret: CredentialSource {
    func version(of reference: CredentialReference) async -> CredentialVersion? { nil }

    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret { Secret("token") }
}

/// A flag that one task raises and another sees.
private final class Flag: Sendable {
    private let state = Lock(false)

    var value: Bool { state.withLock { $0 } }

    func raise() { state.withLock { $0 = true } }
}
