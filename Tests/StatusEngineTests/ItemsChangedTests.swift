import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("The items that may have changed", .timeLimit(.minutes(1)))
struct ItemsChangedTests {
    /// A project that links GitHub and Vercel, each to a target of its own kind.
    private func shop(_ id: String, hidden: [ItemKey: Set<Role>] = [:]) -> ProjectDefinition {
        var shop = project(id, hidden: hidden)
        shop.links[EngineRig.vercel] = Link(
            target: .vercel(VercelTarget(project: id)), credential: FakeCredentials.token)
        return shop
    }

    /// GitHub says always the same.
    private func answer(_ words: String) -> ManualProvider.Script {
        { request in
            let key = request.link.key
            return .success(
                Reading(
                    key: key, observedAt: request.now, status: StatusTimeline(.connected),
                    summary: Summary([.text(key == EngineRig.vercel ? words : "Same")])))
        }
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
        let shops = [shop("a"), shop("b", hidden: [EngineRig.vercel: [.viewer]])]
        var (middle, end) = (EventID(epoch: 7, sequence: 0), EventID(epoch: 7, sequence: 0))
        try await EngineRig(answer("One"), store: store, credentials: FakeCredentials()).run(shops) { rig in
            for name in ["a", "b"] { _ = await rig.read(name) }
            await rig.published()
            middle = rig.journal.newestID
            #expect(names(rig, after: middle).isEmpty)
            rig.provider.follow(answer("Two"))
            _ = await rig.read("b", mode: .force)
            await rig.advance(by: .seconds(2))
            _ = await rig.read("b", mode: .force)
            await rig.published()
            end = rig.journal.newestID
            #expect(names(rig, after: middle) == ["b vercel"])
        }
        try await EngineRig(answer("Two"), store: store, credentials: FakeCredentials()).run(shops) { rig in

            #expect(names(rig, after: middle) == ["b vercel"] && names(rig, after: end).isEmpty)
            // Who reads less than others is told of all that it sees, or it would learn of what was hidden.
            #expect(names(rig, after: middle, role: .viewer).count == 7)
            #expect(names(rig, after: EventID(epoch: 7, sequence: 0)).count == 4)
            // Of a place in another epoch nothing is known.
            let foreign = EventID(epoch: 6, sequence: 9)
            #expect(names(rig, after: foreign).count == 8 && names(rig, after: foreign, role: .viewer).count == 7)
        }
    }

    @Test("are named up to a limit, and it is said whether there are more")
    func limit() async throws {
        let store = MemoryStore()
        try await EngineRig(answer("One"), store: store, credentials: FakeCredentials()).run([shop("a")]) { rig in
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
