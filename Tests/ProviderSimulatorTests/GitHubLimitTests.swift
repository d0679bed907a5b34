import ProviderSimulator
import StatusModel
import Testing

@Suite("How often GitHub answers", .timeLimit(.minutes(1)))
struct GitHubLimitTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    @Test("what the client holds already is 304, without a body, and does not count")
    func notModified() {
        let first = rig.shop()
        let again = rig.shop(headers: ["if-none-match": first["etag"] ?? ""])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        #expect(again["etag"] == first["etag"])
        #expect(first["x-ratelimit-remaining"] == "4999")
        #expect(again["x-ratelimit-remaining"] == "4999")
        #expect(rig.simulator.requests.conditionalHits == 1)
    }

    @Test("a tag in a list, in its strong form, and the asterisk match; another does not")
    func tagForms() {
        let tag = rig.shop()["etag"] ?? ""
        #expect(rig.shop(headers: ["if-none-match": "\"other\", \(tag)"]).status == 304)
        #expect(rig.shop(headers: ["if-none-match": String(tag.dropFirst(2))]).status == 304)
        #expect(rig.shop(headers: ["if-none-match": "*"]).status == 304)
        #expect(rig.shop(headers: ["if-none-match": "\"other\""]).status == 200)
    }

    @Test("a tag belongs to one token, one media type and one version")
    func tagScope() throws {
        try rig.simulator.github.setToken("other")
        let tag = rig.shop()["etag"] ?? ""
        let held = ["if-none-match": tag]
        #expect(rig.client.send("/repos/acme/shop", token: "other", headers: held).status == 200)
        #expect(rig.shop(headers: held.merging(["accept": "application/json"]) { $1 }).status == 200)
        #expect(rig.shop(headers: held.merging(["x-github-api-version": "2026-03-10"]) { $1 }).status == 200)
        #expect(rig.shop(headers: held).status == 304)
    }

    @Test("requests are counted for an hour from the first, and then the limit is whole again")
    func primaryLimit() throws {
        try rig.simulator.github.setToken("sim-token", GitHubTokenPatch(hourlyLimit: 2))
        #expect(rig.shop()["x-ratelimit-remaining"] == "1")
        rig.advance(by: .seconds(600))
        #expect(rig.shop()["x-ratelimit-remaining"] == "0")
        let refused = rig.shop()
        #expect(refused.status == 403)
        #expect(refused["x-ratelimit-remaining"] == "0")
        #expect(refused["x-ratelimit-reset"] == "1769864400")
        #expect(JSON(refused)["message"].string?.hasPrefix("API rate limit exceeded for user ID ") == true)
        #expect(rig.client.send("/rate_limit", token: "sim-token").status == 200, "to ask is free")
        rig.advance(by: .seconds(3000))
        #expect(rig.shop().status == 200)
    }

    @Test("a limit ends at the second that was told, wherever in a second it began")
    func wholeSeconds() throws {
        rig.advance(by: .milliseconds(300))
        try rig.simulator.github.reachLimit(GitHubLimitOrder(.primary, forSeconds: 10))
        #expect(rig.shop()["x-ratelimit-reset"] == String(Rig.start.seconds + 11))
        rig.advance(by: .milliseconds(10_699))
        #expect(rig.shop().status == 403)
        rig.advance(by: .milliseconds(1))
        #expect(rig.shop().status == 200)
    }

    @Test("all tokens of a login share one limit, and anonymous requests have another")
    func sharedLimit() throws {
        try rig.simulator.github.setToken("second", GitHubTokenPatch(login: "editor"))
        _ = rig.shop()
        #expect(rig.client.send("/repos/acme/shop", token: "second")["x-ratelimit-used"] == "2")
        #expect(rig.client.send("/repos/acme/shop")["x-ratelimit-remaining"] == "59")
    }

    @Test("the primary limit can be reached on demand, as 403 or 429", arguments: [403, 429])
    func primaryOnDemand(status: Int) throws {
        try rig.simulator.github.reachLimit(GitHubLimitOrder(.primary, forSeconds: 90, status: status))
        let reply = rig.shop()
        #expect(reply.status == status)
        #expect(reply["x-ratelimit-remaining"] == "0")
        #expect(reply["x-ratelimit-reset"] == "1769860890")
        #expect(reply["retry-after"] == nil)
        rig.advance(by: .seconds(90))
        #expect(rig.shop().status == 200)
    }

    @Test("the secondary limit says how long to wait, unless told not to", arguments: [true, false])
    func secondaryOnDemand(retryAfter: Bool) throws {
        try rig.simulator.github.reachLimit(
            GitHubLimitOrder(.secondary, forSeconds: 60, retryAfter: retryAfter))
        rig.advance(by: .milliseconds(1_500))
        let reply = rig.shop()
        #expect(reply.status == 403)
        #expect(reply["retry-after"] == (retryAfter ? "59" : nil))
        #expect(reply["x-ratelimit-remaining"] == "5000", "the primary limit is not touched")
        #expect(JSON(reply)["message"].string?.contains("secondary rate limit") == true)
        try rig.simulator.github.clearLimits()
        #expect(rig.shop().status == 200)
    }
}
