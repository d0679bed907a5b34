import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Links that actions change", .timeLimit(.minutes(1)))
struct LinkChangeTests {
    private let store = MemoryStore()

    @Test("a new link counts at once when the provider has vouched for it, and outlives the daemon")
    func connected() async throws {
        try await rig().run([project("shop", [EngineRig.vercel])]) { rig in
            _ = await rig.read()
            let record = try await run("connect", on: rig)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(rig.item()?.configured == true && rig.item()?.status == .connected)
            #expect(try await store.load().linkChanges.map(\.link) == [Self.link])
        }
        try await rig().run([project("shop", [EngineRig.vercel])]) { rig in
            #expect(rig.item()?.configured == true)
        }
    }

    @Test("a link that the provider refuses is not made, and the words say why")
    func refused() async throws {
        let provider: ManualProvider.Script = { request in
            request.link == Self.link
                ? .failure(failure(.notFound, cause: .refused, .replaces)) : .success(request.reading())
        }
        try await rig(provider).run([project("shop", [EngineRig.vercel])]) { rig in
            let record = try await run("connect", on: rig)
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.state == .failed && end.error?.reason == "NOT_FOUND")
            #expect(end.error?.message.contains("not changed") == true)
            #expect(rig.item()?.configured == false)
            #expect(try await store.load().linkChanges.isEmpty)
        }
    }

    @Test("what is unlinked stays so over restarts, until the configuration says something else of it")
    func disconnected() async throws {
        try await rig().run { rig in
            _ = await rig.read()
            let record = try await run("disconnect", on: rig)
            #expect(try await ActionRig.end(of: record.id, on: rig).state == .succeeded)
            #expect(rig.item()?.configured == false)
        }
        try await rig().run { rig in
            #expect(rig.item()?.configured == false)
            _ = await rig.engine.redefine([project("shop")])
            #expect(rig.item()?.configured == false, "the same configuration changes nothing")
            let other = ProjectDefinition(
                id: .shop,
                links: [
                    EngineRig.github: Link(target: .github(GitHubTarget(owner: "octo-org", repository: "other")))
                ])
            _ = await rig.engine.redefine([other])
            #expect(rig.item()?.configured == true, "the newest word counts")
        }
        #expect(try await store.load().linkChanges.isEmpty)
    }

    @Test("linking what the configuration links leaves nothing to remember")
    func back() async throws {
        try await rig().run { rig in
            _ = await rig.read()
            _ = try await ActionRig.end(of: try await run("disconnect", on: rig).id, on: rig)
            rig.time.advance(by: .seconds(1))
            _ = try await ActionRig.end(of: try await run("connect", key: 2, on: rig).id, on: rig)
            #expect(rig.item()?.configured == true)
        }
        let links = try await store.load()
        #expect(links.linkChanges.isEmpty)
    }

    @Test("a limit that the verification meets holds off the reads that share it")
    func limited() async throws {
        try await rig().run([project("shop", [EngineRig.vercel]), project("blog")]) { rig in
            _ = await rig.read()
            let until = rig.time.now.wall.advanced(by: .seconds(60))
            rig.provider.follow { _ in .failure(failure(.rateLimited, cause: .throttled, retryAfter: until)) }
            let record = try await run("connect", on: rig)
            let end = try await ActionRig.end(of: record.id, on: rig)
            #expect(end.error?.reason == "RATE_LIMITED" && end.error?.retryAfter == until)
            let asked = rig.provider.readCount
            _ = await rig.read("blog")
            #expect(rig.provider.readCount == asked)
            #expect(rig.item(of: "blog")?.problem?.retryAfter == until)
        }
    }

    private static let link = Link(
        target: .github(GitHubTarget(owner: "octo-org", repository: "github")), credential: nil, isEnabled: true)

    private func run(_ action: String, key: Int = 1, on rig: EngineRig) async throws -> OperationRecord {
        try await ActionRig.run(ActionRig.request(action, key: key), on: rig).record
    }

    private func rig(_ script: @escaping ManualProvider.Script = { .success($0.reading()) }) -> EngineRig {
        EngineRig(script, store: store, links: FixedLinks(link: Self.link))
    }
}

/// Proposes one link, or what the configuration says.
private struct FixedLinks: LinkReader {
    let link: Link

    func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8], configured: Link?, current: Link?
    ) throws(ActionFailure) -> LinkProposal? {
        switch action {
        case .connect: .link(configured ?? link)
        case .disconnect: .nothing
        default: nil
        }
    }
}
