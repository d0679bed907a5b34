import FoundationEssentials
import ProviderSimulator
import StatusModel
import Testing

@Suite("Supabase, played", .timeLimit(.minutes(1)))
struct SupabaseTests {
    let rig: Rig
    private let ref = SupabaseSimulation.exampleRef
    private let health = "/health?services=auth,db&timeout_ms=2000"

    init() throws { rig = try Rig() }

    private func manage(_ rest: String, token: String = "sim-supabase-token") -> RawClient.Reply {
        rig.client.send("/supabase/v1/projects/\(ref)\(rest)", token: token)
    }

    private func host(_ path: String, method: String = "GET", key: String = "sb_secret_sim") -> RawClient.Reply {
        rig.client.send(method, "/supabase/project/\(ref)\(path)", headers: ["apikey": key])
    }

    @Test("the example's project is well, by every way to ask")
    func example() {
        #expect(JSON(manage(""))["status"] == .string("ACTIVE_HEALTHY"))
        #expect(JSON(manage(""))["name"] == .string("acme-shop"))
        let services = JSON(manage(health))
        #expect(services.count == 2)
        #expect(services[1]["name"] == .string("db"))
        #expect(services[1]["status"] == .string("ACTIVE_HEALTHY"))
        #expect(JSON(host("/auth/v1/health"))["name"] == .string("GoTrue"))
        #expect(JSON(host("/rest/v1/ping?select=id&limit=1"))[0]["id"] == .number(1))
        #expect(host("/rest/v1/rpc/ping", method: "POST").text == "1")
        #expect(JSON(rig.client.send("/supabase/v1/projects", token: "sim-supabase-token")).count == 1)
    }

    @Test("the management API tells its limit in seconds left, for each endpoint")
    func limits() throws {
        #expect(manage("")["x-ratelimit-remaining"] == "119")
        #expect(manage(health)["x-ratelimit-remaining"] == "119")
        #expect(manage("")["x-ratelimit-reset"] == "60")
        try rig.simulator.supabase.reachLimit(.init(forSeconds: 41))
        let reply = manage("")
        #expect(reply.status == 429)
        #expect(reply["x-ratelimit-reset"] == "41")
        #expect(JSON(reply)["message"] == .string("ThrottlerException: Too Many Requests"))
        rig.advance(by: .seconds(41))
        #expect(manage("").status == 200)
    }

    @Test("a token has its own limit")
    func tokenLimit() throws {
        try rig.simulator.supabase.setToken("few", .init(minuteLimit: 1))
        #expect(manage("", token: "few").status == 200)
        #expect(manage("", token: "few").status == 429)
        rig.advance(by: .seconds(60))
        #expect(manage("", token: "few").status == 200)
    }

    @Test("tokens that are dead, of the wrong kind or without a scope are refused in Supabase's words")
    func tokens() throws {
        try rig.simulator.supabase.setToken("gone", .init(revoked: true))
        try rig.simulator.supabase.setToken("narrow", .init(scopes: []))
        for (token, status, message) in [
            ("gone", 401, "Unauthorized"), ("none", 401, "Unauthorized"),
            ("sb_secret_sim", 401, "JWT could not be decoded"),
            ("narrow", 403, "Your account does not have the necessary privileges to access this endpoint."),
        ] {
            let reply = manage("", token: token)
            #expect(reply.status == status)
            #expect(JSON(reply)["message"] == .string(message))
        }
        #expect(rig.client.send("/supabase/v1/projects").status == 401)
    }

    @Test("a paused project answers 540 on its host, and its services are unwell")
    func paused() throws {
        try rig.simulator.supabase.setProject(ref, .init(status: "INACTIVE"))
        #expect(host("/auth/v1/health").status == 540)
        #expect(JSON(manage(health))[1]["status"] == .string("UNHEALTHY"))
        #expect(manage(health).status == 200)
    }

    @Test("gateway and PostgREST refuse each in its own form")
    func refusals() throws {
        #expect(JSON(host("/auth/v1/health", key: "sb_other"))["message"] == .string("Invalid API key"))
        #expect(JSON(host("/auth/v1/health", key: ""))["message"] == .string("No API key found in request"))
        #expect(JSON(host("/rest/v1/none?select=id"))["code"] == .string("PGRST205"))
        #expect(JSON(host("/rest/v1/ping?select=none"))["code"] == .string("42703"))
        let bearer = rig.client.send(
            "/supabase/project/\(ref)/rest/v1/ping", token: "sb_secret_sim", headers: ["apikey": "sb_secret_sim"])
        #expect(JSON(bearer)["code"] == .string("PGRST301"))
        try rig.simulator.supabase.setProject(ref, .init(databaseError: "PGRST002"))
        #expect(host("/rest/v1/ping").status == 503)
        #expect(host("/auth/v1/health").status == 200)
        try rig.simulator.supabase.setProject(ref, .init(restriction: "overdue_payment"))
        #expect(host("/auth/v1/health").status == 402)
        try rig.simulator.supabase.removeProject(ref)
        #expect(manage("").status == 404)
        #expect(host("/auth/v1/health").status == 404)
    }

