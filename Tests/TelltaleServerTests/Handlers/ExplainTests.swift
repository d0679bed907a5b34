import ProtobufMessages
import StatusCore
import StatusEngine
import StatusModel
import StatusWire
import TTRPCCore
import TestSupport
import Testing

@Suite("Explain", .timeLimit(.minutes(1)))
struct ExplainTests {
    private func explain(
        _ client: TestClient, _ id: String = "shop", _ key: ItemKey = .provider(.github)
    ) async throws -> ItemExplanation {
        let request = ExplainRequest(projectID: try #require(ProjectID(id)), key: key)
        return try await client.call(
            ServerRig.admin, "Explain", request.encoded(in: MessageArena()), as: ItemExplanation.self)
    }

    @Test("an item that fails is explained with its age, its error, its breaker and its next attempt")
    func failing() async throws {
        let rig = try ServerRig(standing: { _ in BreakerStanding(.halfOpen) })
        try await rig.run { rig in
            let client = try await rig.client()
            _ = try await client.status()
            rig.provider.follow { _ in .failure(outage) }
            await rig.advance(by: .seconds(20))
            let told = try await explain(client)
            #expect(told.status.problem?.code == .providerOutage)
            #expect(told.age == .seconds(20))
            #expect(told.lastError?.message == "Wait until it is over.")
            #expect(told.breaker == .halfOpen)
            #expect(told.demand == .recentlyRead)
            #expect(told.nextAttemptAt == told.status.problem?.nextAttemptAt)
            #expect(
                told.reasons.prefix(2) == [
                    "The status rests on what GitHub answered 20s ago: Linked to main.",
                    "The newest attempt failed 5s ago (provider_outage): Wait until it is over.",
                ])
            #expect(told.projectKeys == ProviderKey.allCases.map { .provider($0) })
        }
    }

    @Test("an unknown project and an unknown item are NOT_FOUND, each with its sentence")
    func unknown() async throws {
        try await ServerRig().run { rig in
            let client = try await rig.client()
            let project = await failureOf { _ = try await explain(client, "nowhere") }
            #expect(project?.code == .notFound)
            #expect(project?.hasDetail("google.rpc.ErrorInfo", holding: "PROJECT_UNKNOWN") == true)
            let item = await failureOf { _ = try await explain(client, "shop", .service("oven")) }
            #expect(item?.code == .notFound)
            #expect(
                item?.message
                    == "The project shop has no item service:oven; `telltale status shop` lists those that it has.")
            #expect(item?.hasDetail("google.rpc.ErrorInfo", holding: "ITEM_UNKNOWN") == true)
        }
    }

    @Test("a viewer reads no name, and nothing at all of an item that policy hides")
    func redaction() async throws {
        let shop = project("shop", hidden: [.provider(.vercel): [.viewer]])
        try await ServerRig().run([shop]) { rig in
            let owner = try await rig.client()
            let viewer = try await rig.client(.viewer)
            _ = try await owner.status()
            #expect(try await explain(owner).status.label == "octo-org/octo-repo")
            #expect(try await !String(describing: explain(viewer)).contains("octo-"))
            let hidden = try await explain(viewer, "shop", .provider(.vercel))
            #expect(hidden.reasons == ["Policy hides this item from your role."])
            #expect(hidden.demand == nil && hidden.breaker == nil)
        }
    }

    @Test("the cache's numbers come with how it stands with the store")
    func storeStats() async throws {
        try await ServerRig().run { rig in
            let stats = try await rig.client().call(ServerRig.admin, "GetCacheStats", as: CacheStats.self)
            #expect(stats.store.isPersisting && stats.store.trouble.isEmpty)
        }
    }
}
