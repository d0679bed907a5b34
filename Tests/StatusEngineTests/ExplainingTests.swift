import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Explaining", .timeLimit(.minutes(1)))
struct ExplainingTests {
    private func item(_ key: ItemKey = EngineRig.github, of id: String = "shop") throws -> ItemReference {
        ItemReference(project: try #require(ProjectID(id)), key: key)
    }

    @Test("asking why is no demand: it starts no read, and a forgotten project stays forgotten")
    func noDemand() async throws {
        try await EngineRig({ .success($0.reading()) }).run { rig in
            for _ in 0..<3 {
                let told = try #require(await rig.engine.explain(item(), role: .owner))
                #expect(told.demand == .forgotten)
                #expect(told.nextAttemptAt == nil)
                #expect(told.reasons.first == "Nothing is known of GitHub yet; it has not been read.")
            }
            await rig.settle()
            #expect(rig.provider.readCount == 0)
        }
    }

    @Test("what is known of no project and no item is nothing")
    func unknown() async throws {
        try await EngineRig().run { rig in
            #expect(await rig.engine.explain(try item(of: "nowhere"), role: .owner) == nil)
            #expect(await rig.engine.explain(try item(.service("worker")), role: .owner) == nil)
            let vercel = try #require(await rig.engine.explain(item(.provider(.vercel)), role: .owner))
            #expect(vercel.reasons == ["Nothing is linked, so nothing is read."])
        }
    }

    @Test("the demand, the read under way and the next attempt are told as they are")
    func course() async throws {
        try await EngineRig().run([project("shop", [EngineRig.github, .service("worker")])]) { rig in
            async let read = rig.read()
            for _ in 0..<2 {
                let attempt = await rig.provider.next()
                let told = try #require(await rig.engine.explain(item(), role: .owner))
                #expect(told.demand == .recentlyRead)
                #expect(told.projectKeys == ProviderKey.allCases.map { .provider($0) } + [.service("worker")])
                attempt?.succeed()
            }
            _ = await read
            let told = try #require(await rig.engine.explain(item(), role: .owner))
            #expect(told.age == .zero)
            #expect(told.nextAttemptAt == rig.time.now.wall.advanced(by: .seconds(15)))
            rig.time.advance(by: .seconds(15))
            _ = await rig.provider.next()
            let running = try #require(await rig.engine.explain(item(), role: .owner))
            #expect(running.reasons.last == "It is being read at this moment.")
        }
    }

    @Test("the breaker's standing is asked for by the item's link, and a shared limit holds an item that is well")
    func holds() async throws {
        let token = FakeCredentials.token
        let projects = [project("a", credential: token), project("b", credential: token)]
        try await EngineRig(credentials: FakeCredentials()).run(projects) { rig in
            rig.provider.follow { .success($0.reading()) }
            _ = await rig.read("a")
            let until = rig.time.now.wall.advanced(by: .seconds(300))
            rig.provider.follow { _ in
                .failure(failure(.rateLimited, cause: .throttled, retryAfter: until))
            }
            _ = await rig.read("b")
            let open = BreakerStanding(.open, until: rig.time.now.instant.advanced(by: .seconds(30)))
            let told = try #require(
                await rig.engine.explain(item(of: "a"), role: .owner) { link in
                    link.credential == token ? open : BreakerStanding()
                })
            #expect(told.throttledUntil == until)
            #expect(told.breaker == .open)
            #expect(told.breakerOpenUntil == rig.time.now.wall.advanced(by: .seconds(30)))
            #expect(told.nextAttemptAt == until)
        }
    }

    @Test("a viewer reads generic words, and of a hidden item that it is hidden and nothing else")
    func roles() async throws {
        let hidden: [ItemKey: Set<Role>] = [.service("worker"): [.viewer]]
        try await EngineRig({ .success($0.reading()) }).run([
            project("shop", [EngineRig.github, .service("worker")], hidden: hidden)
        ]) { rig in
            let before = await rig.engine.explain(try item(.service("worker")), role: .viewer)
            _ = await rig.read()
            #expect(await rig.engine.explain(try item(.service("worker")), role: .viewer) == before)
            #expect(before?.status.configuredReason == .hiddenByPolicy)
            let github = try #require(await rig.engine.explain(item(), role: .viewer))
            #expect(github.status.label == "Private repository")
        }
    }

    @Test("of readers side by side one gets to know that the project was forgotten, and a watch forgets nothing")
    func forgotten() async throws {
        try await EngineRig({ .success($0.reading()) }).run { rig in
            let entry = try #require(rig.entry())
            #expect(rig.engine.isForgotten(entry, at: rig.time.now.instant))
            #expect(rig.engine.noteAsked(entry, at: rig.time.now.instant))
            #expect(!rig.engine.noteAsked(entry, at: rig.time.now.instant))
            rig.time.advance(by: .seconds(72 * 3600 - 1))
            #expect(!rig.engine.isForgotten(entry, at: rig.time.now.instant))
            rig.time.advance(by: .seconds(2))
            #expect(rig.engine.isForgotten(entry, at: rig.time.now.instant))
            rig.engine.watchOpened([entry])
            rig.time.advance(by: .seconds(80 * 3600))
            #expect(!rig.engine.isForgotten(entry, at: rig.time.now.instant))
            rig.engine.watchClosed([entry])
            rig.time.advance(by: .seconds(80 * 3600))
            rig.engine.watchOpened(nil)
            #expect(!rig.engine.noteAsked(entry, at: rig.time.now.instant))
            rig.engine.watchClosed(nil)
        }
    }

    @Test("the store's trouble is told in its own sentence, with what is not kept yet")
    func store() async throws {
        let store = FailingStore()
        try await EngineRig({ .success($0.reading()) }, store: store).run { rig in
            _ = await rig.read()
            await eventually { await !rig.engine.storeStats(for: .owner).isPersisting }
            let refusing = await rig.engine.storeStats(for: .owner)
            #expect(refusing.pending > 0 && refusing.lastSavedAt == nil)
            #expect(refusing.trouble == "Full.")
            store.recover()
            await rig.advance(by: .seconds(20))
            await eventually { await rig.engine.storeStats(for: .owner).pending == 0 }
            let recovered = await rig.engine.storeStats(for: .owner)
            #expect(recovered.isPersisting && recovered.trouble.isEmpty)
            #expect(recovered.lastSavedAt != nil)
        }
    }
}
