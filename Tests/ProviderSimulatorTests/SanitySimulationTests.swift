import ProviderSimulator
import Testing

@Suite("The simulated Sanity", .timeLimit(.minutes(1)))
struct SanitySimulationTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    private let token = "sim-sanity-token"
    private let query = "/sanity/v2025-02-19/data/query/production"
    private let hooks = "/sanity/v2025-08-04/hooks/projects/simsanity"

    private func changes(_ query: String? = nil, token: String? = "sim-sanity-token") -> RawClient.Reply {
        let groq = "%2A%5B_updatedAt%20%3E%20%24since%5D%7Corder(_updatedAt%20desc)%5B0...3%5D"
        let since = "%24since=%222026-01-24T00:00:00Z%22"
        return rig.client.send("\(query ?? self.query)?query=\(groq)&\(since)&perspective=raw", token: token)
    }

    @Test("the example has five documents changed lately, one healthy hook and one token")
    func example() {
        let documents = JSON(changes())["result"]
        #expect(documents.count == 3)
        #expect(documents[0]["_updatedAt"] == .string("2026-01-31T11:58:00Z"))
        #expect(JSON(rig.client.send(hooks, token: token))[0]["id"] == .string("live-sync"))
        let messages = JSON(rig.client.send("\(hooks)/live-sync/messages", token: token))
        #expect(messages.count == 5)
        #expect(messages[0]["status"] == .string("success"))
        let project = JSON(rig.client.send("/sanity/v2025-02-19/projects/simsanity", token: token))
        #expect(project["displayName"] == .string("Acme site"))
        #expect(project["isBlocked"] == .bool(false))
        #expect(rig.client.send("/sanity/v1/users/me", token: token).status == 200)
    }

    @Test("a change counts at once, goes to the front and is delivered")
    func change() throws {
        rig.advance(by: .seconds(60))
        try rig.simulator.sanity.change(of: "simsanity", SanityChange(id: "drafts.new", type: "page"))
        let first = JSON(changes())["result"][0]
        #expect(first["_id"] == .string("drafts.new"))
        #expect(first["_type"] == .string("page"))
        #expect(first["_updatedAt"] == .string("2026-01-31T12:01:00Z"))
        #expect(JSON(rig.client.send("\(hooks)/live-sync/messages", token: token)).count == 6)
        #expect(
            JSON(rig.client.send("\(query)?query=count(%2A)&perspective=raw", token: token))["result"] == .number(6))
        #expect(JSON(rig.client.send("\(query)?query=count(%2A)", token: token))["result"] == .number(5))
    }

    @Test("documents before the asked instant stay out")
    func since() throws {
        try rig.simulator.sanity.setDataset("production", of: "simsanity", SanityDatasetPatch(empty: true))
        try rig.simulator.sanity.change(of: "simsanity", SanityChange(quietDays: 30))
        #expect(JSON(changes())["result"].count == 0)
    }

    @Test("a hook fails, is switched off and is deleted as ordered, by all routes to its deliveries")
    func hook() throws {
        try rig.simulator.sanity.setHook("live-sync", of: "simsanity", SanityHookPatch(failing: true))
        try rig.simulator.sanity.change(of: "simsanity")
        for path in ["\(hooks)/live-sync/messages", "/sanity/v2025-08-04/hooks/live-sync/messages"] {
            let message = JSON(rig.client.send(path, token: token))[0]
            #expect(message["status"] == .string("failure"))
            #expect(message["resultCode"] == .number(500))
        }
        #expect(JSON(rig.client.send("\(hooks)/live-sync/attempts", token: token))[0]["isFailure"] == .bool(true))
        try rig.simulator.sanity.deliver(SanityMessageOrder("sending"), by: "live-sync", of: "simsanity")
        #expect(JSON(rig.client.send("\(hooks)/live-sync/attempts", token: token))[0]["inProgress"] == .bool(true))
        try rig.simulator.sanity.setHook(
            "live-sync", of: "simsanity", SanityHookPatch(disabled: true, deleted: true))
        let listed = JSON(rig.client.send(hooks, token: token))[0]
        #expect(listed["isDisabled"] == .bool(true))
        #expect(listed["deletedAt"].string != nil)
    }

    @Test("tokens are refused by the code of what is wrong with them")
    func tokens() throws {
        try rig.simulator.sanity.setProject("other")
        try rig.simulator.sanity.setToken("sk-other", SanityTokenPatch(project: "other"))
        try rig.simulator.sanity.setToken("sk-old", SanityTokenPatch(project: "simsanity", expiresIn: -1))
        try rig.simulator.sanity.setToken("sk-viewer", SanityTokenPatch(project: "simsanity", webhooks: false))
        let query = "/sanity/simsanity/v2025-02-19/data/query/production"
        for (token, code) in [("sk-none", "SIO-401-ANF"), ("sk-old", "SIO-401-AEX"), ("sk-other", "SIO-401-AWH")] {
            let reply = changes(query, token: token)
            #expect(reply.status == 401)
            #expect(JSON(reply)["errorCode"] == .string(code))
        }
        #expect(changes(query, token: "sk-viewer").status == 200)
        #expect(rig.client.send(hooks, token: "sk-viewer").status == 403)
        #expect(rig.client.send(hooks).status == 401)
        try rig.simulator.sanity.setToken(token, SanityTokenPatch(revoked: true))
        #expect(JSON(changes(query))["errorCode"] == .string("SIO-401-ANF"))
    }

    @Test("without a token a private dataset looks empty, and a public one shows what has no dot")
    func anonymous() throws {
        try rig.simulator.sanity.change(of: "simsanity", SanityChange(id: "drafts.a"))
        #expect(JSON(rig.client.send("\(query)?query=count(%2A)&perspective=raw"))["result"] == .number(5))
        try rig.simulator.sanity.setDataset("production", of: "simsanity", SanityDatasetPatch(private: true))
        let reply = changes(token: nil)
        #expect(reply.status == 200)
        #expect(JSON(reply)["result"].count == 0)
    }

    @Test("a query that does not close and a dataset that is not there are refused in Sanity's words")
    func mistakes() throws {
        let broken = rig.client.send("\(query)?query=%2A%5B_type%20%3D%3D%20%22event%5D", token: token)
        #expect(broken.status == 400)
        #expect(JSON(broken)["error"]["type"] == .string("queryParseError"))
        let missing = changes("/sanity/v2025-02-19/data/query/none")
        #expect(missing.status == 404)
        #expect(JSON(missing)["message"].string?.contains("Dataset") == true)
        try rig.simulator.sanity.setProject("other")
        #expect(JSON(changes())["message"] == .string("Use project hostname for data requests"))
    }

    @Test("the limit says when it ends, and then it has ended")
    func limit() throws {
        try rig.simulator.sanity.reachLimit()
        let reply = changes()
        #expect(reply.status == 429)
        #expect(reply["retry-after"] == "1")
        #expect(reply["ratelimit-reset"] == "1")
        rig.advance(by: .seconds(1))
        #expect(changes().status == 200)
    }

    @Test("a blocked project says so")
    func blocked() throws {
        try rig.simulator.sanity.setProject("simsanity", SanityProjectPatch(blocked: true))
        let project = JSON(rig.client.send("/sanity/v2025-02-19/projects/simsanity", token: token))
        #expect(project["isBlocked"] == .bool(true))
    }

    @Test(
        "every command can be ordered in JSON, and a mistaken one is refused with its reason",
        arguments: [
            ("PUT", "projects/p2", #"{"display_name":"Two","disabled":true}"#, 200),
            ("PUT", "projects/simsanity/datasets/staging", #"{"private":true}"#, 200),
            ("POST", "projects/simsanity/datasets/production/changes", #"{"quiet_days":3}"#, 200),
            ("PUT", "projects/simsanity/hooks/h2", #"{"dataset":"*","disabled_by_user":true}"#, 200),
            ("POST", "projects/simsanity/hooks/live-sync/messages", #"{"status":"failure","result_code":404}"#, 200),
            ("PUT", "tokens/sk2", #"{"project":"simsanity","expires_in_s":60}"#, 200),
            ("POST", "limits", #"{"for_s":5,"retry_after":false}"#, 200), ("DELETE", "limits", "", 200),
            ("DELETE", "projects/simsanity", "", 200), ("PUT", "projects/a b", "", 400),
            ("POST", "projects/simsanity/hooks/live-sync/messages", #"{"status":"lost"}"#, 400),
            ("PUT", "tokens/sk2", "{}", 400), ("POST", "projects/none/datasets/production/changes", "", 404),
            ("POST", "projects/simsanity/datasets/none/changes", "", 404), ("POST", "limits", #"{"for_s":0}"#, 400),
            ("GET", "projects", "", 404), ("PUT", "projects/p2", #"{"name":"x"}"#, 400),
        ])
    func commands(method: String, path: String, body: String, status: Int) {
        let target = "/_sim/sanity/" + path.replacing(" ", with: "%20")
        let reply = rig.client.send(method, target, body: body)
        #expect(reply.status == status)
        if status != 200 { #expect(JSON(reply)["error"].string?.isEmpty == false) }
    }

    @Test("no credential is told by the state")
    func state() {
        let state = rig.client.send("/_sim/state")
        #expect(JSON(state)["sanity"]["projects"][0]["id"] == .string("simsanity"))
        #expect(!state.text.contains(token))
    }
}
