import StatusCore
import StatusEngine
import StatusModel
import TestSupport
import Testing

@Suite("Secrets that change", .timeLimit(.minutes(1)))
struct SecretChangeTests {
    private static let revoked = failure(.oauthRevoked, cause: .refused, .replaces)
    private static let forbidden = failure(.missingScope, cause: .refused, .replaces)
    private static let shop = project("shop", credential: FakeCredentials.token)

    /// A provider that takes the new secret alone.
    private static func answer(_ refusal: ProviderFailure) -> ManualProvider.Script {
        { $0.secret == Secret("new") ? .success($0.reading()) : .failure(refusal) }
    }

    @Test(
        "401 and 403: refused, asked at most once in 15 minutes, and again within a second of a new secret",
        arguments: [revoked, forbidden])
    func behaviour25_aRefusalIsAskedSeldomAndAtOnceWithANewSecret(refusal: ProviderFailure) async throws {
        let credentials = FakeCredentials()
        try await EngineRig(Self.answer(refusal), credentials: credentials).run([Self.shop]) { rig in
            rig.engine.watchOpened(nil)
            _ = await rig.read()
            #expect(rig.provider.readCount == 1)
            #expect(rig.item()?.status == .error)
            #expect(rig.item()?.problem?.cause == .refused)
            await rig.advance(by: .seconds(45 * 60), step: .seconds(20))
            #expect(rig.provider.readCount <= 1 + 3)
            let before = rig.provider.readCount
            credentials.change(to: "new")
            await rig.advance(by: .seconds(1), step: .milliseconds(250))
            await eventually { rig.provider.readCount == before + 1 }
            await eventually { rig.item()?.status == .connected }
        }
    }

    @Test("a revoked secret is not tried again by itself, however long it is watched, and one that lacks a right is")
    func revokedStops() async throws {
        for (refusal, tries) in [(Self.revoked, 1), (Self.forbidden, 4)] {
            let rig = EngineRig(Self.answer(refusal), credentials: FakeCredentials())
            try await rig.run([Self.shop]) { rig in
                rig.engine.watchOpened(nil)
                _ = await rig.read()
                await rig.advance(by: .seconds(46 * 60), step: .seconds(20))
                #expect(rig.provider.readCount == tries)
                rig.glance()
                await rig.settle()
                #expect(rig.provider.readCount == tries)
                // Somebody who insists is obeyed.
                _ = await rig.read(mode: .force)
                #expect(rig.provider.readCount == tries + 1)
            }
        }
    }

    @Test("a secret that changes while it is being refused counts as changed")
    func changedDuringRead() async throws {
        let credentials = FakeCredentials()
        try await EngineRig(credentials: credentials).run([Self.shop]) { rig in
            rig.engine.watchOpened(nil)
            rig.glance()
            let attempt = try #require(await rig.provider.next())
            credentials.change(to: "new")
            attempt.fail(Self.revoked)
            await eventually { rig.item()?.status == .error }
            rig.provider.follow(Self.answer(Self.revoked))
            await rig.advance(by: .seconds(1), step: .milliseconds(250))
            await eventually { rig.item()?.status == .connected }
        }
    }

    @Test("nobody looks at secrets while none is refused")
    func noVigil() async throws {
        let credentials = FakeCredentials()
        credentials.change(to: "new")
        try await EngineRig(Self.answer(Self.revoked), credentials: credentials).run([Self.shop]) { rig in
            _ = await rig.read()
            let looks = credentials.lookCount
            await rig.advance(by: .seconds(10), step: .milliseconds(500))
            #expect(credentials.lookCount == looks)
        }
    }

    @Test("a new secret is used for every item that it opens, refused or not")
    func everyItem() async throws {
        let credentials = FakeCredentials()
        let shops = ["a", "b"].map { project($0, credential: FakeCredentials.token) } + [project("other")]
        try await EngineRig({ .success($0.reading()) }, credentials: credentials).run(shops) { rig in
            for shop in ["a", "b", "other"] { _ = await rig.read(shop) }
            await rig.engine.credentialChanged(FakeCredentials.token)
            await eventually { rig.provider.readCount == 5 }
            await rig.settle()
            #expect(rig.provider.readCount == 5)
        }
    }

    @Test("what a forced read of a revoked item meets instead of an answer does not put it back on the schedule")
    func staysSuspended() async throws {
        try await EngineRig(Self.answer(Self.revoked), credentials: FakeCredentials()).run([Self.shop]) { rig in
            rig.engine.watchOpened(nil)
            _ = await rig.read()
            rig.provider.follow { _ in .failure(failure(.timeout)) }
            rig.time.advance(by: .seconds(2))
            _ = await rig.read(mode: .force)
            #expect(rig.provider.readCount == 2)
            await rig.advance(by: .seconds(1800), step: .seconds(20))
            #expect(rig.provider.readCount == 2)
            #expect(rig.item()?.problem?.code == .oauthRevoked)
        }
    }

    @Test("an item that was refused with an older secret than another gets its chance with the newer one")
    func eachItsVersion() async throws {
        let credentials = FakeCredentials()
        let shops = ["a", "b"].map { project($0, credential: FakeCredentials.token) }
        try await EngineRig(Self.answer(Self.revoked), credentials: credentials).run(shops) { rig in
            rig.engine.watchOpened(nil)
            _ = await rig.read("a")
            credentials.change(to: "new")
            // Before anybody looks, the other one is refused with the newer secret, for a reason of its own.
            rig.provider.follow {
                $0.project.rawValue == "b" ? .failure(Self.forbidden) : Self.answer(Self.revoked)($0)
            }
            _ = await rig.read("b")
            await rig.advance(by: .seconds(2), step: .milliseconds(250))
            await eventually { rig.item(of: "a")?.status == .connected }
        }
    }

    @Test("a reader of a revoked item gets a plain answer, and starts nothing")
    func plainRead() async throws {
        try await EngineRig(Self.answer(Self.revoked), credentials: FakeCredentials()).run([Self.shop]) { rig in
            _ = await rig.read()
            rig.time.advance(by: .seconds(600))
            let view = try #require(rig.view())
            #expect(view.refreshDueAt == nil)
            _ = await rig.read(contract: ReadersContract(maxAge: .seconds(10)), mode: .cached)
            await rig.settle()
            #expect(rig.provider.readCount == 1)
        }
    }
}
