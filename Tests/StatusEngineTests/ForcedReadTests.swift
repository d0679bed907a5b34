import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Reads that somebody forces", .timeLimit(.minutes(1)))
struct ForcedReadTests {
    private func opened(_ body: (EngineRig) async throws -> Void) async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            _ = await rig.read()
            try #require(rig.provider.readCount == 1)
            try await body(rig)
        }
    }

    @Test("force reads what is fresh, at most once a second")
    func force() async throws {
        try await opened { rig in
            for _ in 0..<50 { _ = await rig.read(mode: .force) }
            #expect(rig.provider.readCount == 1)
            rig.time.advance(by: .seconds(1))
            #expect(await rig.read(mode: .force)?.decision == .answer(.fetched))
            for _ in 0..<50 { #expect(await rig.read(mode: .force)?.decision == .answer(.hit)) }
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test(
        "a contract that what is known cannot meet reads at most once a second as well",
        arguments: [ReadersContract(maxAge: .zero), ReadersContract(maxStale: .zero)])
    func contracts(contract: ReadersContract) async throws {
        try await opened { rig in
            rig.time.advance(by: .milliseconds(500))
            for _ in 0..<20 { _ = await rig.read(contract: contract, mode: .cached) }
            for _ in 0..<20 { rig.glance(everything: true) }
            await rig.settle()
            #expect(rig.provider.readCount == 1)
            rig.time.advance(by: .milliseconds(500))
            for _ in 0..<20 { rig.glance(everything: true) }
            await eventually { rig.provider.readCount == 2 }
            for _ in 0..<20 { _ = await rig.read(contract: contract, mode: .cached) }
            #expect(rig.provider.readCount == 2)
        }
    }

    @Test("a contract that is met causes no read")
    func met() async throws {
        try await opened { rig in
            rig.time.advance(by: .seconds(5))
            let contract = ReadersContract(maxAge: .seconds(10), maxStale: .seconds(60))
            #expect(await rig.read(contract: contract)?.decision == .answer(.hit))
            #expect(rig.provider.readCount == 1)
        }
    }

    @Test("a forced read joins the refresh that runs, whose other items are left alone")
    func joins() async throws {
        try await EngineRig().run([project("shop", [EngineRig.github, EngineRig.vercel])]) { rig in
            rig.provider.follow { $0.repository == "github" ? .success($0.reading()) : nil }
            async let first = rig.read()
            let hanging = await rig.provider.next()
            await eventually { rig.item()?.status == .connected }
            rig.time.advance(by: .seconds(2))
            async let second = rig.read(mode: .force)
            await rig.time.waitForSleepers(3)
            #expect(rig.provider.readCount == 2)
            hanging?.succeed()
            #expect(await first?.decision == .answer(.fetched))
            #expect(await second?.decision == .answer(.collapsed))
        }
    }

    @Test("what was invalidated is read at once, but not twice in a second")
    func invalidated() async throws {
        try await opened { rig in
            let id = try #require(ProjectID("shop"))
            for _ in 0..<20 { #expect(await rig.engine.invalidate(id, keys: []) == 1) }
            await rig.settle()
            #expect(rig.provider.readCount == 1)
            #expect(rig.view()?.source(at: rig.time.now.instant) == .stale)
            await rig.advance(by: .seconds(1))
            #expect(rig.provider.readCount == 2)
            #expect(rig.view()?.source(at: rig.time.now.instant) == .hit)
        }
    }

    @Test("a read that an invalidation overtook is followed by another")
    func overtaken() async throws {
        try await EngineRig().run { rig in
            async let read = rig.read()
            let attempt = await rig.provider.next()
            let id = try #require(ProjectID("shop"))
            #expect(await rig.engine.invalidate(id, keys: [EngineRig.github]) == 1)
            attempt?.succeed()
            _ = await read
            #expect(rig.view()?.source(at: rig.time.now.instant) == .stale)
            rig.time.advance(by: .seconds(1))
            await rig.provider.next()?.succeed()
            await eventually { rig.view()?.source(at: rig.time.now.instant) == .hit }
        }
    }

    @Test("only items that are linked and named are invalidated; an unknown project is told apart")
    func invalidatedItems() async throws {
        try await opened { rig in
            let id = try #require(ProjectID("shop"))
            #expect(await rig.engine.invalidate(id, keys: [EngineRig.vercel]) == 0)
            #expect(await rig.engine.invalidate(id, keys: [EngineRig.vercel, EngineRig.github]) == 1)
            let nowhere = try #require(ProjectID("nowhere"))
            #expect(await rig.engine.invalidate(nowhere, keys: []) == nil)
        }
    }
}
