import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite(
    "Status page: recorded pages",
    .enabled(if: Recordings.statusPage.isPresent, "no recordings at ../shared/payloads/statuspage"))
struct StatusPageRecordingsTests {
    @Test(
        "a recorded page explains what the recording expects",
        arguments: [
            ("github_components_ok_200.json", nil),
            (
                "github_components_problem_200.json",
                StatusPageTrouble(severity: .major, subject: .component("GitHub Actions"))
            ),
            (
                "github_summary_incident_indicator_none_200.json",
                StatusPageTrouble(severity: .minor, subject: .incident("Incident across several services"))
            ),
        ])
    func recorded(name: String, trouble: StatusPageTrouble?) throws {
        let page = try #require(try Recordings.statusPage.response(name).flatMap { StatusPage(json: $0.body) })
        #expect(page.trouble(of: StatusPageParts(.github)) == trouble)
    }
}
