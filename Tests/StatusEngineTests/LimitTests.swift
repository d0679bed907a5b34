import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Limits that links share", .timeLimit(.minutes(1)))
struct LimitTests {
    private static func throttled(_ rig: EngineRig, for seconds: Int) -> ProviderFailure {
        failure(
            .rateLimited, cause: .throttled, retryAfter: rig.time.now.wall.advanced(by: .seconds(seconds)))
    }

    @Test("429 with Retry-After: 120: no request before that second, however it is asked, also after a restart")
    func behaviour24_noRequestBeforeTheNamedSecond() async throws {
        let store = MemoryStore()
        let time = ManualTime()
        var asked = 0
        let first = EngineRig({ .success($0.reading()) }, store: store, time: time)
        try await first.run { rig in
            _ = await rig.read()
            rig.engine.watchOpened(nil)
            let limit = Self.throttled(rig, for: 135)
            rig.provider.follow { _ in .failure(limit) }
            await rig.advance(by: .seconds(15))
            #expect(rig.provider.readCount == 2)
            for _ in 0..<60 {
                await rig.advance(by: .seconds(1))
                _ = await rig.read(mode: .force)
            }
            #expect(rig.provider.readCount == 2)
            #expect(rig.item()?.problem?.cause == .throttled)
            #expect(rig.item()?.status == .connected)
            asked = rig.provider.readCount
        }
        let second = EngineRig({ .success($0.reading()) }, store: store, time: time)
        try await second.run { rig in
            rig.engine.watchOpened(nil)
            for _ in 0..<59 {
                await rig.advance(by: .seconds(1))
                _ = await rig.read(mode: .force)
            }
            #expect(asked == 2 && rig.provider.readCount == 0)
            await rig.advance(by: .seconds(3))
            #expect(rig.provider.readCount == 1)
            #expect(rig.item()?.problem == nil)
        }
    }

    @Test("what one link runs into, no other with the same secret is sent into")
    func sharedLimit() async throws {
        let token = FakeCredentials.token
        let shops = [project("a", credential: token), project("b", credential: token), project("other")]
        try await EngineRig({ .success($0.reading()) }, credentials: FakeCredentials()).run(shops) { rig in
            let limit = Self.throttled(rig, for: 60)
            rig.provider.follow { $0.project.rawValue == "a" ? .failure(limit) : .success($0.reading()) }
            for shop in ["a", "b", "other"] { _ = await rig.read(shop) }
            #expect(rig.provider.requests.map(\.project.rawValue) == ["a", "other"])
            #expect(rig.item(of: "b")?.problem?.code == .rateLimited)
            #expect(rig.item(of: "b")?.problem?.retryAfter == limit.retryAfter)
            #expect(rig.item(of: "other")?.status == .connected)
            rig.time.advance(by: .seconds(62))
            _ = await rig.read("b", mode: .force)
            #expect(rig.item(of: "b")?.status == .connected)
        }
    }

    @Test("a spent limit that came with a good answer blocks the next request as well")
    func spentBudget() async throws {
        try await EngineRig().run([project("a"), project("b")]) { rig in
            let resetsAt = rig.time.now.wall.advanced(by: .seconds(90))
            rig.provider.follow { request in
                var reading = request.reading()
                reading.budget = RateBudget(limit: 60, remaining: 0, resetsAt: resetsAt)
                return .success(reading)
            }
            _ = await rig.read("a")
            _ = await rig.read("b")
            #expect(rig.provider.readCount == 1)
            #expect(rig.item(of: "a")?.status == .connected)
            #expect(rig.item(of: "b")?.problem?.retryAfter == resetsAt)
        }
    }

    @Test("an answer in parts is completed in a moment, by a refresh that nobody waits for, and no more than once")
    func parts() async throws {
        try await EngineRig().run { rig in
            rig.provider.follow { request in
                var reading = request.reading(words: request.previous == nil ? "First" : "Second")
                reading.isPartial = true
                return .success(reading)
            }
            _ = await rig.read()
            #expect(rig.item()?.summary == "First")
            await rig.advance(by: .milliseconds(150), step: .milliseconds(50))
            await eventually { rig.provider.readCount == 2 }
            await rig.settle()
            #expect(rig.item()?.summary == "Second")
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("a limit outlasts a restart for all who share it")
    func sharedAcrossRestart() async throws {
        let (store, time, token) = (MemoryStore(), ManualTime(), FakeCredentials.token)
        let shops = [project("a", credential: token), project("b", credential: token)]
        let first = EngineRig(store: store, credentials: FakeCredentials(), time: time)
        try await first.run(shops) { rig in
            let limit = Self.throttled(rig, for: 600)
            rig.provider.follow { _ in .failure(limit) }
            _ = await rig.read("a")
            await rig.settle()
        }
        let second = EngineRig({ .success($0.reading()) }, store: store, credentials: FakeCredentials(), time: time)
        try await second.run(shops) { rig in
            _ = await rig.read("b", mode: .force)
            #expect(rig.provider.readCount == 0)
            #expect(rig.item(of: "b")?.problem?.code == .rateLimited)
        }
    }

    @Test("a quota is one link's own, and says nothing of others with the same secret")
    func ownLimit() async throws {
        let token = FakeCredentials.token
        let shops = [project("a", credential: token), project("b", credential: token)]
        try await EngineRig(credentials: FakeCredentials()).run(shops) { rig in
            var quota = Self.throttled(rig, for: 3600)
            quota.isOwnLimit = true
            rig.provider.follow { [quota] in $0.project.rawValue == "a" ? .failure(quota) : .success($0.reading()) }
            _ = await rig.read("a")
            _ = await rig.read("b")
            #expect(rig.item(of: "b")?.status == .connected)
        }
    }

    @Test("an instant named beside a good answer is obeyed, also by whoever forces a read")
    func besideAGoodAnswer() async throws {
        try await EngineRig().run { rig in
            let until = rig.time.now.wall.advanced(by: .seconds(120))
            rig.provider.follow { request in
                var reading = request.reading()
                reading.notBefore = until
                return .success(reading)
            }
            rig.engine.watchOpened(nil)
            _ = await rig.read()
            for _ in 0..<119 {
                await rig.advance(by: .seconds(1))
                _ = await rig.read(mode: .force)
            }
            #expect(rig.provider.readCount == 1)
            await rig.advance(by: .seconds(2))
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("one item in trouble does not have the others read for every reader who wants them younger")
    func maxAge() async throws {
        let keys = [EngineRig.github, EngineRig.vercel]
        try await EngineRig({ .success($0.reading()) }).run([project("shop", keys)]) { rig in
            _ = await rig.read()
            let limit = Self.throttled(rig, for: 600)
            rig.provider.follow { $0.repository == "github" ? .failure(limit) : .success($0.reading()) }
            await rig.advance(by: .seconds(15))
            _ = await rig.read()
            let before = rig.provider.readCount
            for _ in 0..<120 {
                await rig.advance(by: .seconds(1))
                _ = await rig.read(contract: ReadersContract(maxAge: .seconds(30)), mode: .cached)
            }
            // Vercel by its time to live of 15 s, GitHub not at all.
            #expect(rig.provider.readCount - before <= 9)
        }
    }
}
