import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TestSupport
import Testing

@Suite("The board", .timeLimit(.minutes(1)))
struct BoardEntryTests {
    @Test("a view is rendered once for all readers of a role, and again when it changes or its words expire")
    func caching() async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            let entry = try #require(rig.entry())
            let before = entry.view(for: .owner, at: rig.time.now).view
            #expect(entry.view(for: .owner, at: rig.time.now).view === before)
            #expect(entry.view(for: .viewer, at: rig.time.now).view !== before)
            _ = await rig.read()
            let after = entry.view(for: .owner, at: rig.time.now).view
            #expect(after !== before)
            rig.time.advance(by: .seconds(5))
            #expect(entry.view(for: .owner, at: rig.time.now).view === after)
            // Overdue is a word, and it comes true 5 s past the time to live.
            rig.time.advance(by: .seconds(20))
            #expect(entry.view(for: .owner, at: rig.time.now).view !== after)
        }
    }

    @Test("only the views that were rendered last are kept, and one that was let go of is made again")
    func shelf() async throws {
        let rig = EngineRig()
        let projects = (0..<2_500).map { project("p\($0)") }
        await rig.engine.open(projects)
        let now = rig.time.now
        let entries = projects.compactMap { rig.board[$0.id] }
        weak let first: PublishedView? = entries[0].view(for: .owner, at: now).view
        let bytes = try #require(first).encoded.responsePrefix
        #expect(first === entries[0].view(for: .owner, at: now).view)
        for entry in entries.dropFirst().prefix(2_047) { _ = entry.view(for: .owner, at: now) }
        #expect(first === entries[0].view(for: .owner, at: now).view)
        for entry in entries { _ = entry.view(for: .owner, at: now) }
        #expect(first == nil)
        #expect(entries[0].view(for: .owner, at: now).view.encoded.responsePrefix == bytes)
    }

    @Test("an envelope that is needed once is the one that readers get, but for the digest of its times")
    func envelope() async throws {
        try await EngineRig { .success($0.reading()) }.run { rig in
            _ = await rig.read()
            let entry = try #require(rig.entry())
            for role in Role.allCases {
                var envelope = entry.envelope(for: role, at: rig.time.now)
                let view = entry.view(for: role, at: rig.time.now).view
                envelope.renderHash = view.rendered.envelope.renderHash
                #expect(EncodedView(envelope, in: MessageArena()) == view.encoded)
                #expect(envelope.hash == view.rendered.envelope.hash)
                #expect(envelope.revision == view.rendered.envelope.revision)
            }
        }
    }

    @Test("the version moves whenever an answer that was made before may no longer hold")
    func version() async throws {
        try await EngineRig().run { rig in
            let entry = try #require(rig.entry())
            var versions = [entry.version]
            async let read = rig.read()
            let attempt = await rig.provider.next()
            versions.append(entry.version)
            #expect(entry.view(for: .owner, at: rig.time.now).progress.isRunning)
            attempt?.succeed()
            _ = await read
            versions.append(entry.version)
            #expect(!entry.view(for: .owner, at: rig.time.now).progress.isRunning)
            #expect(versions == versions.sorted())
            #expect(Set(versions).count == 3)
        }
    }

    @Test("the engine is told once until it has looked, however many find a project due")
    func nudges() async throws {
        let rig = EngineRig(configure: { $0.nudgesMax = 1 })
        await rig.engine.open([project("a"), project("b")])
        // Nobody serves the nudges yet: the second project's finds no place, and can be told again later.
        for _ in 0..<10 { rig.glance("a", everything: true) }
        for _ in 0..<10 { rig.glance("b") }
        let running = Task { await rig.engine.run() }
        await eventually { rig.provider.readCount == 1 }
        await rig.settle()
        rig.glance("b")
        await eventually { rig.provider.readCount == 2 }
        running.cancel()
        await running.value
    }

    @Test("a watch that is opened while the queue is full is served after what fills it")
    func watchInAFullQueue() async throws {
        let rig = EngineRig(configure: { $0.nudgesMax = 1 })
        await rig.engine.open([project("a"), project("b"), project("c")])
        rig.glance("a")
        rig.engine.watchOpened([try #require(rig.entry("b"))])
        rig.engine.watchOpened([try #require(rig.entry("c"))])
        let running = Task { await rig.engine.run() }
        await eventually { rig.provider.readCount == 3 }
        running.cancel()
        await running.value
    }
}
