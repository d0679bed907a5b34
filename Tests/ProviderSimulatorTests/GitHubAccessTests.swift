import ProviderSimulator
import Testing

@Suite("Whom GitHub lets in", .timeLimit(.minutes(1)))
struct GitHubAccessTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("a request without a user agent is refused in plain text")
    func missingUserAgent() {
        let reply = rig.shop(headers: ["user-agent": ""])
        #expect(reply.status == 403)
        #expect(reply["content-type"]?.hasPrefix("text/plain") == true)
        #expect(reply.text.hasPrefix("Missing or invalid User Agent string"))
    }

    @Test("the version asked for is the version told, and one that does not exist is 400")
    func versions() {
        let newer = rig.client.send("/rate_limit", headers: ["x-github-api-version": "2026-03-10"])
        #expect(newer["x-github-api-version-selected"] == "2026-03-10")
        #expect(JSON(newer)["rate"] == .missing)
        #expect(JSON(newer)["resources"]["core"]["limit"] == .number(60))
        #expect(JSON(rig.client.send("/rate_limit"))["rate"]["limit"] == .number(60))
        #expect(rig.shop(headers: ["x-github-api-version": "1999-01-01"]).status == 400)
    }

    @Test("a user is told who he is, and a stranger that he must log in")
    func user() {
        let reply = rig.client.send("/user", token: "sim-token")
        #expect(reply.status == 200)
        #expect(JSON(reply)["login"] == .string("editor"))
        #expect(rig.client.send("/user").status == 401)
        #expect(rig.client.send("/user", headers: ["authorization": "token sim-token"]).status == 200)
    }

    @Test("an unknown, a revoked and an expired token are bad credentials", arguments: ["none", "revoked", "expired"])
    func badCredentials(token: String) throws {
        try rig.simulator.github.setToken("revoked", GitHubTokenPatch(revoked: true))
        try rig.simulator.github.setToken("expired", GitHubTokenPatch(expiresIn: -1))
        let reply = rig.client.send("/repos/acme/shop", token: token)
        #expect(reply.status == 401)
        #expect(JSON(reply)["message"] == .string("Bad credentials"))
        #expect(JSON(reply)["status"] == .string("401"))
        #expect(reply["x-ratelimit-limit"] == "60", "a wrong credential counts as anonymous")
    }

    @Test("a token's expiry is told in a header, and comes when the clock says so")
    func expiry() throws {
        try rig.simulator.github.setToken("sim-token", GitHubTokenPatch(expiresIn: 3600))
        #expect(rig.shop()["github-authentication-token-expiration"] == "2026-01-31 13:00:00 UTC")
        rig.advance(by: .seconds(3600))
        #expect(rig.shop().status == 401)
        try rig.simulator.github.setToken("sim-token", GitHubTokenPatch(expiresAt: .never))
        #expect(rig.shop().status == 200)
        #expect(rig.shop()["github-authentication-token-expiration"] == nil)
    }

    @Test("several bad logins lock the account for a while, its good token too, and nobody else's")
    func lock() throws {
        try rig.simulator.github.setToken("old", GitHubTokenPatch(login: "editor", revoked: true))
        try rig.simulator.github.setToken("other", GitHubTokenPatch(login: "other"))
        for _ in 1...10 { #expect(rig.client.send("/user", token: "old").status == 401) }
        let locked = rig.client.send("/user", token: "sim-token")
        #expect(locked.status == 403)
        #expect(JSON(locked)["message"] == .string("Max number of login attempt exceeded"))
        #expect(rig.client.send("/user", token: "other").status == 200)
        rig.advance(by: .seconds(600))
        #expect(rig.client.send("/user", token: "sim-token").status == 200)
    }

    @Test("a private repository is not there for whoever may not see it")
    func privateRepository() throws {
        try rig.simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(private: true))
        try rig.simulator.github.setToken("narrow", GitHubTokenPatch(scopes: ["read:user"]))
        #expect(rig.client.send("/repos/acme/shop").status == 404)
        #expect(rig.client.send("/repos/acme/shop", token: "narrow").status == 404)
        let reply = rig.shop()
        #expect(JSON(reply)["visibility"] == .string("private"))
        #expect(JSON(reply)["temp_clone_token"].string?.isEmpty == false, "a secret that clients must not keep")
    }

    @Test("a fine-grained token has no scopes to tell, and is refused what it lacks by name")
    func fineGrained() throws {
        try rig.simulator.github.setToken("fine", GitHubTokenPatch(permissions: ["metadata"]))
        let repository = rig.client.send("/repos/acme/shop", token: "fine")
        #expect(repository.status == 200)
        #expect(repository["x-oauth-scopes"] == nil)
        let commits = rig.client.send("/repos/acme/shop/commits", token: "fine")
        #expect(commits.status == 403)
        #expect(JSON(commits)["message"] == .string("Resource not accessible by personal access token"))
        #expect(commits["x-accepted-github-permissions"] == "contents=read")
    }

    @Test("an organization with single sign-on refuses a token that was not authorised for it")
    func singleSignOn() throws {
        try rig.simulator.github.setRepository("acme/shop", GitHubRepositoryPatch(requiresSSO: true))
        let reply = rig.shop()
        #expect(reply.status == 403)
        #expect(reply["x-github-sso"]?.hasPrefix("required; url=https://github.com/orgs/acme/sso") == true)
        try rig.simulator.github.setToken("sim-token", GitHubTokenPatch(ssoAuthorized: true))
        #expect(rig.shop().status == 200)
    }
}