    @Test("a status that is ordered comes in the words of whoever would send it")
    func orderedStatus() throws {
        try rig.simulator.inject(Fault(.status(522, retryAfter: nil), provider: .supabase))
        #expect(manage("")["content-type"]?.hasPrefix("text/html") == true)
    }
}

@Suite("Supabase's refresh of tokens, played", .timeLimit(.minutes(1)))
struct SupabaseOAuthTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    private func refresh(
        _ token: String, client: String = "sim-client:sim-client-secret", grant: String = "refresh_token",
        type: String = "application/x-www-form-urlencoded"
    ) -> RawClient.Reply {
        rig.client.send(
            "POST", "/supabase/v1/oauth/token",
            headers: [
                "authorization": "Basic " + Data(client.utf8).base64EncodedString(), "content-type": type,
            ], body: "grant_type=\(grant)&refresh_token=\(token)")
    }

    @Test("a refresh token gives a new pair once, with 201, and the access token lives as long as it says")
    func rotation() throws {
        let reply = refresh("sim-refresh-token")
        #expect(reply.status == 201)
        let access = try #require(JSON(reply)["access_token"].string)
        let next = try #require(JSON(reply)["refresh_token"].string)
        #expect(JSON(reply)["expires_in"] == .number(3600))
        #expect(JSON(reply)["token_type"] == .string("Bearer"))
        #expect(rig.client.send("/supabase/v1/projects", token: access).status == 200)
        rig.advance(by: .seconds(3600))
        #expect(rig.client.send("/supabase/v1/projects", token: access).status == 401)
        #expect(refresh("sim-refresh-token").status == 400)
        #expect(refresh(next).status == 201)
        #expect(try rig.simulator.supabase.grantCount == 2)
    }

    @Test("a refresh that is not as it must be is refused, and uses nothing up")
    func refusals() throws {
        #expect(refresh("sim-refresh-token", client: "sim-client:wrong").status == 401)
        #expect(refresh("sim-refresh-token", grant: "password").status == 400)
        #expect(refresh("sim-refresh-token", type: "application/json").status == 400)
        #expect(JSON(refresh("none"))["error"] == .string("invalid_grant"))
        try rig.simulator.supabase.setClient("other", secret: "s")
        #expect(refresh("sim-refresh-token", client: "other:s").status == 400)
        try rig.simulator.supabase.setRefreshToken("sim-refresh-token", .init(revoked: true))
        #expect(refresh("sim-refresh-token").status == 400)
        try rig.simulator.supabase.setRefreshToken("sim-refresh-token", .init(revoked: false, lifetime: 5))
        #expect(JSON(refresh("sim-refresh-token"))["expires_in"] == .number(5))
    }

    @Test("everything can be ordered in JSON, and the state tells no credential")
    func control() {
        for (method, path, body, status) in [
            ("PUT", "projects/zyxwvutsrqponmlkjihg", #"{"status":"INACTIVE","keys":["k"]}"#, 200),
            ("PUT", "tokens/sbp_other", #"{"scopes":[],"expires_in_s":-1}"#, 200),
            ("PUT", "clients/app", #"{"secret":"app-secret"}"#, 200),
            ("PUT", "refresh-tokens/refresh-secret", #"{"client":"app","lifetime_s":60}"#, 200),
            ("POST", "limits", #"{"for_s":5}"#, 200), ("DELETE", "limits", "", 200),
            ("DELETE", "projects/zyxwvutsrqponmlkjihg", "", 200),
            ("DELETE", "projects/zyxwvutsrqponmlkjihg", "", 404), ("PUT", "projects/short", "", 400),
            ("PUT", "projects/zyxwvutsrqponmlkjihg", #"{"services":{"none":"UNHEALTHY"}}"#, 400),
            ("PUT", "refresh-tokens/lost", "", 404), ("PUT", "clients/app", "", 400), ("GET", "none", "", 404),
        ] {
            let reply = rig.client.send(method, "/_sim/supabase/\(path)", body: body)
            #expect(reply.status == status, "\(method) \(path): \(reply.text)")
        }
        let state = rig.client.send("/_sim/state").text
        #expect(state.contains("acme-shop"))
        for secret in ["sbp_other", "sim-supabase-token", "app-secret", "refresh-secret", "sb_secret_sim"] {
            #expect(!state.contains(secret))
        }
    }
}
