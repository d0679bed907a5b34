import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("What changed while the daemon was down", .timeLimit(.minutes(1)))
struct ChangedWhileDownTests {
    private static let github = EngineRig.github
    private static let sanity = ItemKey.provider(.sanity)
    private static let worker = ItemKey.service("worker")
    private let lives = Lives()

    @Test("each change of the configuration is told to who resumes as a reload tells it, once and only once")
    func everyKind() async throws {
        let service = linked("served", [Self.github, Self.worker])
        var switched = linked("switched")
        try await lives.first([
            linked("linked", [Self.github, Self.sanity]), linked("moved"), linked("bare", []), switched,
            service, linked("gone"), linked("same"),
        ])
        switched.links[Self.github]?.isEnabled = false
        let configured = [
            linked("linked"), linked("moved", [Self.github], target: "other"), linked("bare", [Self.sanity]),
            switched, linked("served"), linked("same"), linked("new", [Self.github, Self.sanity]),
        ]
        let told = try await lives.next(configured)
        #expect(
            told.sorted() == [
                "bare link:connected sanity", "bare status:update sanity", "gone project:removed",
                "linked link:removed sanity", "linked status:update sanity", "moved link:changed github",
                "moved status:update github", "new project:added github sanity", "served link:removed",
                "served status:update", "switched link:changed github", "switched status:update github",
            ])
        #expect(try await lives.next(configured) == [])
        #expect(try await lives.next(configured) == [])
    }

    @Test(
        "what a role may not see before or after is not told to it; what is hidden from it by now, and shown to it, is")
    func hidden() async throws {
        let fromViewers: [ItemKey: Set<Role>] = [Self.github: [.viewer], Self.worker: [.viewer]]
        let both = [Self.github, Self.worker]
        try await lives.first([
            linked("secret", both, hidden: fromViewers), linked("leaving", both, hidden: fromViewers),
            linked("coming", [], hidden: fromViewers), linked("hidden"), linked("shown", hidden: fromViewers),
        ])
        let configured = [
            linked("secret", both, hidden: fromViewers, target: "other"),
            linked("leaving", [], hidden: fromViewers), linked("coming", both, hidden: fromViewers),
            linked("hidden", hidden: fromViewers), linked("shown"), linked("new", both, hidden: fromViewers),
        ]
        let told = try await lives.next(configured, role: .viewer)
        #expect(
            told.sorted() == ["hidden status:update github", "new project:added", "shown status:update github"])
        #expect(lives.newest["hidden"]?.items.first?.configuredReason == .hiddenByPolicy)
        #expect(lives.newest["shown"]?.items.first?.configured == true)
        for role in Role.allCases { #expect(try await lives.next(configured, role: role) == []) }
    }

    @Test("a project that is left out by mistake is told to be gone once, and known again when it comes back")
    func leftOut() async throws {
        let all = [linked("shop"), linked("other")]
        try await lives.first(all)
        let revision = lives.newest["shop"]?.revision
        #expect(try await lives.next([linked("other")]) == ["shop project:removed"])
        #expect(try await lives.next([linked("other")]) == [])
        #expect(try await lives.next(all) == ["shop project:added github"])
        let back = try #require(lives.newest["shop"])
        #expect(back.items.first?.status == .connected)
        #expect(back.revision == revision.map { $0 + 1 })
        #expect(try await lives.next(all) == [])
    }

    @Test("one that nobody has asked for in 72 h is forgotten, and new when it comes back")
    func forgotten() async throws {
        let all = [linked("shop"), linked("other")]
        try await lives.first(all)
        #expect(try await lives.next([linked("other")]) == ["shop project:removed"])
        lives.time.advance(by: .seconds(73 * 3_600))
        #expect(try await lives.next([linked("other")]).isEmpty)
        #expect(try await lives.store.load().projects.map(\.id.rawValue) == ["other"])
        #expect(try await lives.next(all) == ["shop project:added github"])
        #expect(lives.newest["shop"]?.items.first?.freshness == .never)
    }

    @Test("an unchanged configuration tells nothing, and neither does the first one of a store")
    func unchanged() async throws {
        let configured = [
            linked("shop", [Self.github, Self.worker], hidden: [Self.worker: [.viewer]]), linked("bare", []),
        ]
        let rig = lives.rig()
        await rig.engine.open(configured)
        await rig.published()
        #expect(rig.journal.newestID.sequence == 0)
        for _ in 0..<3 { #expect(try await lives.next(configured) == []) }
    }

    @Test("of what an earlier version did not keep nothing is told")
    func olderVersion() async throws {
        let bare = linked("bare", [])
        try await lives.first([linked("shop"), bare])
        var batch = StoreBatch()
        batch.projects = try await lives.store.load().projects.filter { $0.id != bare.id }
        for index in batch.projects.indices {
            batch.projects[index].hidden = nil
            batch.projects[index].announcedAt = nil
        }
        batch.removedProjects = [bare.id]
        try await lives.store.save(batch)
        let hidden: [ItemKey: Set<Role>] = [Self.github: [.viewer]]
        for _ in 0..<2 {
            #expect(try await lives.next([linked("shop", hidden: hidden), bare], role: .viewer) == [])
        }
        #expect(try await lives.next([linked("shop"), bare], role: .viewer) == ["shop status:update github"])
    }

    @Test("no provider is asked before the board answers")
    func askedLater() async throws {
        try await lives.first([linked("shop"), linked("other")])
        let rig = lives.rig()
        await rig.engine.open([linked("shop", target: "other"), linked("new")])
        await rig.published()
        #expect(await rig.engine.load.readsRunning == 0 && rig.provider.readCount == 0)
        #expect(rig.item()?.freshness == .never)
    }

    @Test("an item that was refused stays known with its secret when it is hidden by now")
    func refused() async throws {
        let shop = project("shop", credential: FakeCredentials.token)
        let rig = EngineRig(
            { _ in .failure(failure(.oauthRevoked, cause: .refused, .replaces)) }, store: lives.store,
            credentials: FakeCredentials(), time: lives.time)
        try await rig.run([shop]) { _ = await $0.read() }
        let refusedWith = try #require(try await lives.store.load().items.first?.refusedWith)
        #expect(refusedWith.keys.contains(FakeCredentials.token))
        var hidden = shop
        hidden.hidden = [Self.github: [.viewer]]
        #expect(try await lives.next([hidden], role: .viewer).last == "shop status:update github")
        #expect(try await lives.store.load().items.first?.refusedWith == refusedWith)
    }

    @Test("a status that turned by the passing of time is told by the first comparison after the start, once")
    func turned() async throws {
        let turn = StatusTimeline.Turn(at: lives.time.now.wall.advanced(by: .seconds(10)), to: .warning)
        let script: ManualProvider.Script = { .success($0.reading(status: StatusTimeline(.connected, turns: [turn]))) }
        try await lives.first([linked("shop")], script)
        #expect(lives.newest["shop"]?.items.first?.status == .connected)
        lives.time.advance(by: .seconds(60))
        #expect(try await lives.next([linked("shop")], reading: script) == ["shop status:update github"])
        #expect(lives.newest["shop"]?.items.first?.status == .warning)
        lives.time.advance(by: .seconds(60))
        #expect(try await lives.next([linked("shop")], reading: script) == [])
    }

    @Test(
        "who stands where a late store ended begins anew if something is configured otherwise",
        arguments: [true, false])
    func loadedLate(isChanged: Bool) async throws {
        try await lives.first([linked("shop")])
        let store = FailingStore(lives.store)
        let rig = EngineRig(store: store, time: lives.time, epoch: 8)
        try await rig.run([linked("shop", target: isChanged ? "other" : "one")]) { rig in
            store.recover()
            await rig.advance(by: .seconds(6))
            await eventually { (try? await lives.store.load().journal?.newest.epoch) == 8 }
            #expect((rig.events(after: lives.place) == nil) == isChanged)
        }
    }
}
