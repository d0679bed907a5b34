import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite(
    "Vercel: recorded answers",
    .enabled(if: Recordings.vercel.isPresent, "no recordings at ../shared/payloads/vercel"),
    .timeLimit(.minutes(1)))
struct VercelRecordingsTests {
    /// Recordings of what is no read: actions and webhooks.
    private static let others = [
        "action_deploy_hook_201.json", "webhook_deployment_created.json", "webhook_signature_vector.json",
    ]
    private static let reads = [
        "deployments_empty_200.json", "deployments_list_mixed_200.json", "forbidden_doc_403.json",
        "forbidden_scope_403.json", "invalid_token_403.json", "not_found_404.json", "project_get_200.json",
        "rate_limited_429.json",
    ]

    @Test("every recording is tried, or is none of a read")
    func complete() throws {
        #expect(try Recordings.vercel.names == Set(Self.reads + Self.others))
    }

    @Test("the recorded list: production failing above an earlier one that is live, and a preview that is fine")
    func mixed() async throws {
        let list = try recording("deployments_list_mixed_200.json")
        let reading = try await VercelScene(newest: list, productions: list).read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(
            reading.summary.parts == [
                .text("3 deployments this week"), .text("Production failing"), .text("Earlier one live"),
            ])
        #expect(reading.environments.map(\.name) == ["production", "preview"])
        #expect(reading.environments.map(\.status) == [StatusTimeline(.warning), StatusTimeline(.connected)])
        #expect(
            reading.environments.map(\.url) == [
                "https://shop-xyz789-acme.vercel.app", "https://shop-git-feature-acme.vercel.app",
            ])
        #expect(reading.environments.first?.lastDeployAt == UnixTime(seconds: 1_757_500_000))
        #expect(reading.budget?.remaining == 497)
        #expect(reading.problem == nil)
    }

    @Test("the recorded empty list is a project without deployments")
    func empty() async throws {
        let list = try recording("deployments_empty_200.json")
        let reading = try await VercelScene(newest: list, productions: list).read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.summary.parts == [.text("No deployments yet")])
    }

    @Test("the recorded project names itself and what production serves")
    func project() async throws {
        let project = try recording("project_get_200.json")
        let reading = try await VercelScene(project: project, newest: VercelScene.list()).read()
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.label?.full == "cli")
        let deployedAt = UnixTime(nanoseconds: 1_571_239_348_998_000_000)
        #expect(reading.summary.parts == [.ago(label: "Last deployment", deployedAt), .text("Live")])
        #expect(reading.environments.map(\.url) == ["https://a-project-name-rjtr4pz3f.vercel.app"])
    }

    @Test(
        "a recorded refusal means what the recording expects",
        arguments: [
            ("forbidden_doc_403.json", ProblemCode.missingScope, ProblemCause.refused, nil),
            ("forbidden_scope_403.json", .missingScope, .refused, nil),
            ("invalid_token_403.json", .oauthRevoked, .refused, nil), ("not_found_404.json", .notFound, .refused, nil),
            ("rate_limited_429.json", .rateLimited, .throttled, VercelScene.wall.advanced(by: .seconds(60))),
        ])
    func refusal(name: String, code: ProblemCode, cause: ProblemCause, retryAfter: UnixTime?) async throws {
        // The token is asked about only where the refusal says nothing of it; it lives.
        let recorded = try recording(name)
        let failure = await VercelScene(project: recorded, newest: recorded, user: VercelScene.user).failure()
        #expect(failure?.code == code)
        #expect(failure?.cause == cause)
        #expect(failure?.retryAfter == retryAfter)
        #expect(failure?.disposition == (cause == .refused ? .replaces : .keepsLast))
    }

    private func recording(_ name: String) throws -> HTTPResponse {
        try #require(try Recordings.vercel.response(name))
    }
}
