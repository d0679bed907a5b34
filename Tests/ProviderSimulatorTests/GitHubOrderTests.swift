import ProviderSimulator
import Testing

@Suite("What GitHub does when it is asked to", .timeLimit(.minutes(1)))
struct GitHubOrderTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    private func order(_ path: String, _ body: String, token: String? = "sim-token") -> RawClient.Reply {
        rig.client.send("POST", "/repos/acme/\(path)", token: token, body: body)
    }

    private var shop: JSON { JSON(rig.client.send("/_sim/state"))["github"]["repositories"][0] }

    @Test("an event is taken without a word, and counted")
    func events() {
        let reply = order("shop/dispatches", #"{"event_type":"go","client_payload":{"a":1}}"#)
        #expect(reply.status == 204)
        #expect(reply.body.isEmpty)
        #expect(shop["dispatches"].int == 1)
        #expect(order("shop/dispatches", "{}").status == 422)
        #expect(order("shop/dispatches", #"{"event_type":"\#(String(repeating: "e", count: 101))"}"#).status == 422)
        #expect(order("none/dispatches", #"{"event_type":"go"}"#).status == 404)
        #expect(order("shop/dispatches", #"{"event_type":"go"}"#, token: nil).status == 404)
        #expect(shop["dispatches"].int == 1)
        #expect(rig.simulator.requests.mutations == 5)
    }

    @Test("a workflow runs on a branch that is there, if it may be dispatched")
    func workflows() {
        let path = "shop/actions/workflows/deploy.yml/dispatches"
        #expect(order(path, #"{"ref":"main","inputs":{}}"#).status == 204)
        #expect(order(path, #"{"ref":"none"}"#).status == 422)
        #expect(order(path, "{}").status == 422)
        #expect(order("shop/actions/workflows/ci.yml/dispatches", #"{"ref":"main"}"#).status == 422)
        #expect(order("shop/actions/workflows/7/dispatches", #"{"ref":"main"}"#).status == 404)
        #expect(shop["dispatches"].int == 1)
    }

    @Test("a fork's branch takes over what upstream has, unless they conflict")
    func merges() throws {
        let github = rig.simulator.github
        #expect(order("shop/merge-upstream", #"{"branch":"main"}"#).status == 422)
        try github.setRepository("acme/shop", GitHubRepositoryPatch(fork: true, behind: 3))
        let head = JSON(rig.client.send("/repos/acme/shop/branches/main"))["commit"]["sha"]
        #expect(order("shop/merge-upstream", #"{"branch":"none"}"#).status == 404)
        #expect(JSON(order("shop/merge-upstream", #"{"branch":"main"}"#))["merge_type"].string == "fast-forward")
        #expect(JSON(rig.client.send("/repos/acme/shop/branches/main"))["commit"]["sha"] != head)
        #expect(JSON(rig.shop())["pushed_at"].string == "2026-01-31T12:00:00Z")
        #expect(JSON(order("shop/merge-upstream", #"{"branch":"main"}"#))["merge_type"].string == "none")
        try github.setRepository("acme/shop", GitHubRepositoryPatch(behind: 1, conflict: true))
        #expect(order("shop/merge-upstream", #"{"branch":"main"}"#).status == 409)
        #expect(shop["behind"].int == 1)
    }

    @Test("a fine-grained token needs the permission to write, and a new name is pointed to")
    func access() throws {
        let github = rig.simulator.github
        try github.setToken("reader", GitHubTokenPatch(permissions: ["metadata", "contents"]))
        let refused = order("shop/dispatches", #"{"event_type":"go"}"#, token: "reader")
        #expect(refused.status == 403)
        #expect(refused["x-accepted-github-permissions"] == "contents=write")
        try github.setToken("writer", GitHubTokenPatch(permissions: ["metadata", "contents:write"]))
        #expect(order("shop/dispatches", #"{"event_type":"go"}"#, token: "writer").status == 204)
        try github.setRepository("acme/store", GitHubRepositoryPatch(renamedFrom: "acme/shop"))
        #expect(order("shop/dispatches", #"{"event_type":"go"}"#).status == 307)
    }
}
