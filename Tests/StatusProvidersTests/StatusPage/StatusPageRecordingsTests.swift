import FoundationEssentials
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// Pages recorded from providers, where they lie beside the checkout (`../shared/payloads`); they are no part of it.
private enum StatusPageRecordings {
    static let directory: String = {
        // Tests/StatusProvidersTests/StatusPage/<this file>: four steps up is the package, five its neighbours.
        let parts = #filePath.split(separator: "/").dropLast(5)
        return "/" + parts.joined(separator: "/") + "/shared/payloads/statuspage"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: directory) }

    static func page(_ name: String) throws -> StatusPage {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/\(name)"))
        return try JSONDecoder().decode(File.self, from: data).response.body
    }

    private struct File: Decodable {
        struct Response: Decodable {
            var body: StatusPage
        }

        var response: Response
    }
}

@Suite(
    "Status page: recorded pages",
    .enabled(if: StatusPageRecordings.isPresent, "no recordings at ../shared/payloads/statuspage"))
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
        #expect(try StatusPageRecordings.page(name).trouble(of: StatusPageParts(.github)) == trouble)
    }
}
