import StatusCore
import StatusModel
import StatusProviders
import TelltaleServer
import TestSupport
import Testing

@Suite("An access token that is to be renewed now", .timeLimit(.minutes(1)))
struct OAuthRenewalTests {
    @Test("is renewed long before it is due, once for all who ask at once, and stored before they hear")
    func once() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            async let first: Void = rig.renew()
            async let second: Void = rig.renew()
            await eventually { rig.endpoint.openTokens == ["canary-r-acme-1"] }
            async let third: Void = rig.renew()
            await rig.settle()
            rig.endpoint.answer("canary-r-acme-1", .tokens("a2", "r2"))
            _ = try await (first, second, third)
            #expect(rig.endpoint.spent == ["canary-r-acme-1"])
            #expect(rig.stored()?.refreshToken == Secret("r2"))
            let secret = try await rig.secret()
            #expect(secret == "a2")
        }
    }

    @Test("is new enough for half a minute, however often it is wished for, and then renewed again")
    func bounded() async throws {
        let rig = try RefresherRig { spent in .tokens("a-\(spent)", "r-\(spent)") }
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            for _ in 0..<9 { try await rig.renew() }
            #expect(rig.endpoint.spent == ["canary-r-acme-1"])
            await rig.advance(by: .seconds(29))
            try await rig.renew()
            #expect(rig.endpoint.spent.count == 1)
            await rig.advance(by: .seconds(1))
            try await rig.renew()
            #expect(rig.endpoint.spent.count == 2)
        }
    }

    @Test("stays as it was where the endpoint is down, and is not asked for again before its time")
    func down() async throws {
        let rig = try RefresherRig { _ in .error(503, "x") }
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            for _ in 0..<2 {
                let failure = await rig.renewalFailure()
                #expect(failure?.cause == .provider && failure?.code == .providerOutage)
            }
            #expect(rig.endpoint.spent == ["canary-r-acme-1"])
            let secret = try await rig.secret()
            #expect(secret == "canary-acme-1")
            rig.endpoint.follow { _ in .tokens("a2", "r2") }
            await rig.advance(by: .seconds(60))
            await eventually { rig.stored()?.refreshToken == Secret("r2") }
        }
    }

    @Test("says how to log in anew where the grant was taken back, and is not asked for again")
    func revoked() async throws {
        let rig = try RefresherRig { _ in .error(400, "invalid_grant") }
        try rig.logIn(expiresIn: 3_600)
        try await rig.run { rig in
            for _ in 0..<2 {
                let failure = await rig.renewalFailure()
                #expect(failure?.code == .oauthRevoked && failure?.hint.contains("log in anew") == true)
            }
            #expect(rig.endpoint.spent.count == 1)
        }
    }

    @Test("is waited for no longer than an action has time")
    func hanging() async throws {
        let rig = try RefresherRig()
        try rig.logIn(expiresIn: 3_600)
        // Nobody runs the refresher, so that the caller is the only one who sleeps.
        async let failure = rig.renewalFailure()
        await rig.time.waitForSleepers(1)
        rig.time.advance(by: OAuthRefresher.forcedRenewalWait)
        #expect(await failure?.hint.contains("being renewed") == true)
    }

    @Test("of any other reference there is nothing to renew, and of an unknown grant it says so")
    func others() async throws {
        let rig = try RefresherRig()
        try await rig.credentials.renew(.file(path: "/nowhere"))
        try await rig.credentials.renew(.environment(name: "TOKEN"))
        #expect(await rig.renewalFailure("nobody")?.hint.contains("no entry") == true)
    }
}

extension RefresherRig {
    fileprivate func renew(_ name: String = "acme") async throws(ProviderFailure) {
        try await credentials.renew(.oauth(name: name))
    }

    fileprivate func renewalFailure(_ name: String = "acme") async -> ProviderFailure? {
        do throws(ProviderFailure) {
            try await renew(name)
            return nil
        } catch {
            return error
        }
    }
}
