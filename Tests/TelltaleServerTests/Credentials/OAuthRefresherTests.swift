import FoundationEssentials
import Glibc
import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TelltaleServer
import TestSupport
import Testing

@Suite("The refresher of access tokens", .timeLimit(.minutes(1)))
struct OAuthRefresherTests {
    @Test("renews a token before it expires, and stores the rotated set before anybody gets it")
    func renews() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            #expect(try await rig.secret() == "canary-acme-1")
            await rig.advance(by: .seconds(3_000))
            #expect(rig.endpoint.spent.isEmpty)
            await rig.advance(by: .seconds(250))
            await eventually { rig.endpoint.openTokens == ["canary-r-acme-1"] }
            let version = await rig.version()
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            await eventually { rig.changed == [.oauth(name: "acme")] }
            let stored = try #require(rig.stored())
            #expect(stored.accessToken == Secret("a2") && stored.refreshToken == Secret("r2"))
            // From when it was asked for.
            #expect(stored.expiresAt == rig.time.now.wall.advanced(by: .seconds(3_600)))
            #expect(try await rig.secret() == "a2")
            #expect(await rig.version() != version)
            var status = stat()
            #expect(stat(rig.path(), &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(rig.refresher.isPersisting)
        }
    }

    @Test("sends the client's secret in the header, and each refresh token once")
    func spends() async throws {
        let rig = try RefresherRig { .tokens("a-\($0)", "\($0)x") }
        try rig.logIn("acme", "a", "r", expiresIn: -1)
        try await rig.run { rig in
            for count in 1...4 {
                await eventually { rig.changed.count == count }
                await rig.advance(by: .seconds(3_500))
            }
            #expect(rig.endpoint.spent.prefix(4) == ["r", "rx", "rxx", "rxxx"])
            #expect(rig.endpoint.requests.allSatisfy { $0.headers["authorization"]?.hasPrefix("Basic ") == true })
        }
    }

    @Test("renews at most five at once; neither one that hangs nor one that fails stops the others")
    func batch() async throws {
        let names = (10..<22).map { "t\($0)" }
        let rig = try RefresherRig(names)
        for name in names { try rig.logIn(name, "a", "r-\(name)", expiresIn: -60) }
        try await rig.run { rig in
            await eventually { rig.endpoint.openTokens.count == 5 }
            await rig.settle()
            #expect(rig.endpoint.spent.count == 5)
            // The first hangs to the end, every other one fails.
            let hanging = try #require(rig.endpoint.openTokens.first)
            var count = 0
            while rig.endpoint.spent.count < 12 || rig.endpoint.openTokens.count > 1 {
                guard let token = rig.endpoint.openTokens.first(where: { $0 != hanging }) else {
                    await Task.yield()
                    continue
                }
                count += 1
                rig.endpoint.answer(token, count.isMultiple(of: 2) ? .error(503, "x") : .tokens("new", "\(token)-2"))
                await rig.settle()
            }
            #expect(rig.endpoint.openMax == 5)
            await eventually { rig.changed.count == 6 }
            #expect(rig.endpoint.spent.count == 12 && Set(rig.endpoint.spent).count == 12)
            rig.endpoint.answer(hanging, .tokens("late", "late-2"))
            await eventually { rig.changed.count == 7 }
        }
    }

    @Test("tries again after a failure, with the old refresh token, and uses the old token meanwhile")
    func failing() async throws {
        let rig = try RefresherRig { _ in .error(503, "x") }
        try rig.logIn(expiresIn: 600)
        try await rig.run { rig in
            _ = try await rig.secret()
            for _ in 0..<55 { await rig.advance(by: .seconds(10)) }
            #expect(rig.endpoint.spent.count >= 2 && Set(rig.endpoint.spent) == ["canary-r-acme-1"])
            #expect(try await rig.secret() == "canary-acme-1")
            await rig.advance(by: .seconds(100))
            let failure = try #require(await rig.failure())
            #expect(failure.code == .providerOutage && failure.cause == .provider)
            #expect(failure.disposition == .keepsLast && !failure.isRetryable)
            #expect(rig.changed.isEmpty)
            rig.endpoint.follow { _ in .tokens("a2", "r2") }
            for _ in 0..<100 where rig.changed.isEmpty { await rig.advance(by: .seconds(20)) }
            #expect(try await rig.secret() == "a2")
        }
    }

    @Test("a client that is refused is the configuration's fault, once the token has expired")
    func badClient() async throws {
        let rig = try RefresherRig { _ in .error(401, "invalid_client") }
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            await eventually { rig.sink.records.contains { $0.level == .warning } }
            let failure = try #require(await rig.failure())
            #expect(failure.code == .misconfigured && failure.disposition == .replaces)
            #expect(failure.hint.contains("clientSecret"))
        }
    }

    @Test("a revoked grant says how to log in anew, is not asked again, and lives again with a new file")
    func revoked() async throws {
        let rig = try RefresherRig { $0 == "r2" ? .tokens("a3", "r3") : .error(400, "invalid_grant") }
        try rig.logIn(expiresIn: 700)
        try await rig.run { rig in
            _ = try await rig.secret()
            for _ in 0..<50 { await rig.advance(by: .seconds(20)) }
            await eventually { !rig.changed.isEmpty }
            #expect(rig.endpoint.spent == ["canary-r-acme-1"])
            #expect(rig.changed == [.oauth(name: "acme")])
            let failure = try #require(await rig.failure())
            #expect(failure.code == .oauthRevoked && failure.cause == .refused && failure.disposition == .replaces)
            #expect(failure.hint.contains("oauth:acme") && failure.hint.contains(rig.path()))
            let version = await rig.version()
            try rig.logIn("acme", "a2", "r2", expiresIn: 3_600)
            #expect(await rig.version() != version)
            #expect(try await rig.secret() == "a2")
            await rig.advance(by: .seconds(3_000))
            #expect(rig.endpoint.spent.count == 1)
            await rig.advance(by: .seconds(400))
            await eventually { rig.changed.count == 3 }
            #expect(rig.endpoint.spent == ["canary-r-acme-1", "r2"])
        }
    }

    @Test("an expired token that is being renewed is waited for, by all readers of it, and renewed once")
    func waits() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            async let first = rig.secret()
            async let second = rig.secret()
            await eventually { !rig.endpoint.openTokens.isEmpty }
            await rig.settle()
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            let secrets = try await [first, second]
            #expect(secrets == ["a2", "a2"])
            #expect(rig.endpoint.spent.count == 1)
        }
    }

    @Test("nobody waits longer than a read has time")
    func boundedWait() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        // Nobody runs the refresher, so that the reader is the only one who sleeps.
        async let secret = rig.secret()
        await rig.time.waitForSleepers(1)
        rig.time.advance(by: OAuthRefresher.renewalWait)
        do {
            _ = try await secret
            Issue.record("an expired token was given")
        } catch {
            let failure = try #require(error as? ProviderFailure)
            #expect(failure.disposition == .keepsLast && failure.hint.contains("being renewed"))
        }
    }

    @Test("a refresh that hangs holds nobody up who has a token that lives")
    func hanging() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            _ = try await rig.secret()
            await rig.advance(by: .seconds(3_250))
            await eventually { !rig.endpoint.openTokens.isEmpty }
            rig.time.advance(by: OAuthRefresher.renewalWait)
            let secret = try await rig.secret()
            #expect(secret == "canary-acme-1")
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
        }
    }

    @Test("a refresh that was sent ends, and is stored, though the daemon stops")
    func stopping() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        await withTaskGroup { group in
            group.addTask { await rig.refresher.run { _ in } }
            await eventually { !rig.endpoint.openTokens.isEmpty }
            group.cancelAll()
            await rig.settle()
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
        }
        #expect(rig.stored()?.refreshToken == Secret("r2"))
    }

    @Test("no token and no client's secret gets into the log or a failure")
    func canary() async throws {
        let answers: [HTTPResponse] = [
            .error(500, "canary"), .error(400, "canary"), .error(401, "invalid_client"),
            .tokens("canary-2", "canary-r-2", expiresIn: 0), .error(400, "invalid_grant"),
        ]
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: -1)
        try await rig.run { rig in
            var failures = ""
            for answer in answers {
                for _ in 0..<200 where rig.endpoint.openTokens.isEmpty { await rig.advance(by: .seconds(10)) }
                let token = try #require(rig.endpoint.openTokens.first)
                rig.endpoint.answer(token, answer)
                await rig.settle()
                failures += await rig.failure().map { "\($0)" } ?? ""
            }
            try Data(#"{"refresh_token":"canary"#.utf8).write(to: URL(filePath: rig.path()))
            failures += await rig.failure().map { "\($0)" } ?? ""
            #expect(failures.contains("oauth:acme") && !failures.contains("canary"), "\(failures)")
            #expect(rig.sink.records.count >= 6 && !rig.log.contains("canary"), "\(rig.log)")
        }
    }
}
