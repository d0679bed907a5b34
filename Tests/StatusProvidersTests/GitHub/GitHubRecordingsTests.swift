import FoundationEssentials
import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// Answers recorded from GitHub, where they lie beside the checkout (`../shared/payloads`); they are no part of it.
enum GitHubRecordings {
    static let directory: String = {
        // Tests/StatusProvidersTests/GitHub/<this file>: four steps up is the package, five its neighbours.
        let parts = #filePath.split(separator: "/").dropLast(5)
        return "/" + parts.joined(separator: "/") + "/shared/payloads/github"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: directory) }

    /// The recorded answer of a file; nil when it holds none.
    static func response(_ name: String) throws -> HTTPResponse? {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/\(name)"))
        guard let recorded = try JSONDecoder().decode(File.self, from: data).response else { return nil }
        var response = HTTPResponse(recorded.status)
        for (name, value) in recorded.headers { response.headers[name] = value }
        if let body = recorded.body { response.body = Array(try JSONEncoder().encode(body)) }
        return response
    }

    private struct File: Decodable {
        struct Response: Decodable {
            var status: Int
            var headers: [String: String]
            var body: JSONValue?
        }

        var response: Response?
    }
}

/// Any JSON, to write it out again.
private enum JSONValue: Codable {
    case null, bool(Bool), number(Double), text(String), list([JSONValue]), object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

@Suite(
    "GitHub: recorded answers",
    .enabled(if: GitHubRecordings.isPresent, "no recordings at ../shared/payloads/github"),
    .timeLimit(.minutes(1)))
struct GitHubRecordingsTests {
    @Test("the recorded repository, pushed in 2017, is linked and quiet")
    func repository() async throws {
        let reading = try await scene("repo_get_200.json").read()
        #expect(reading.label == ResourceLabel(full: "octokit-fixture-org/hello-world", generic: "Repository"))
        #expect(reading.status.status(at: GitHubScene.wall) == .warning)
        let pushedAt = UnixTime(seconds: 1_509_739_906)
        #expect(reading.status.status(at: pushedAt.advanced(by: .seconds(86_400))) == .connected)
        #expect(reading.summary.parts == [.text("Linked to master"), .ago(label: "Last push", pushedAt)])
        #expect(reading.problem == nil)
        #expect(reading.budget?.remaining == 4962)
    }

    @Test("the recorded 304 confirms a reading made before")
    func notModified() async throws {
        let scene = try scene("repo_get_200.json")
        let first = try await scene.read()
        let confirmation = try #require(try GitHubRecordings.response("not_modified_304.json"))
        scene.transport.script("/repos/octo/hello", .answer(confirmation))
        let second = try await scene.later(.seconds(60)).read(previous: first)
        #expect(second.summary == first.summary)
        #expect(second.status == first.status)
    }

    @Test("the recorded commits are found")
    func commits() throws {
        let response = try #require(try GitHubRecordings.response("commits_list_200.json"))
        #expect(GitHubCommits(response, now: GitHubScene.wall) == .present)
    }

    @Test(
        "a recorded refusal means what the recording expects",
        arguments: [
            ("bad_credentials_401.json", ProblemCode.oauthRevoked, nil),
            ("forbidden_no_admin_403.json", .missingScope, nil), ("not_found_404.json", .notFound, nil),
            ("rate_limit_primary_403.json", .rateLimited, GitHubScene.wall.advanced(by: .seconds(60))),
            ("rate_limit_primary_modern_403.json", .rateLimited, UnixTime(seconds: 1_790_000_000)),
            ("rate_limit_secondary_403.json", .rateLimited, GitHubScene.wall.advanced(by: .seconds(60))),
        ])
    func refusal(name: String, code: ProblemCode, retryAfter: UnixTime?) async throws {
        let scene = try scene(name)
        let failure = await scene.failure()
        #expect(failure?.code == code)
        #expect(failure?.retryAfter == retryAfter)
    }

    private func scene(_ name: String) throws -> GitHubScene {
        GitHubScene(repository: try #require(try GitHubRecordings.response(name)))
    }
}
