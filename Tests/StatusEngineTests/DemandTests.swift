import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Who is kept fresh", .timeLimit(.minutes(1)))
struct DemandTests {
    private static let answering: ManualProvider.Script = { .success($0.reading()) }

    @Test("a watched project is read each time to live, from the opening of the watch to its end and a while after")
    func watched() async throws {
        let rig = EngineRig(Self.answering) { $0.refresh.recentlyReadFor = .seconds(60) }
        try await rig.run { rig in
            let entry = try #require(rig.entry())
            rig.engine.watchOpened([entry])
            await eventually { rig.item()?.status == .connected }
            await rig.advance(by: .seconds(600))
            #expect(rig.provider.readCount == 41)
            rig.engine.watchClosed([entry])
            await rig.advance(by: .seconds(60))
            #expect(rig.provider.readCount == 45)
            await rig.advance(by: .seconds(600), step: .seconds(15))
            #expect(rig.provider.readCount == 45)
        }
    }

    @Test("a watch of everything counts for every project, read before or not")
    func watchOfAll() async throws {
        try await EngineRig(Self.answering).run(["a", "b", "c"].map { project($0) }) { rig in
            rig.engine.watchOpened(nil)
            await eventually { rig.provider.readCount == 3 }
            await rig.settle()
            await rig.advance(by: .seconds(30))
            #expect(rig.provider.readCount == 9)
        }
    }

    @Test("a project that was read lately stays fresh; then nothing happens while nobody watches")
    func recentlyRead() async throws {
        try await EngineRig(Self.answering).run { rig in
            _ = await rig.read()
            await rig.advance(by: .seconds(300), step: .seconds(5))
            #expect(rig.provider.readCount == 21)
            await rig.advance(by: .seconds(3_600), step: .seconds(60))
            #expect(rig.provider.readCount == 21)
        }
    }

    @Test("while anybody watches anything, projects that were asked for get a ping a minute, and others none")
    func idlePings() async throws {
        let rig = EngineRig(Self.answering) { $0.refresh.recentlyReadFor = .seconds(15) }
        try await rig.run(["asked", "watched", "never"].map { project($0) }) { rig in
            _ = await rig.read("asked")
            await rig.advance(by: .seconds(900), step: .seconds(15))
            let entry = try #require(rig.entry("watched"))
            let before = reads(of: "asked", rig)

            for _ in 0..<3 {
                rig.engine.watchOpened([entry])
                await rig.settle()
                rig.engine.watchClosed([entry])
                await rig.settle()
            }
            rig.engine.watchOpened([entry])
            await rig.advance(by: .seconds(600))
            let pings = reads(of: "asked", rig) - before
            #expect(9...11 ~= pings)
            #expect(reads(of: "never", rig) == 0)
            rig.engine.watchClosed([entry])
            await rig.advance(by: .seconds(600), step: .seconds(15))
            let after = reads(of: "asked", rig)
            await rig.advance(by: .seconds(600), step: .seconds(15))
            #expect(reads(of: "asked", rig) == after)

            // A later watch starts the pings again.
            rig.engine.watchOpened([entry])
            await rig.advance(by: .seconds(120))
            #expect(reads(of: "asked", rig) > after)
        }
    }

    private func reads(of id: String, _ rig: EngineRig) -> Int {
        rig.provider.requests.count { $0.project.rawValue == id }
    }

    @Test("a project that nobody has asked for in 72 h is read no more until somebody does")
    func forgotten() async throws {
        let rig = EngineRig(Self.answering) { configuration in
            configuration.refresh.recentlyReadFor = .seconds(15)
            configuration.refresh.forgottenAfter = .seconds(300)
        }
        try await rig.run(["asked", "watched"].map { project($0) }) { rig in
            _ = await rig.read("asked")
            rig.engine.watchOpened([try #require(rig.entry("watched"))])
            await rig.advance(by: .seconds(360), step: .seconds(5))
            let count = reads(of: "asked", rig)
            #expect(count > 3)
            await rig.advance(by: .seconds(600), step: .seconds(5))
            #expect(reads(of: "asked", rig) == count)
            rig.glance("asked")
            await eventually { reads(of: "asked", rig) == count + 1 }
        }
    }

    @Test("items read together part: their next reads spread over the jitter")
    func jitter() async throws {
        let ids = (0..<200).map { "p\($0)" }
        let rig = EngineRig(Self.answering) { $0.refresh.jitter = 0.2 }
        try await rig.run(ids.map { project($0) }) { rig in
            rig.engine.watchOpened(nil)
            await eventually { rig.provider.readCount == 200 }
            await rig.settle()
            let start = rig.time.now.instant
            await rig.advance(by: .seconds(18), step: .milliseconds(500))
            let second = rig.provider.requests.dropFirst(200).prefix(200).map { start.duration(to: $0.now.instant) }
            #expect(second.count == 200)
            #expect(second.allSatisfy { $0 >= .seconds(12) && $0 <= .seconds(18.5) })
            let buckets = Dictionary(grouping: second) { $0.components.seconds }.mapValues(\.count)
            #expect(buckets.values.allSatisfy { $0 < 70 })
        }
    }

    @Test("so many reads run at once for a provider, the rest wait for their turn, and a reader goes before them")
    func queue() async throws {
        let rig = EngineRig(configure: { $0.readsInFlightMax = 4 })
        try await rig.run((0..<100).map { project("p\($0)") }) { rig in
            rig.engine.watchOpened(nil)
            await eventually { rig.provider.readCount == 4 }
            await rig.settle()
            #expect(rig.provider.readCount == 4)
            let started = Set(rig.provider.requests.map(\.project.rawValue))
            let waiting = try #require((0..<100).map { "p\($0)" }.first { !started.contains($0) })
            async let read = rig.read(waiting)
            await rig.settle()
            await rig.provider.next()?.succeed()
            await eventually { rig.provider.readCount == 5 }
            #expect(rig.provider.requests.last?.project.rawValue == waiting)
            rig.provider.follow(Self.answering)
            for _ in 0..<4 { await rig.provider.next()?.succeed() }
            #expect(await read?.decision == .answer(.collapsed))
            await eventually { rig.provider.readCount == 100 }
            await eventually { await rig.engine.cacheStats().size == 100 }
        }
    }
}
