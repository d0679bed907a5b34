import ProviderSimulator
import StatusModel
import Testing

@Suite("The simulated status pages", .timeLimit(.minutes(1)))
struct StatusPageTests {
    let rig: Rig

    init() throws { rig = try Rig() }

    private func summary(_ provider: ProviderKey = .github) -> JSON {
        JSON(rig.client.send("/statuspage/\(provider.rawValue)/api/v2/summary.json"))
    }

    @Test("all is well at first, on each provider's page", arguments: ProviderKey.allCases)
    func well(provider: ProviderKey) {
        let page = summary(provider)
        #expect(page["page"]["name"].string == provider.displayName)
        #expect(page["status"]["indicator"] == .string("none"))
        #expect(page["components"].count > 0)
        #expect(page["components"][0]["group"] == .bool(false))
        #expect(page["components"][0]["group_id"] == .null)
        #expect(page["incidents"] == .array([]))
        #expect(page["scheduled_maintenances"] == .array([]))
        #expect(rig.simulator.requests.byProvider["statuspage"] == 1)
    }

    @Test("an incident is open until it is resolved, and touches its components")
    func incident() throws {
        let made = rig.client.send(
            "POST", "/_sim/statuspage/github/incidents",
            body: #"{"name":"Slow API","impact":"major","components":["API Requests"]}"#)
        #expect(made.status == 201)
        let id = try #require(JSON(made)["id"].string)
        let incident = summary()["incidents"][0]
        #expect(incident["name"] == .string("Slow API"))
        #expect(incident["status"] == .string("investigating"))
        #expect(incident["impact"] == .string("major"))
        #expect(incident["started_at"] == .string("2026-01-31T12:00:00Z"))
        #expect(incident["components"][0]["name"] == .string("API Requests"))
        #expect(summary()["status"]["indicator"] == .string("major"))
        #expect(summary(.vercel)["incidents"].count == 0)
        let change = rig.client.send(
            "PUT", "/_sim/statuspage/github/incidents/\(id)", body: #"{"status":"monitoring"}"#)
        #expect(change.status == 200)
        #expect(summary()["incidents"][0]["status"] == .string("monitoring"))
        #expect(rig.client.send("DELETE", "/_sim/statuspage/github/incidents/\(id)").status == 200)
        #expect(summary()["incidents"].count == 0)
        #expect(summary()["status"]["indicator"] == .string("none"))
        #expect(
            JSON(rig.client.send("/_sim/state"))["statuspage"]["pages"]["github"]["incidents"][0]["status"]
                == .string("resolved"))
    }

    @Test("a component changes, and one that was not there is added")
    func components() throws {
        try rig.simulator.statusPages.setComponent(.github, "API Requests", status: "major_outage")
        try rig.simulator.statusPages.setComponent(.github, "Teapots", status: "degraded_performance")
        let page = summary()
        #expect(page["components"][1]["status"] == .string("major_outage"))
        #expect(page["components"][page["components"].count - 1]["name"] == .string("Teapots"))
        #expect(page["status"]["indicator"] == .string("critical"))
        try rig.simulator.statusPages.restore(.github)
        #expect(summary()["status"]["indicator"] == .string("none"))
    }

    @Test("the indicator can disagree with what is open, as real ones do")
    func indicator() throws {
        try rig.simulator.statusPages.openIncident(.github, .init(impact: "critical"))
        try rig.simulator.statusPages.set(.github, .init(indicator: "none"))
        #expect(summary()["status"]["indicator"] == .string("none"))
        #expect(summary()["incidents"].count == 1)
        try rig.simulator.statusPages.set(.github, .init())
        #expect(summary()["status"]["indicator"] == .string("critical"))
    }

    @Test("a maintenance stands in its own list")
    func maintenance() throws {
        let id = try rig.simulator.statusPages.openIncident(.sanity, .init(name: "New disks", maintenance: true))
        #expect(summary(.sanity)["scheduled_maintenances"][0]["status"] == .string("in_progress"))
        #expect(summary(.sanity)["incidents"].count == 0)
        try rig.simulator.statusPages.resolveIncident(.sanity, id)
        #expect(summary(.sanity)["scheduled_maintenances"].count == 0)
    }

    @Test(
        "a command that cannot be is refused with what to do instead",
        arguments: [
            ("PUT", "gitlab", "", 404, "github, vercel"), ("GET", "github/none", "", 404, "there are: PUT"),
            ("PUT", "github", #"{"indicator":"red"}"#, 400, "must be one of: none"),
            ("PUT", "github/components/API", #"{"status":"down"}"#, 400, "must be one of: operational"),
            ("PUT", "github/components/API", "", 400, "'status' is missing"),
            ("POST", "github/incidents", #"{"impact":"huge"}"#, 400, "'impact' must be one of"),
            ("POST", "github/incidents", #"{"components":["Teapots"]}"#, 400, "no component 'Teapots'"),
            ("POST", "github/incidents", #"{"name":""}"#, 400, "1 to 4096"),
            ("DELETE", "github/incidents/none", "", 404, "no incident 'none'"),
        ])
    func refusal(method: String, path: String, body: String, status: Int, sentence: String) {
        let reply = rig.client.send(method, "/_sim/statuspage/\(path)", body: body)
        #expect(reply.status == status)
        #expect(JSON(reply)["error"].string?.contains(sentence) == true, "\(reply.text)")
    }

    @Test("what is no page is not found, and faults strike pages too")
    func faults() throws {
        #expect(rig.client.send("/statuspage/github/api/v2/none.json").status == 404)
        #expect(rig.client.send("/statuspage").status == 404)
        try rig.simulator.inject(Fault(.status(503, retryAfter: nil), provider: .statuspage))
        #expect(rig.client.send("/statuspage/github/api/v2/summary.json").status == 503)
        #expect(rig.shop().status == 200)
    }
}
