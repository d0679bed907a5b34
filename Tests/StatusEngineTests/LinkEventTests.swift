import ProtobufMessages
import Resilience
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TestSupport
import Testing

@Suite("Events of links and breakers", .timeLimit(.minutes(1)))
struct LinkEventTests {
    private let store = MemoryStore()
    private static let place = ["github", "https://api.github.com"]

    private func events(_ rig: EngineRig, role: Role = .owner) throws -> [StatusEvent] {
        guard case .events(let entries) = rig.journal.events(after: EventID(epoch: 7, sequence: 0), limit: 5_000)
        else { return [] }
        return try entries.compactMap { $0.event.bytes(for: role) }.compactMap { bytes in
            guard case .event(let event) = try WatchMessage(decoding: bytes, in: MessageArena()) else { return nil }
            return event.kind == "status:update" ? nil : event
        }
    }

    /// A change of the breaker before GitHub.
    private func breaker(_ rig: EngineRig, openings: Int, isOpen: Bool) -> StoredBreaker {
        let until = rig.time.now.instant.advanced(by: .seconds(30))
        return StoredBreaker(
            upstream: Self.place[0], place: Self.place[1],
            record: CircuitBreaker.Record(
                openingCount: openings, opening: isOpen ? .init(until: until, reason: .failures) : nil))
    }

    /// Tells the engine of a change, and returns once it is kept and its event, which the same save holds, is published.
    private func note(_ rig: EngineRig, openings: Int = 1, isOpen: Bool, count: Int) async throws {
        let breaker = breaker(rig, openings: openings, isOpen: isOpen)
        rig.engine.noteBreaker(breaker)
        await eventually { (try? await store.load().breakers) == [breaker] && !rig.engine.journal.hasUnpublished }
        #expect(try events(rig).count == count)
    }

    @Test("a link that comes, changes or goes on a reload is an event once, for whoever may see its item")
    func links() async throws {
        let hidden: [ItemKey: Set<Role>] = [EngineRig.vercel: [.viewer]]
        try await EngineRig { .success($0.reading()) }.run([project("shop", hidden: hidden)]) { rig in
            _ = await rig.engine.redefine([project("shop", [EngineRig.github, EngineRig.vercel], hidden: hidden)])
            var changed = project("shop", [EngineRig.github, EngineRig.vercel], hidden: hidden)
            changed.links[EngineRig.github]?.isEnabled = false
            _ = await rig.engine.redefine([changed])
            _ = await rig.engine.redefine([project("shop", [EngineRig.vercel], hidden: hidden)])
            await eventually { !rig.engine.journal.hasUnpublished }
            let all = try events(rig)
            #expect(all.map(\.kind) == ["link:connected", "link:changed", "link:removed"])
            #expect(all.map(\.message) == ["Vercel linked", "GitHub linked differently", "GitHub no longer linked"])
            #expect(all.flatMap(\.items).map(\.key) == [EngineRig.vercel, EngineRig.github, EngineRig.github])
            #expect(try events(rig, role: .viewer).map(\.kind) == ["link:changed", "link:removed"])
        }
    }

    @Test("a breaker is an event when it opens and when it closes, and not for each probe between")
    func breakers() async throws {
        let rig = EngineRig({ .success($0.reading()) }, store: store, breakerPlaces: [Self.place])
        try await rig.run([project("shop", hidden: [EngineRig.github: [.viewer]]), project("idle")]) { rig in
            rig.glance()
            try await note(rig, isOpen: true, count: 1)
            try await note(rig, openings: 2, isOpen: true, count: 1)
            try await note(rig, isOpen: false, count: 2)
            let all = try events(rig)
            #expect(all.map(\.kind) == ["breaker:opened", "breaker:closed"])
            #expect(all.map(\.message) == ["GitHub keeps failing and is left alone", "GitHub answers again"])
            // Nobody has asked for the other one.
            #expect(Set(all.map(\.projectID.rawValue)) == ["shop"])
            #expect(try events(rig, role: .viewer).isEmpty)
        }
    }

    @Test("a breaker before a thousand projects is told to a bounded number of them")
    func bounded() async throws {
        let rig = EngineRig({ .success($0.reading()) }, store: store, breakerPlaces: [Self.place])
        let definitions = (0..<1_000).map { project("shop-\($0)") }
        try await rig.run(definitions) { rig in
            for definition in definitions { rig.glance(definition.id.rawValue) }
            try await note(rig, isOpen: true, count: StatusEngine.breakerEventsMax)
        }
    }
}
