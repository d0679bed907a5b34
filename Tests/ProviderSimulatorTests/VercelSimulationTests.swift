import ProviderSimulator
import StatusModel
import Testing

@Suite("Vercel, played", .timeLimit(.minutes(1)))
struct VercelSimulationTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    private func ask(_ path: String, token: String = "sim-vercel-token") -> RawClient.Reply {
        rig.client.send("/vercel" + path, token: token)
    }

    @Test("the example's production failed above an earlier one that is live, and its preview is fine")
    func example() {
        let project = JSON(ask("/v9/projects/shop"))
        #expect(project["name"].string == "shop")
        #expect(project["targets"]["production"]["readyState"].string == "READY")
        let deployments = JSON(ask("/v7/deployments?projectId=shop&limit=100"))["deployments"]
        #expect(deployments.count == 3)
        #expect(deployments[0]["target"] == .null)
        #expect(deployments[0]["readyState"].string == "READY")
        #expect(deployments[1]["target"].string == "production")
        #expect(deployments[1]["readyState"].string == "ERROR")
        #expect(deployments[2]["uid"] == project["targets"]["production"]["id"])
        #expect(deployments[2]["created"].int == (1_769_860_800 - 3 * 86_400) * 1000)
    }

    @Test("a project goes by its id as well, and deployments by either version")
    func addresses() {
        let id = JSON(ask("/v9/projects/shop"))["id"].string ?? ""
        #expect(id.hasPrefix("prj_"))
        #expect(ask("/v9/projects/\(id)").status == 200)
        #expect(JSON(ask("/v6/deployments?projectId=\(id)"))["deployments"].count == 3)
        #expect(ask("/v9/projects/none").status == 404)
        #expect(JSON(ask("/v1/none"))["error"]["code"].string == "method_unknown")
    }

    @Test("a list is filtered, and cut at its limit with the way to the next page")
    func pages() throws {
        try rig.simulator.vercel.deploy("shop", VercelDeploy(target: "preview", count: 150))
        #expect(JSON(ask("/v7/deployments?projectId=shop"))["deployments"].count == 20)
        let page = JSON(ask("/v7/deployments?projectId=shop&limit=100"))
        #expect(page["deployments"].count == 100)
        let next = try #require(page["pagination"]["next"].int)
        #expect(JSON(ask("/v7/deployments?projectId=shop&limit=100&until=\(next)"))["deployments"].count == 53)
        let production = JSON(ask("/v7/deployments?projectId=shop&target=production&state=READY,CANCELED"))
        #expect(production["deployments"].count == 1)
        #expect(production["pagination"]["next"] == .null)
    }

    @Test("a deployment that is made, and what becomes of it, can be ordered in JSON")
    func commands() {
        let made = rig.client.send(
            "POST", "/_sim/vercel/projects/shop/deploy", body: #"{"target":"qa","state":"BUILDING"}"#)
        #expect(made.status == 200)
        let newest = JSON(ask("/v7/deployments?projectId=shop"))["deployments"][0]
        #expect(newest["customEnvironment"]["slug"].string == "qa")
        #expect(newest["target"] == .null)
        #expect(newest["ready"] == .missing)
        #expect(rig.client.send("POST", "/_sim/vercel/projects/shop/settle", body: #"{"state":"READY"}"#).status == 200)
        #expect(JSON(ask("/v7/deployments?projectId=shop"))["deployments"][0]["readySubstate"].string == "STAGED")
        let state = JSON(rig.client.send("/_sim/state"))["vercel"]["projects"][0]
        #expect(state["newest"]["qa"].string == "READY")
        #expect(rig.client.send("DELETE", "/_sim/vercel/projects/shop").status == 200)
        #expect(ask("/v9/projects/shop").status == 404)
    }

    @Test(
        "a wrong order is refused with what to write instead",
        arguments: [
            ("POST", "projects/none/deploy", "{}", 404), ("POST", "projects/shop/deploy", #"{"state":"LOST"}"#, 400),
            ("POST", "projects/shop/deploy", #"{"count":0}"#, 400), ("POST", "projects/shop/settle", "{}", 400),
            ("PUT", "projects/A%20B", "{}", 400), ("PUT", "tokens/t", #"{"scopes":[]}"#, 400),
            ("GET", "tokens/t", "", 404),
        ])
    func mistakes(method: String, path: String, body: String, status: Int) {
        #expect(rig.client.send(method, "/_sim/vercel/" + path, body: body).status == status)
    }

    @Test("tokens are valid, revoked, limited without a reason, or made for another scope")
    func tokens() throws {
        let vercel = rig.simulator.vercel
        #expect(JSON(ask("/v2/user"))["user"]["username"].string == "editor")
        #expect(JSON(rig.client.send("/vercel/v2/user"))["error"]["invalidToken"] == .missing)
        #expect(JSON(ask("/v2/user", token: "none"))["error"]["invalidToken"] == .bool(true))
        try vercel.setToken("limited", VercelTokenPatch(limited: true))
        let limited = JSON(ask("/v9/projects/shop", token: "limited"))["error"]
        #expect(limited == .object(["code": .string("forbidden"), "message": .string("Not authorized")]))
        #expect(ask("/v2/user", token: "limited").status == 200)
        try vercel.setToken("scoped", VercelTokenPatch(scope: "team_b"))
        let scoped = JSON(ask("/v7/deployments?projectId=shop&teamId=team_a", token: "scoped"))["error"]
        #expect(scoped["scope"].string == "team_a")
        #expect(scoped["saml"] == .bool(false))
        try vercel.setToken("sim-vercel-token", VercelTokenPatch(revoked: true))
        #expect(ask("/v9/projects/shop").status == 403)
    }

    @Test("a team's project is not found without the team")
    func teams() throws {
        try rig.simulator.vercel.setProject("shop", VercelProjectPatch(team: "team_a"))
        #expect(ask("/v9/projects/shop").status == 404)
        #expect(ask("/v9/projects/shop?teamId=team_a").status == 200)
    }

    @Test("requests are counted by token and endpoint, for a minute")
    func limits() throws {
        try rig.simulator.vercel.setToken("sim-vercel-token", VercelTokenPatch(limit: 2))
        #expect(ask("/v9/projects/shop")["x-ratelimit-remaining"] == "1")
        #expect(ask("/v9/projects/shop")["x-ratelimit-remaining"] == "0")
        let refused = ask("/v9/projects/shop")
        #expect(refused.status == 429)
        #expect(refused["retry-after"] == "60")
        #expect(JSON(refused)["error"]["limit"]["resetMs"].int == (Rig.start.seconds + 60).milliseconds)
        #expect(ask("/v2/user").status == 200, "another endpoint has another limit")
        rig.advance(by: .seconds(60))
        #expect(ask("/v9/projects/shop").status == 200)
    }

    @Test("a limit can be reached on demand, in either shape, with or without Retry-After")
    func limitOnDemand() throws {
        try rig.simulator.vercel.reachLimit(VercelLimitOrder(forSeconds: 90, retryAfter: false, shape: .plain))
        let plain = ask("/v9/projects/shop")
        #expect(plain.status == 429)
        #expect(plain["retry-after"] == nil)
        #expect(JSON(plain)["code"].string == "too_many_requests")
        #expect(JSON(plain)["retryAfter"]["value"] == .number(90))
        rig.advance(by: .seconds(90))
        #expect(ask("/v9/projects/shop").status == 200)
    }
}

extension Int64 {
    fileprivate var milliseconds: Int { Int(self) * 1000 }
}
