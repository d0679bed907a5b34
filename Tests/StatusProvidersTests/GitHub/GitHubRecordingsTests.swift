import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite(
    "GitHub: recorded answers",
    .enabled(if: Recordings.github.isPresent, "no recordings at ../shared/payloads/github"),
    .timeLimit(.minutes(1)))
struct GitHubRecordingsTests {
    /// Recordings of what a read never asks for: actions, webhooks, the list of hooks, and lists of several pages.
    private static let others: Set = [
        "action_merge_upstream_200.json", "action_merge_upstream_409.json", "action_repository_dispatch_204.json",
        "action_workflow_dispatch_422.json", "action_workflow_dispatch_run_details_200.json",
        "hook_get_last_response_200.json", "pagination_link_200.json", "webhook_ping.json", "webhook_push_branch.json",
        "webhook_signature_vector.json",
    ]
    private static let answers: Set = ["repo_get_200.json", "not_modified_304.json", "commits_list_200.json"]
    private static let refusals: [(name: String, code: ProblemCode, cause: ProblemCause, retryAfter: UnixTime?)] = [
        ("bad_credentials_401.json", .oauthRevoked, .refused, nil),
        ("forbidden_no_admin_403.json", .missingScope, .refused, nil), ("not_found_404.json", .notFound, .refused, nil),
        ("rate_limit_primary_403.json", .rateLimited, .throttled, GitHubScene.wall.advanced(by: .seconds(60))),
        ("rate_limit_primary_modern_403.json", .rateLimited, .throttled, UnixTime(seconds: 1_790_000_000)),
        ("rate_limit_secondary_403.json", .rateLimited, .throttled, GitHubScene.wall.advanced(by: .seconds(60))),
    ]

    @Test("every recording is tried, or is none of a read")
    func complete() throws {
        let tried = Self.answers.union(Self.refusals.map(\.name))
        #expect(try Recordings.github.names == tried.union(Self.others))
    }

    @Test("the recorded repository, pushed in 2017, is linked and quiet")
    func repository() async throws {
        let reading = try await scene("repo_get_200.json").read()
        #expect(reading.label == ResourceLabel(full: "octokit-fixture-org/hello-world", generic: "Repository"))
        #expect(reading.status.status(at: GitHubScene.wall) == .warning)
        let pushedAt = UnixTime(seconds: 1_509_739_906)
        #expect(reading.status.status(at: pushedAt.advanced(by: .seconds(86_400))) == .connected)
        #expect(
            reading.summary.parts == [
                .restricted("Linked to master", generic: "Linked"), .ago(label: "Last push", pushedAt),
            ])
        #expect(reading.problem == nil)
        #expect(reading.budget?.remaining == 4962)
    }

    @Test("the recorded 304 confirms a reading made before")
    func notModified() async throws {
        let scene = try scene("repo_get_200.json")
        let first = try await scene.read()
        let confirmation = try #require(try Recordings.github.response("not_modified_304.json"))
        scene.transport.script("/repos/octo/hello", .answer(confirmation))
        let second = try await scene.later(.seconds(60)).read(previous: first)
        #expect(second.summary == first.summary)
        #expect(second.status == first.status)
    }

    @Test("the recorded commits are found")
    func commits() throws {
        let response = try #require(try Recordings.github.response("commits_list_200.json"))
        #expect(GitHubCommits(response, now: GitHubScene.wall) == .present)
    }

    @Test("a recorded refusal means what the recording expects", arguments: refusals)
    func refusal(name: String, code: ProblemCode, cause: ProblemCause, retryAfter: UnixTime?) async throws {
        let failure = try #require(await scene(name).failure())
        #expect(failure.code == code)
        #expect(failure.cause == cause)
        #expect(failure.retryAfter == retryAfter)
        // A refusal is an error in place of what was known, a limit leaves it as it was.
        #expect(failure.disposition == (cause == .refused ? .replaces : .keepsLast))
    }

    private func scene(_ name: String) throws -> GitHubScene {
        GitHubScene(repository: try #require(try Recordings.github.response(name)))
    }
}
