import ProviderSimulator
import StatusModel
import Testing

@Suite("Vercel, played: deployments that are ordered", .timeLimit(.minutes(1)))
struct VercelOrderTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    private func ask(_ path: String) -> JSON { JSON(rig.client.send("/vercel" + path, token: "sim-vercel-token")) }

    private func order(_ body: String, at path: String = "/v13/deployments") -> RawClient.Reply {
        rig.client.send("POST", "/vercel" + path, token: "sim-vercel-token", body: body)
    }

    private func builds(_ body: String) {
        #expect(rig.client.send("PUT", "/_sim/vercel/projects/shop/builds", body: body).status == 200)
    }

    @Test("an ordered deployment waits, is built, and is served, each in its time")
    func build() throws {
        builds(#"{"duration_ms":4000,"live_after_ms":1000}"#)
        let made = JSON(
            order(
                #"{"name":"shop","target":"production","gitSource":{"type":"github","ref":"main"},"meta":{"mine":"1"}}"#
            ))
        let id = try #require(made["id"].string)
        #expect(made["readyState"].string == "QUEUED")
        #expect(made["meta"]["mine"].string == "1")
        rig.advance(by: .seconds(1))
        #expect(ask("/v13/deployments/\(id)")["readyState"].string == "BUILDING")
        #expect(ask("/v13/deployments/\(id)")["ready"] == .missing)
        rig.advance(by: .seconds(3))
        #expect(ask("/v13/deployments/\(id)")["readyState"].string == "READY")
        #expect(ask("/v13/deployments/\(id)")["aliasAssigned"] == .null)
        #expect(ask("/v9/projects/shop")["targets"]["production"]["id"].string != id)
        rig.advance(by: .seconds(1))
        #expect(ask("/v13/deployments/\(id)")["aliasAssigned"].int != nil)
        #expect(ask("/v9/projects/shop")["targets"]["production"]["id"].string == id)
        let state = JSON(rig.client.send("/_sim/state"))["vercel"]["projects"][0]
        #expect(state["newest"]["production"].string == "READY")
        #expect(state["meta"]["mine"].string == "1")
    }

    @Test("the next one fails when it is told to, and the one after it does not")
    func failing() {
        builds(#"{"duration_ms":0,"next":"ERROR"}"#)
        let body = #"{"name":"shop","gitSource":{"type":"github","ref":"next"}}"#
        let failed = JSON(order(body))
        #expect(failed["readyState"].string == "ERROR")
        #expect(failed["errorCode"].string == "BUILD_FAILED")
        #expect(failed["target"] == .null)
        #expect(JSON(order(body))["readyState"].string == "READY")
    }

    @Test("a deployment is made once more by its id, and one that is not there is not")
    func again() throws {
        let id = try #require(ask("/v7/deployments?projectId=shop&target=production")["deployments"][0]["uid"].string)
        #expect(order(#"{"name":"shop","target":"production","deploymentId":"\#(id)"}"#).status == 200)
        #expect(order(#"{"name":"shop","deploymentId":"dpl_none"}"#).status == 404)
        #expect(order(#"{"name":"none","deploymentId":"\#(id)"}"#).status == 404)
        #expect(order(#"{"name":"shop"}"#).status == 400)
        #expect(order(#"{"deploymentId":"\#(id)"}"#).status == 400)
        #expect(order("[]").status == 400)
        #expect(rig.client.send("/vercel/v13/deployments/dpl_none", token: "sim-vercel-token").status == 404)
    }

    @Test("what the plan allows is used up by orders")
    func quota() {
        builds(#"{"quota":1}"#)
        let body = #"{"name":"shop","gitSource":{"type":"github","ref":"main"}}"#
        #expect(order(body).status == 200)
        let refused = order(body)
        #expect(refused.status == 402)
        #expect(JSON(refused)["error"]["code"].string == "api-deployments-free-per-day")
        #expect(rig.client.send("PUT", "/_sim/vercel/projects/shop/builds", body: #"{"next":"LOST"}"#).status == 400)
        #expect(rig.client.send("PUT", "/_sim/vercel/projects/none/builds", body: "{}").status == 404)
    }

    @Test("a project is linked to a repository that the app sees")
    func link() {
        let path = "/v9/projects/shop/link"
        #expect(JSON(order(#"{"type":"github","repo":"acme/other"}"#, at: path))["link"]["repo"].string == "other")
        #expect(ask("/v9/projects/shop")["link"]["org"].string == "acme")
        #expect(order(#"{"type":"github","repo":"other"}"#, at: path).status == 400)
        #expect(rig.client.send("PUT", "/_sim/vercel/projects/shop", body: #"{"has_app":false}"#).status == 200)
        #expect(order(#"{"type":"github","repo":"acme/other"}"#, at: path).status == 400)
        #expect(rig.client.send("PUT", "/_sim/vercel/projects/shop", body: #"{"repository":""}"#).status == 200)
        #expect(ask("/v9/projects/shop")["link"] == .missing)
    }

    @Test("requests that may change something are counted apart, by method and path")
    func counts() {
        _ = order(#"{"name":"shop"}"#)
        _ = ask("/v9/projects/shop")
        let counts = rig.simulator.requests
        #expect(counts.mutations == 1)
        #expect(counts.count(method: "POST", pathPrefix: "/vercel/v13/deployments") == 1)
        #expect(counts.count(method: "GET", pathPrefix: "/vercel/v13/deployments") == 0)
        #expect(JSON(rig.client.send("/_sim/requests"))["mutations"].int == 1)
    }
}
