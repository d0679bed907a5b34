import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: what became of an action")
struct GitHubActionOutcomeTests {
    private static let pushes = #"{"event_type":"go"}"#
    private static let runs = #"{"workflow":"deploy.yml","ref":"main"}"#

    private func outcome(
        _ action: IntegrationAction, _ payload: String, _ step: ScriptedTransport.Step
    ) async -> Result<ActionStep, ActionFailure> {
        let script = ScriptedTransport([
            "/repos/acme/shop/dispatches": [step], "/repos/acme/shop/merge-upstream": [step],
            "/repos/acme/shop/actions/workflows/deploy.yml/dispatches": [step],
        ])
        let scene = ActionScene(action, .github(GitHubTarget(owner: "acme", repository: "shop")), payload: payload)
        let outcome = await scene.perform(GitHubActions(transport: script, digest: GitHubScene.digest))
        #expect(script.requests.count == 1)
        return outcome
    }

    @Test("an answer to an event means what the table says", arguments: common + events)
    func event(row: RefusalRow) async { row.check(await outcome(.push, Self.pushes, .answer(row.response))) }

    @Test("an answer to a workflow means what the table says", arguments: common + workflows)
    func workflow(row: RefusalRow) async { row.check(await outcome(.push, Self.runs, .answer(row.response))) }

