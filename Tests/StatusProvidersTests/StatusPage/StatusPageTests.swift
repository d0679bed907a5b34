import StatusProviders
import Testing

@Suite("Status page: what is sent")
struct StatusPageTests {
    private func parsed(_ text: String) -> StatusPage? { StatusPage(json: Array(text.utf8)) }

    @Test("a whole page is read, its containers left out")
    func whole() throws {
        let page = try #require(
            parsed(
                """
                {"page": {"id": "kctbh9vrtdwd", "name": "GitHub"},
                 "status": {"indicator": "major", "description": "Partial System Outage"},
                 "components": [
                   {"id": "g", "name": "Core", "status": "major_outage", "group": true, "group_id": null},
                   {"id": "a", "name": "API Requests", "status": "partial_outage", "group": false, "group_id": "g"},
                   {"id": "b", "name": "Pages", "status": "under_maintenance"}],
                 "incidents": [
                   {"id": "i", "name": "API is slow", "status": "identified", "impact": "critical",
                    "components": [{"id": "a", "name": "API Requests", "status": "operational"}],
                    "incident_updates": [{"affected_components": [{"code": "b", "name": "Pages"}]}]}],
                 "scheduled_maintenances": [
                   {"id": "m", "name": "New disks", "status": "in_progress", "impact": "none", "components": []},
                   {"id": "n", "name": "Newer disks", "status": "scheduled", "impact": "maintenance"}]}
                """))
        #expect(page.indicator == .major)
        #expect(
            page.components == [
                .init(id: "a", name: "API Requests", severity: .major),
                .init(id: "b", name: "Pages", severity: .maintenance),
            ])
        #expect(
            page.notices == [
                .init(
                    title: "API is slow", impact: .critical,
                    components: [.init(id: "a", name: "API Requests")]),
                .init(title: "New disks", isMaintenance: true, impact: .maintenance),
                .init(title: "Newer disks", isMaintenance: true, isOpen: false, impact: .maintenance),
            ])
    }

    @Test("an incident that lists no components has those of its updates")
    func updates() throws {
        let page = try #require(
            parsed(
                """
                {"incidents": [{"name": "x", "status": "investigating", "impact": "minor", "components": null,
                  "incident_updates": [null, {"affected_components": null},
                    {"affected_components": [{"code": "c", "name": "API", "new_status": "major_outage"}]}]}]}
                """))
        #expect(page.notices.first?.components == [.init(id: "c", name: "API", severity: .critical)])
    }

    @Test(
        "an incident goes on until it is said to have ended",
        arguments: [
            ("investigating", true), ("identified", true), ("monitoring", true), ("resolved", false),
            ("postmortem", false), ("something new", true),
        ])
    func states(status: String, isOpen: Bool) throws {
        let page = try #require(parsed(#"{"incidents": [{"name": "x", "status": "\#(status)", "impact": "minor"}]}"#))
        #expect(page.notices.map(\.isOpen) == [isOpen])
    }

    @Test(
        "a maintenance explains only while it is under way",
        arguments: [
            ("scheduled", false), ("in_progress", true), ("verifying", true), ("completed", false), ("?", false),
        ])
    func maintenances(status: String, isOpen: Bool) throws {
        let page = try #require(
            parsed(#"{"status": {}, "components": [], "scheduled_maintenances": [{"status": "\#(status)"}]}"#))
        #expect(page.notices == [.init(title: "", isMaintenance: true, isOpen: isOpen, impact: .maintenance)])
    }

    @Test(
        "what is missing, null or odd is passed over alone",
        arguments: [
            #"{"status": {"indicator": "minor"}}"#,
            #"{"status": {"indicator": "minor"}, "incidents": null, "scheduled_maintenances": null}"#,
            #"{"status": {"indicator": "minor"}, "components": "none", "incidents": {"a": 1}}"#,
            #"{"status": {"indicator": "minor"}, "components": [null, 3, {"id": 3}, {"name": null}, []]}"#,
            #"{"status": {"indicator": "minor"}, "incidents": [null, "x", [1]]}"#,
        ])
    func oddities(text: String) {
        #expect(parsed(text) == StatusPage(indicator: .minor))
    }

    @Test("words that are not known say nothing")
    func unknownWords() throws {
        let page = try #require(
            parsed(
                """
                {"status": {"indicator": "purple"}, "components": [{"name": "API", "status": "wobbly"}],
                 "incidents": [{"name": 3, "status": null, "impact": "cosmic"}]}
                """))
        #expect(
            page
                == StatusPage(
                    components: [.init(name: "API")], notices: [.init(title: "", impact: .none)]))
    }

    @Test(
        "what is no status page is none",
        arguments: [
            "", "null", "[]", "{}", "3", "<!DOCTYPE html><html></html>", #"{"message": "Not Found"}"#,
            #"{"status": "ok"}"#, "{\"components\": [", String(repeating: "[", count: 100_000),
        ])
    func noPage(text: String) {
        #expect(parsed(text) == nil)
    }
}
