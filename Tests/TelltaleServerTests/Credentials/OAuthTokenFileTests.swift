import FoundationEssentials
import StatusCore
import StatusModel
import StatusProviders
import TelltaleServer
import TestSupport
import Testing

/// A refresh token works once, and somebody may replace the file at any moment: nothing may be lost between the two.
@Suite("The files of access tokens", .timeLimit(.minutes(1)))
struct OAuthTokenFileTests {
    /// Keeps the token file from being written, for root too, and leaves it readable.
    private func block(_ rig: RefresherRig) throws {
        try FileManager.default.createDirectory(
            atPath: rig.path() + DurableFile.temporarySuffix, withIntermediateDirectories: false)
    }

    private func unblock(_ rig: RefresherRig) throws {
        try FileManager.default.removeItem(atPath: rig.path() + DurableFile.temporarySuffix)
    }

    @Test("tokens that cannot be written are used from memory, told of, and written once that is possible")
    func unsaved() async throws {
        let rig = try RefresherRig { .tokens("a-\($0)", "\($0)2") }
        try rig.logIn("acme", "a", "r", expiresIn: -1)
        try block(rig)
        try await rig.run { rig in
            await eventually { !rig.changed.isEmpty }
            #expect(try await rig.secret() == "a-r")
            #expect(rig.stored()?.refreshToken == Secret("r"))
            #expect(!rig.refresher.isPersisting)
            #expect(rig.sink.records.contains { $0.level == .error && "\($0.message)".contains("cannot be written") })
            // Renewed once more from memory, though the file still holds the first.
            await rig.advance(by: .seconds(3_300))
            await eventually { rig.changed.count == 2 }
            #expect(rig.endpoint.spent == ["r", "r2"])
            #expect(try await rig.secret() == "a-r2")
            try unblock(rig)
            await rig.advance(by: OAuthRefresher.lookInterval)
            await eventually { rig.refresher.isPersisting }
            #expect(rig.stored()?.refreshToken == Secret("r22"))
        }
    }

    @Test("unsaved tokens are written when the daemon stops")
    func unsavedAtTheEnd() async throws {
        let rig = try RefresherRig { _ in .tokens("a2", "r2") }
        try rig.logIn(expiresIn: -1)
        try block(rig)
        try await rig.run { rig in
            await eventually { !rig.changed.isEmpty }
            try unblock(rig)
        }
        #expect(rig.stored()?.refreshToken == Secret("r2"))
    }

    @Test("a new login wins over tokens that could not be written")
    func loginBesidesUnsaved() async throws {
        let rig = try RefresherRig { _ in .tokens("a2", "r2") }
        try rig.logIn(expiresIn: -1)
        try block(rig)
        try await rig.run { rig in
            await eventually { !rig.changed.isEmpty }
            try rig.logIn("acme", "anew", "r-anew", expiresIn: 3_600)
            #expect(try await rig.secret() == "anew")
            try unblock(rig)
            await rig.advance(by: OAuthRefresher.lookInterval)
            #expect(rig.stored()?.refreshToken == Secret("r-anew"))
            await eventually { rig.refresher.isPersisting }
        }
    }

    @Test("a new login during a refresh wins over what the refresh brings", arguments: [201, 400])
    func loginDuringRefresh(status: Int) async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { !rig.endpoint.openTokens.isEmpty }
            try rig.logIn("acme", "anew", "r-anew", expiresIn: 3_600)
            rig.endpoint.answer(
                "canary-r-acme-1", status == 201 ? .tokens("a2", "r2") : .error(status, "invalid_grant"))
            await rig.settle()
            #expect(try await rig.secret() == "anew")
            #expect(rig.stored()?.refreshToken == Secret("r-anew"))
            // It is renewed in its own time, and by its own token.
            await rig.advance(by: .seconds(3_300))
            await eventually { rig.endpoint.openTokens == ["r-anew"] }
            rig.endpoint.answer("r-anew", .tokens("a3", "r3"))
        }
    }

    @Test("a file that still holds the spent token is replaced, however it was touched meanwhile")
    func touchedDuringRefresh() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { !rig.endpoint.openTokens.isEmpty }
            try rig.logIn(expiresIn: 50)
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { rig.stored()?.refreshToken == Secret("r2") }
            #expect(try await rig.secret() == "a2")
        }
    }

    @Test("a file that went away during a refresh is made anew: the tokens live nowhere else")
    func removedDuringRefresh() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { !rig.endpoint.openTokens.isEmpty }
            try FileManager.default.removeItem(atPath: rig.path())
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { rig.stored()?.refreshToken == Secret("r2") }
        }
    }

    @Test("a file that cannot be understood is not overwritten, and the tokens wait for it")
    func spoiltDuringRefresh() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { !rig.endpoint.openTokens.isEmpty }
            try Data("{ half a login".utf8).write(to: URL(filePath: rig.path()))
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { !rig.changed.isEmpty }
            #expect(try await rig.secret() == "a2")
            #expect(FileManager.default.contents(atPath: rig.path()) == Data("{ half a login".utf8))
            #expect(!rig.refresher.isPersisting)
        }
    }

    @Test("a file that was taken away ends the use of its tokens, and nothing is renewed")
    func removed() async throws {
        let rig = try RefresherRig { _ in .tokens("a2", "r2") }
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            #expect(try await rig.secret() == "canary-acme-1")
            try FileManager.default.removeItem(atPath: rig.path())
            let failure = try #require(await rig.failure())
            #expect(failure.code == .misconfigured && failure.cause == .host && failure.disposition == .keepsLast)
            #expect(failure.hint.contains("\(rig.path()) of oauth:acme does not exist"))
            #expect(await rig.version() == nil)
            await rig.advance(by: .seconds(3_600))
            #expect(rig.endpoint.spent.isEmpty)
        }
    }

    @Test("a file that appears later is found without anybody's asking, and told of")
    func appears() async throws {
        let rig = try RefresherRig { _ in .tokens("a2", "r2") }
        try await rig.run { rig in
            #expect(await rig.failure()?.hint.contains("does not exist") == true)
            try rig.logIn(expiresIn: -1)
            await rig.time.waitForSleepers(1)
            await rig.advance(by: OAuthRefresher.lookInterval)
            await eventually { rig.changed.contains(.oauth(name: "acme")) }
            #expect(try await rig.secret() == "a2")
        }
    }

    @Test("a wall clock that is set right shows that a token has expired, within a minute")
    func steppedClock() async throws {
        let rig = try RefresherRig { _ in .tokens("a2", "r2") }
        try rig.logIn(expiresIn: 86_400)
        try await rig.run { rig in
            let secret = try await rig.secret()
            #expect(secret == "canary-acme-1")
            await rig.time.waitForSleepers(1)
            rig.time.stepWallClock(by: .seconds(60 * 86_400))
            await rig.advance(by: OAuthRefresher.lookInterval)
            await eventually { !rig.changed.isEmpty }
            // What was renewed here is timed by the monotonic clock.
            rig.time.stepWallClock(by: .seconds(60 * 86_400))
            await rig.advance(by: OAuthRefresher.lookInterval)
            #expect(rig.endpoint.spent.count == 1)
        }
    }

    @Test("a file that others may read is used, and warned of once")
    func permissions() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: 3_600)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: rig.path())
        for _ in 0..<3 { #expect(try await rig.secret() == "canary-acme-1") }
        #expect(rig.sink.records.map(\.level) == [.warning])
    }
}