    @Test("an answer to a sync means what the table says", arguments: common + syncs)
    func sync(row: RefusalRow) async {
        row.check(await outcome(.sync, #"{"branch":"main"}"#, .answer(row.response)))
    }

    private static let common: [RefusalRow] = [
        RefusalRow(
            name: "dead token", status: 401, body: #"{"message":"Bad credentials"}"#, code: .unauthenticated,
            reason: "OAUTH_REVOKED"),
        RefusalRow(
            name: "primary limit", status: 403,
            headers: ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1757600460"],
            body: #"{"message":"API rate limit exceeded"}"#, code: .resourceExhausted, reason: "RATE_LIMITED", wait: 60,
            holdsReads: true),
        RefusalRow(
            name: "secondary limit", status: 429, headers: ["retry-after": "30"],
            body: #"{"message":"You have exceeded a secondary rate limit"}"#, code: .resourceExhausted,
            reason: "RATE_LIMITED", wait: 30, holdsReads: true),
        RefusalRow(
            name: "single sign-on", status: 403, headers: ["x-github-sso": "required; url=https://github.com/orgs/a"],
            body: #"{"message":"Resource protected"}"#, code: .permissionDenied, reason: "MISSING_SCOPE",
            says: "single sign-on"),
        RefusalRow(
            name: "no such permission", status: 403, body: #"{"message":"Resource not accessible by integration"}"#,
            code: .permissionDenied, reason: "MISSING_SCOPE", says: ": write"),
        RefusalRow(
            name: "no admin", status: 403, body: #"{"message":"Must have admin rights to Repository."}"#,
            code: .permissionDenied, reason: "MISSING_SCOPE"),
        RefusalRow(
            name: "renamed", status: 307, body: #"{"message":"Moved"}"#, code: .failedPrecondition,
            reason: "MISCONFIGURED", says: "moved"),
        RefusalRow(
            name: "a message that repeats the token", status: 422,
            body: #"{"message":"what is \#(ActionScene.canary)?"}"#, code: .failedPrecondition,
            reason: "REQUEST_REJECTED"),
        RefusalRow(
            name: "GitHub's own failure", status: 500, body: #"{"error":"Server Error"}"#, code: .unknown,
            reason: "OUTCOME_UNKNOWN", isUnknown: true),
        RefusalRow(
            name: "unavailable", status: 503, body: "<html>", code: .unknown, reason: "OUTCOME_UNKNOWN",
            isUnknown: true),
        RefusalRow(name: "a proxy's page", status: 404, body: "<html>", code: .unavailable, reason: "UNKNOWN"),
        .lost("a gateway's page", 502, "<html>Unicorn!</html>"), .lost("a gateway without words", 504, ""),
        .lost("GitHub gave up on it", 504, #"{"message":"We couldn't respond to your request in time."}"#),
        .lost("a captive portal", 200, "<html>Welcome</html>"),
    ]

    private static let events: [RefusalRow] = [
        RefusalRow(
            name: "no write access", status: 404, body: #"{"message":"Not Found"}"#, code: .notFound,
            reason: "NOT_FOUND", says: "Contents: write"),
        RefusalRow(
            name: "rejected", status: 422, body: #"{"message":"Invalid request."}"#, code: .failedPrecondition,
            reason: "REQUEST_REJECTED", says: "Invalid request."),
        RefusalRow(
            name: "in the way", status: 409, body: #"{"message":"Repository is locked"}"#, code: .failedPrecondition,
            reason: "CONFLICT", says: "locked"),
    ]

    private static let workflows: [RefusalRow] = [
        RefusalRow(
            name: "no such workflow", status: 404, body: #"{"message":"Not Found"}"#, code: .notFound,
            reason: "NOT_FOUND", says: "payload.workflow"),
        RefusalRow(
            name: "not to be dispatched", status: 422,
            body: #"{"message":"Workflow does not have 'workflow_dispatch' trigger"}"#, code: .failedPrecondition,
            reason: "REQUEST_REJECTED", says: "'workflow_dispatch'"),
        RefusalRow(
            name: "an input lacks", status: 422, body: #"{"message":"Required input 'level' not provided"}"#,
            code: .failedPrecondition, reason: "REQUEST_REJECTED", says: "'level'"),
    ]

    private static let syncs: [RefusalRow] = [
        RefusalRow(
            name: "no such branch", status: 404, body: #"{"message":"Branch not found"}"#, code: .notFound,
            reason: "BRANCH_NOT_FOUND"),
        RefusalRow(
            name: "conflict", status: 409, body: #"{"message":"There are merge conflicts"}"#, code: .failedPrecondition,
            reason: "MERGE_CONFLICT", says: "by hand"),
        RefusalRow(
            name: "no fork", status: 422, body: #"{"message":"Not a fork"}"#, code: .failedPrecondition,
            reason: "REQUEST_REJECTED", says: "no fork"),
        .lost("an answer of no known kind", 200, #"{"merge_type":"octopus"}"#),
    ]

    @Test("a request without an answer is lost unless it cannot have arrived", arguments: LostRequests.rows)
    func transport(kind: HTTPClientError.Kind, isUnknown: Bool) async {
        let outcome = await outcome(.push, Self.pushes, .failure(kind))
        #expect(outcome.failure?.isOutcomeUnknown == isUnknown)
        #expect(outcome.tells("Actions page") == isUnknown)
        #expect(!outcome.tells("acme"))
        // Before a connection came about nothing can have happened, whatever went wrong.
        let unsent = await self.outcome(.push, Self.pushes, .unsent(kind))
        #expect(unsent.failure?.isOutcomeUnknown == false)
    }

    @Test(
        "recorded answers of GitHub's mean what they should",
        .enabled(if: Recordings.github.isPresent, "the recorded answers are not here"))
    func recordings() async throws {
        let rows: [(file: String, action: IntegrationAction, payload: String, reason: String?)] = [
            ("action_repository_dispatch_204", .push, Self.pushes, nil),
            ("action_workflow_dispatch_run_details_200", .push, Self.runs, nil),
            ("action_workflow_dispatch_422", .push, Self.runs, "REQUEST_REJECTED"),
            ("action_merge_upstream_200", .sync, #"{"branch":"main"}"#, nil),
            ("action_merge_upstream_409", .sync, #"{"branch":"main"}"#, "MERGE_CONFLICT"),
            ("bad_credentials_401", .push, Self.pushes, "OAUTH_REVOKED"),
            ("rate_limit_secondary_403", .push, Self.pushes, "RATE_LIMITED"),
        ]
        for row in rows {
            let response = try #require(try Recordings.github.response("\(row.file).json"))
            let outcome = await outcome(row.action, row.payload, .answer(response))
            #expect(outcome.failure?.reason == row.reason, "\(row.file)")
            #expect((outcome.done == nil) == (row.reason != nil), "\(row.file)")
        }
    }
}
