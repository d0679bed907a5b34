import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Supabase: bodies, requests and what is remembered")
struct SupabaseRecordTests {
    @Test("a status that nobody knows yet throws nothing away")
    func unknownStatus() {
        let project = SupabaseProject(json: Array(#"{"name":"acme","status":"HATCHING"}"#.utf8))
        #expect(project == SupabaseProject(name: "acme", status: .unknown))
        let health = SupabaseHealth(json: Array(#"[{"name":"db","status":"MELTING","healthy":true}]"#.utf8))
        #expect(health?.state(of: "db") == .unknown)
    }

    @Test("an older answer's flag stands for the status, and of two words on one service the worse counts")
    func olderHealth() {
        let old = SupabaseHealth(json: Array(#"[{"name":"db","healthy":true},{"name":"auth","healthy":false}]"#.utf8))
        #expect(old?.states == ["db": .healthy, "auth": .unhealthy])
        let twice = #"[{"name":"db","status":"UNHEALTHY"},{"name":"db","status":"ACTIVE_HEALTHY"}]"#
        #expect(SupabaseHealth(json: Array(twice.utf8))?.state(of: "db") == .unhealthy)
    }

    @Test("more services than a project can have are no health")
    func tooManyServices() {
        let list = (0...64).map { #"{"name":"s\#($0)","status":"ACTIVE_HEALTHY"}"# }.joined(separator: ",")
        #expect(SupabaseHealth(json: Array("[\(list)]".utf8)) == nil)
    }

    @Test(
        "Supabase gives up on a service before the read does",
        arguments: [(2_400, 1_900), (10_000, 2_000), (700, 200), (300, 100), (-5, 100)])
    func healthTimeout(left: Int, told: Int) throws {
        let requests = try SupabaseRequests(
            target: SupabaseTarget(reference: SupabaseScene.reference), userAgent: "tests")
        let request = requests.health(token: "t", timeLeft: .milliseconds(left))
        #expect(
            request.url == "https://api.supabase.com\(SupabaseScene.healthPath)"
                + "?services=auth,db,pooler,realtime,rest,storage&timeout_ms=\(told)")
    }

    @Test("each probe is asked as it must be, and names cannot break out of their place")
    func probes() throws {
        func probe(_ probe: SupabaseTarget.Probe) throws -> HTTPRequest {
            let target = SupabaseTarget(
                reference: SupabaseScene.reference, projectURL: "https://p.example/base/", probe: probe)
            return try SupabaseRequests(target: target, userAgent: "tests").probe(key: "k")
        }
        #expect(try probe(.authHealth).url == "https://p.example/base/auth/v1/health")
        let table = try probe(.table(name: "a/b?c", column: "d&e"))
        #expect(table.url == "https://p.example/base/rest/v1/a%2Fb%3Fc?select=d%26e&limit=1")
        #expect(table.method == "GET")
        let function = try probe(.function(name: "ping"))
        #expect(function.url == "https://p.example/base/rest/v1/rpc/ping")
        #expect(function.method == "POST")
        #expect(function.body == Array("{}".utf8))
        #expect(function.redirectsMax == 0)
    }

    @Test("what is remembered is read back as it was written")
    func roundTrip() throws {
        var memo = SupabaseMemo(validator: "v")
        memo.name = "acme"
        memo.nameLearntAt = SupabaseScene.wall
        memo.hold = SupabaseMemo.Hold(until: SupabaseScene.wall.advanced(by: .seconds(60)), code: .oauthRevoked)
        #expect(SupabaseMemo(memo.fields, validator: "v", now: SupabaseScene.wall) == memo)
        #expect(SupabaseMemo(memo.fields, validator: "w", now: SupabaseScene.wall) == nil)
    }

    @Test(
        "what was not written here is not believed",
        arguments: [
            ["name": "a\u{1B}b", "name_at": "1768478400000000000"], ["name": "acme", "name_at": "x"],
            ["name": "acme", "name_at": "9223372036854775807"],
            ["management_held_until": "9223372036854775807", "management_held_for": "oauth_revoked"],
            ["management_held_until": "1768478460000000000", "management_held_for": "none"],
            ["management_held_until": "-1", "management_held_for": "oauth_revoked"],
        ])
    func forged(fields: [String: String]) {
        let memo = SupabaseMemo(fields.merging(["validator": "v"]) { $1 }, validator: "v", now: SupabaseScene.wall)
        #expect(memo == SupabaseMemo(validator: "v"))
    }
}
