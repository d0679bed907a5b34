import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Another configuration while readers go on", .timeLimit(.minutes(1)))
struct RedefinitionTests {
    private static let answering: ManualProvider.Script = { .success($0.reading()) }

    private func kinds(_ rig: EngineRig) -> [String] {
        guard case .events(let events) = rig.journal.events(after: EventID(epoch: 7, sequence: 0), limit: 100) else {
            return []
        }
        return events.map { "\($0.event.projectID) \($0.event.kind)" }
    }

    @Test("a project that comes answers and is announced; one that goes is gone, announced, and waited for by nobody")
    func comingAndGoing() async throws {
        let rig = EngineRig { $0.project.rawValue == "old" ? nil : .success($0.reading()) }
        try await rig.run([project("shop"), project("old")]) { rig in
            _ = await rig.read()
            let waiting = Task { await rig.read("old") }
            _ = await rig.provider.next()
            let report = await rig.engine.redefine([project("shop"), project("new")])
            #expect(report == RedefinitionReport(added: 1, changed: 0, removed: 1))
            #expect(await waiting.value?.decision == .answer(.checking))
            #expect(rig.entry("old") == nil)
            #expect(await rig.read("old") == nil)
            #expect(await rig.read("new")?.decision == .answer(.fetched))
            #expect(rig.item()?.status == .connected)
            #expect(Set(kinds(rig)).isSuperset(of: ["new project:added", "old project:removed"]))
            await eventually { rig.provider.cancelledCount == 1 }
            #expect(await rig.engine.redefine([project("shop"), project("new")]) == RedefinitionReport())
        }
    }

    @Test("of another target nothing is known, and what is still being read of the old one is dropped")
    func otherTarget() async throws {
        try await EngineRig().run { rig in
            async let first = rig.read()
            await rig.provider.next()?.succeed()
            _ = await first
            rig.glance(everything: true)
            rig.time.advance(by: .seconds(16))
            await rig.settle()
            let old = await rig.provider.next()
            var definition = project("shop")
            definition.links[EngineRig.github] = Link(
                target: .github(GitHubTarget(owner: "octo-org", repository: "other")))
            let report = await rig.engine.redefine([definition])
            #expect(report.changed == 1)
            #expect(rig.item()?.freshness == .never)
            old?.succeed()
            let new = await rig.provider.next()
            #expect(new?.request.repository == "other")
            #expect(new?.request.previous == nil)
            #expect(rig.item()?.freshness == .never)
            new?.succeed()
            await eventually { rig.item()?.status == .connected }
        }
    }

    @Test("another credential for the same target keeps what is known, and is tried at once")
    func otherCredential() async throws {
        try await EngineRig(Self.answering, credentials: FakeCredentials()).run { rig in
            _ = await rig.read()
            #expect(rig.provider.readCount == 1)
            _ = await rig.engine.redefine([project("shop", credential: FakeCredentials.token)])
            #expect(rig.item()?.status == .connected)
            await eventually { rig.provider.readCount == 2 }
            #expect(rig.provider.requests.last?.previous != nil)
        }
    }

    @Test("a link that is gone says so, and one that comes is read for whoever asks")
    func links() async throws {
        try await EngineRig(Self.answering).run { rig in
            _ = await rig.read()
            _ = await rig.engine.redefine([project("shop", [EngineRig.vercel])])
            #expect(rig.item()?.configuredReason == .notLinked)
            await eventually { rig.item(EngineRig.vercel)?.status == .connected }
        }
    }

    @Test("what was changed while the daemon was down counts as changed")
    func whileDown() async throws {
        let store = MemoryStore()
        try await EngineRig(Self.answering, store: store).run([project("shop"), project("gone")]) { rig in
            _ = await rig.read()
            _ = await rig.read("gone")
        }
        var other = project("shop")
        other.links[EngineRig.github] = Link(target: .github(GitHubTarget(owner: "octo-org", repository: "other")))
        try await EngineRig(store: store).run([other]) { rig in
            #expect(rig.item()?.freshness == .never)
            #expect(rig.entry("gone") == nil)
        }
        try await EngineRig(store: store).run([other]) { rig in #expect(rig.item()?.freshness == .never) }
        // The first link comes back; of it nothing is known any more.
        try await EngineRig(store: store).run { rig in #expect(rig.item()?.freshness == .never) }
    }
}
