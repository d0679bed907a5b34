import ProviderSimulator
import TestSupport
import Testing

@Suite("The control interface", .timeLimit(.minutes(1)))
struct ControlTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("health is a plain yes")
    func health() {
        let reply = rig.client.send("/_sim/health")
        #expect(reply.status == 200)
        #expect(JSON(reply)["status"] == .string("ok"))
    }

    @Test("requests are counted by provider, method and path; those for the interface itself are not")
    func counts() {
        _ = rig.shop()
        _ = rig.shop(headers: ["if-none-match": rig.shop()["etag"] ?? ""])
        _ = rig.client.send("/repos/acme/shop/commits?per_page=1")
        let counts = JSON(rig.client.send("/_sim/requests"))
        #expect(counts["total"] == .number(4))
        #expect(counts["conditional_hits"] == .number(1))
        #expect(counts["by_provider"]["github"] == .number(4))
        #expect(counts["max_concurrent"] == .number(1))
        #expect(counts["in_flight"] == .number(0))
        #expect(counts["requests"][0]["path"] == .string("/repos/acme/shop"))
        #expect(counts["requests"][0]["count"] == .number(3))
        #expect(counts["requests"][0]["not_modified"] == .number(1))
        #expect(rig.simulator.requests.count(pathPrefix: "/repos/acme/shop/commits") == 1)
        #expect(JSON(rig.client.send("DELETE", "/_sim/requests"))["total"] == .number(0))
        #expect(rig.simulator.requests.total == 0)
    }

    @Test("only so many paths are told apart; the rest count together")
    func countsAreBounded() {
        for number in 0..<600 { _ = rig.client.send("/repos/acme/r\(number)") }
        let counts = rig.simulator.requests
        #expect(counts.total == 600)
        #expect(counts.requests.count == 513)
        #expect(counts.requests.last?.path == "*")
        #expect(counts.requests.last?.count == 88)
    }

    @Test("concurrent requests are counted as such")
    func concurrency() async throws {
        try rig.simulator.inject(Fault(.hang))
        let client = rig.client
        await withTaskGroup { group in
            for _ in 1...20 { group.addTask { await onItsOwnThread { _ = client.send("/repos/acme/shop") } } }
            await rig.simulator.waitForRequests(20)
            #expect(rig.simulator.requests.inFlight == 20)
            rig.server.stop()
            await group.waitForAll()
        }
        #expect(rig.simulator.requests.maxConcurrent == 20)
        #expect(rig.simulator.requests.inFlight == 0)
    }

    @Test("a wait for requests ends when its task is cancelled")
    func cancelledWait() async {
        let simulator = rig.simulator
        let wait = Task { await simulator.waitForRequests(1_000) }
        wait.cancel()
        await wait.value
    }

    @Test(
        "every fault can be ordered in JSON",
        arguments: [
            #"{"kind":"latency","delay_ms":1,"jitter_ms":1}"#,
            #"{"kind":"latency","delay_ms":1,"jitter_ms":1,"steady":true}"#,
            #"{"kind":"status","status":500,"retry_after_s":3}"#,
            #"{"kind":"hang"}"#, #"{"kind":"drip","interval_ms":10}"#, #"{"kind":"reset","bytes":10}"#,
            #"{"kind":"truncated"}"#, #"{"kind":"malformed"}"#, #"{"kind":"html","status":503}"#,
            #"{"kind":"huge","bytes":10}"#, #"{"kind":"content_type","content_type":"text/plain"}"#,
            #"{"kind":"empty"}"#, #"{"kind":"garbage","provider":"github","path_prefix":"/repos","count":3}"#,
        ])
    func faults(body: String) {
        let made = rig.client.send("POST", "/_sim/faults", body: body)
        #expect(made.status == 201)
        let list = JSON(rig.client.send("/_sim/faults"))["faults"]
        #expect(list.count == 1)
        #expect(body.contains("\"\(list[0]["kind"].string ?? "?")\""))
        let id = JSON(made)["id"].int ?? 0
        #expect(rig.client.send("DELETE", "/_sim/faults/\(id)").status == 200)
        #expect(rig.client.send("DELETE", "/_sim/faults/\(id)").status == 404)
        #expect(rig.shop().status == 200)
    }

    @Test("a repository is made, pushed to, renamed and removed")
    func repositories() {
        let path = "/_sim/github/repos/acme/app"
        #expect(rig.client.send("PUT", path, body: #"{"quiet_days":9,"private":true}"#).status == 200)
        #expect(
            JSON(rig.client.send("/repos/acme/app", token: "sim-token"))["pushed_at"] == .string("2026-01-22T12:00:00Z")
        )
        #expect(rig.client.send("POST", path + "/push").status == 200)
        #expect(
            JSON(rig.client.send("/repos/acme/app", token: "sim-token"))["pushed_at"] == .string("2026-01-31T12:00:00Z")
        )
        #expect(
            rig.client.send("PUT", "/_sim/github/repos/acme/site", body: #"{"renamed_from":"acme/app"}"#).status == 200)
        #expect(rig.client.send("/repos/acme/app", token: "sim-token").status == 301)
        #expect(rig.client.send("DELETE", "/_sim/github/repos/acme/site").status == 200)
        #expect(rig.client.send("/repos/acme/app", token: "sim-token").status == 404)
    }

    @Test("tokens and limits are set, and the state tells of them without the credential")
    func tokensAndLimits() {
        let body = #"{"login":"ada","scopes":["repo"],"expires_at":"2026-02-01T00:00:00Z"}"#
        #expect(rig.client.send("PUT", "/_sim/github/tokens/ghp_secret", body: body).status == 200)
        #expect(rig.client.send("/user", token: "ghp_secret").status == 200)
        #expect(rig.client.send("POST", "/_sim/github/limits", body: #"{"kind":"secondary","for_s":30}"#).status == 200)
        #expect(rig.client.send("/user", token: "ghp_secret")["retry-after"] == "30")
        let state = rig.client.send("/_sim/state")
        #expect(JSON(state)["github"]["secondary_limit_until"] == .string("2026-01-31T12:00:30Z"))
        #expect(JSON(state)["github"]["tokens"][0]["login"] == .string("ada"))
        #expect(!state.text.contains("ghp_secret"))
        #expect(rig.client.send("DELETE", "/_sim/github/limits").status == 200)
        #expect(rig.client.send("/user", token: "ghp_secret").status == 200)
    }

    static let refusals: [(String, String, String, Int, String)] = [
        ("POST", "/_sim/faults", "", 400, "'kind' is missing"),
        ("POST", "/_sim/faults", "x", 400, "must be a JSON object"),
        ("POST", "/_sim/faults", "[]", 400, "must be a JSON object"),
        ("POST", "/_sim/faults", #"{"kind":"none"}"#, 400, "take one of: latency"),
        ("POST", "/_sim/faults", #"{"kind":"hang","dealy_ms":1}"#, 400, "unknown key 'dealy_ms'"),
        ("POST", "/_sim/faults", #"{"kind":"latency"}"#, 400, "needs 'delay_ms'"),
        ("POST", "/_sim/faults", #"{"kind":"latency","delay_ms":-1}"#, 400, "'delay_ms' must be from 0 to 600000"),
        ("POST", "/_sim/faults", #"{"kind":"latency","delay_ms":1.5}"#, 400, "numbers whole"),
        ("POST", "/_sim/faults", #"{"kind":"latency","delay_ms":1e99}"#, 400, "must be a JSON object"),
        ("POST", "/_sim/faults", #"{"kind":"status","status":99999}"#, 400, "'status' must be from 200 to 599"),
        ("POST", "/_sim/faults", #"{"kind":"hang","count":0}"#, 400, "'count' must be from 1"),
        ("POST", "/_sim/faults", #"{"kind":"hang","provider":"gitlab"}"#, 400, "no provider is named 'gitlab'"),
        ("POST", "/_sim/faults", #"{"kind":"content_type","content_type":"a\r\nb: c"}"#, 400, "printable"),
        ("PATCH", "/_sim/faults", "", 405, "GET, POST and DELETE"),
        ("DELETE", "/_sim/faults/x", "", 404, "GET /_sim/faults"),
        ("GET", "/_sim/none", "", 404, "below /_sim there are"),
        ("GET", "/_sim/github/none", "", 404, "below /_sim/github there are"),
        ("POST", "/_sim/github/repos/acme/none/push", "", 404, "make it: PUT"),
        ("PUT", "/_sim/github/repos/acme/a%20b", "", 400, "owner/name"),
        ("PUT", "/_sim/github/repos/acme/shop", #"{"quiet_days":99999999999}"#, 400, "'quiet_days' must be"),
        ("PUT", "/_sim/github/repos/acme/shop", #"{"pushed_at":"yesterday"}"#, 400, "'pushed_at': must be an instant"),
        ("PUT", "/_sim/github/repos/acme/new", #"{"renamed_from":"acme/none"}"#, 404, "no repository 'acme/none'"),
        ("POST", "/_sim/github/repos/acme/shop/push", #"{"branch":"a b"}"#, 400, "a branch has"),
        ("PUT", "/_sim/github/tokens/a%0Ab", "", 400, "printable"),
        ("PUT", "/_sim/github/tokens/t", #"{"scopes":["repo\r\nx: y"]}"#, 400, "'scopes' must be"),
        ("PUT", "/_sim/github/tokens/t", #"{"login":"a b"}"#, 400, "'login' must"),
        ("POST", "/_sim/github/limits", #"{"kind":"tertiary"}"#, 400, "'kind'"),
        ("POST", "/_sim/github/limits", #"{"kind":"primary","status":500}"#, 400, "403 or 429"),
    ]

    @Test("a command that cannot be is refused with what to do instead", arguments: refusals)
    func refusal(method: String, path: String, body: String, status: Int, sentence: String) {
        let reply = rig.client.send(method, path, body: body)
        #expect(reply.status == status)
        #expect(JSON(reply)["error"].string?.contains(sentence) == true, "\(reply.text)")
        #expect(rig.shop().status == 200)
    }

    @Test("a body too deep to be read is refused, and the server lives")
    func deepBody() {
        let reply = rig.client.send("POST", "/_sim/faults", body: String(repeating: "[", count: 60_000))
        #expect(reply.status == 400)
        #expect(rig.shop().status == 200)
    }

    @Test("a body too long to be read is refused, whether its length was told or not")
    func longBody() {
        let told = rig.client.send("POST", "/_sim/faults", body: String(repeating: " ", count: 70_000))
        #expect(told.status == 413)
        let chunk = "8000\r\n" + String(repeating: " ", count: 0x8000) + "\r\n"
        let head = "POST /_sim/faults HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        let untold = rig.client.exchange(Array((head + String(repeating: chunk, count: 3) + "0\r\n\r\n").utf8))
        #expect(untold.status == 0)
        #expect(rig.shop().status == 200)
    }

    @Test(
        "bytes that are no request harm nobody",
        arguments: [
            "\r\n\r\n", "GET\r\n\r\n", "GET /\u{1}\u{7F} HTTP/1.1\r\nhost: x\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}",
            "GET /repos/%zz/%00 HTTP/1.1\r\nhost: x\r\nuser-agent: x\r\nconnection: close\r\n\r\n",
            "GET http://x/repos/a/b?%=%&&== HTTP/1.1\r\nhost: x\r\nuser-agent: x\r\nconnection: close\r\n\r\n",
        ])
    func noRequest(bytes: String) {
        _ = rig.client.exchange(Array(bytes.utf8), endsAfterwards: true)
        #expect(rig.shop().status == 200)
    }

    @Test("a path that nobody plays says where to look")
    func nobody() {
        let reply = rig.client.send("/v9/projects/x")
        #expect(reply.status == 404)
        #expect(JSON(reply)["error"].string?.contains("/_sim/state") == true)
        #expect(rig.simulator.requests.total == 0)
    }
}
