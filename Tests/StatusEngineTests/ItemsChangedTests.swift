import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("The items that may have changed", .timeLimit(.minutes(1)))
struct ItemsChangedTests {
    private static let keys = [EngineRig.github, EngineRig.vercel]

    private func answer(_ words: String, of changing: String) -> ManualProvider.Script {
        { request in .success(request.reading(words: request.repository == changing ? words : "Same")) }
    }

    private func names(
        _ rig: EngineRig, after place: EventID, role: Role = .owner, limit: Int = 100
    ) -> [String] {
        rig.board.itemsChanged(after: place, in: nil, for: role, limit: limit).names.map {
            "\($0.projectID) \($0.key)"
        }
    }

    @Test("are those that an event has told of since, also after a restart; hidden ones are not named")
    func told() async throws {
        let store = MemoryStore()
        let shops = [project("a", Self.keys), project("b", Self.keys, hidden: [EngineRig.vercel: [.viewer]])]
        var (middle, end) = (EventID(epoch: 7, sequence: 0), EventID(epoch: 7, sequence: 0))
        try await EngineRig(answer("One", of: "vercel"), store: store).run(shops) { rig in
            for name in ["a", "b"] { _ = await rig.read(name) }
            await rig.published()
            middle = rig.journal.newestID
            #expect(names(rig, after: middle).isEmpty)
            rig.provider.follow(answer("Two", of: "vercel"))
            _ = await rig.read("b", mode: .force)
            await rig.advance(by: .seconds(2))
            _ = await rig.read("b", mode: .force)
            await rig.published()
            end = rig.journal.newestID
            #expect(names(rig, after: middle) == ["b vercel"])
        }
        try await EngineRig(answer("Two", of: "vercel"), store: store).run(shops) { rig in
            #expect(names(rig, after: middle) == ["b vercel"] && names(rig, after: end).isEmpty)
            #expect(names(rig, after: middle, role: .viewer).isEmpty)
            #expect(names(rig, after: EventID(epoch: 7, sequence: 0)).count == 4)
            // Of a place in another epoch nothing is known.
            let foreign = EventID(epoch: 6, sequence: 9)
            #expect(names(rig, after: foreign).count == 8 && names(rig, after: foreign, role: .viewer).count == 7)
        }
    }

    @Test("are named up to a limit, and it is said whether there are more")
    func limit() async throws {
        let store = MemoryStore()
        try await EngineRig(answer("One", of: "vercel"), store: store).run([project("a", Self.keys)]) { rig in
            _ = await rig.read("a")
            await rig.published()
            let place = EventID(epoch: 7, sequence: 0)
            for (limit, count, hasMore) in [(0, 0, true), (1, 1, true), (2, 2, false), (3, 2, false)] {
                let changed = rig.board.itemsChanged(after: place, in: nil, for: .owner, limit: limit)
                #expect(changed.names.count == count && changed.hasMore == hasMore, "limit \(limit)")
            }
            let entry = try #require(rig.entry("a"))
            let nowhere = rig.board.itemsChanged(after: place, in: [], for: .owner, limit: 9)
            #expect(nowhere.names.isEmpty && !nowhere.hasMore)
            #expect(rig.board.itemsChanged(after: place, in: [entry], for: .owner, limit: 9).names.count == 2)
        }
    }
}
