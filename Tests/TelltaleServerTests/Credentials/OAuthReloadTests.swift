import StatusCore
import StatusModel
import StatusProviders
import TelltaleServer
import TestSupport
import Testing

@Suite("Entries of oauth that a reload changes", .timeLimit(.minutes(1)))
struct OAuthReloadTests {
    private func hint(_ rig: RefresherRig, _ name: String) async -> String? {
        do throws(ProviderFailure) { _ = try await rig.secret(name) } catch { return error.hint }
        return nil
    }

    private func secret(_ rig: RefresherRig, _ name: String) async -> String? { try? await rig.secret(name) }

    @Test("a new one is there at once, one that is gone goes, and one that stays keeps its refresh under way")
    func entries() async throws {
        let rig = try RefresherRig(["acme", "old"])
        try rig.logIn("acme", expiresIn: -1)
        for name in ["old", "new"] { try rig.logIn(name, expiresIn: 3_600) }
        try await rig.run { rig in
            await eventually { rig.endpoint.openTokens == ["canary-r-acme-1"] }
            #expect(await secret(rig, "old") == "canary-old-1")
            await rig.refresher.redefine([rig.entry("acme"), rig.entry("new")])
            #expect(await secret(rig, "new") == "canary-new-1")
            #expect(await hint(rig, "old")?.contains("no entry") == true)
            #expect(await rig.version("old") == nil)
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { rig.changed.contains(.oauth(name: "acme")) }
            #expect(await secret(rig, "acme") == "a2")
            #expect(rig.endpoint.spent == ["canary-r-acme-1"])
            #expect(rig.changed.contains(.oauth(name: "new")), "somebody may have failed for want of it")
            #expect(!rig.changed.contains(.oauth(name: "old")))
        }
    }

    @Test("one that stays as it is reads no file anew and keeps the token that only memory has")
    func unchanged() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            let before = (await secret(rig, "acme"), await rig.version())
            await rig.refresher.redefine([rig.entry("acme")])
            await rig.settle()
            #expect(await secret(rig, "acme") == before.0)
            #expect(await rig.version() == before.1)
            #expect(rig.changed.isEmpty && rig.endpoint.spent.isEmpty)
        }
    }

    @Test("a refresh that was sent ends before its entry goes, and whoever has the file next spends no token twice")
    func renamed() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { rig.endpoint.openTokens == ["canary-r-acme-1"] }
            await rig.refresher.redefine([rig.entry("other", fileOf: "acme")])
            #expect(await hint(rig, "other")?.contains("is being renewed") == true)
            await rig.settle()
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { rig.changed.contains(.oauth(name: "other")) }
            #expect(rig.stored()?.refreshToken == Secret("r2"))
            #expect(await secret(rig, "other") == "a2")
            #expect(await hint(rig, "acme")?.contains("no entry") == true)
            #expect(rig.endpoint.spent == ["canary-r-acme-1"])
        }
    }

    @Test("a client that was corrected is tried at once, with the tokens that are there")
    func corrected() async throws {
        let rig = try RefresherRig { _ in .error(401, "invalid_client") }
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { rig.sink.records.contains { $0.level == .warning } }
            rig.endpoint.follow { _ in .tokens("a2", "r2") }
            await rig.settle()
            #expect(rig.endpoint.spent.count == 1)
            await rig.refresher.redefine([rig.entry("acme", clientID: "right")])
            await eventually { rig.stored()?.refreshToken == Secret("r2") }
            #expect(await secret(rig, "acme") == "a2")
        }
    }

    @Test("without entries it sleeps, until there are some")
    func none() async throws {
        let rig = try RefresherRig([])
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await rig.settle()
            #expect(rig.time.sleeperCount == 0)
            #expect(await hint(rig, "acme")?.contains("no entry") == true)
            #expect(await rig.version() == nil)
            await rig.refresher.redefine([rig.entry("acme")])
            await eventually { rig.endpoint.openTokens == ["canary-r-acme-1"] }
            await rig.refresher.redefine([])
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { rig.stored()?.refreshToken == Secret("r2") }
            #expect(await hint(rig, "acme")?.contains("no entry") == true)
        }
    }
}
