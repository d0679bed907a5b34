import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: what became of an order")
struct VercelActionOutcomeTests {
    private static let target = Link.Target.vercel(VercelTarget(project: "shop", teamID: "team_1"))

    private func deploy(_ step: ScriptedTransport.Step) async -> Result<ActionStep, ActionFailure> {
        let script = ScriptedTransport([
            VercelScene.projectPath: [.answer(HTTPResponse(200, text: #"{"id":"prj_1","name":"shop"}"#))],
            VercelScene.newestPath: [.answer(VercelScene.list(VercelScene.deployment("dpl_good")))],
            "/v13/deployments": [step],
        ])
        let outcome = await ActionScene(.deployProduction, Self.target).perform(VercelActions(transport: script))
        #expect(script.requests.count { $0.method == "POST" } == 1)
        return outcome
    }

    @Test("an answer means what the table says, and repeats no token", arguments: refusals)
    func table(row: RefusalRow) async { row.check(await deploy(.answer(row.response))) }

    private static let refusals: [RefusalRow] = [
        RefusalRow(
            name: "dead token", status: 403, body: #"{"error":{"code":"forbidden","invalidToken":true}}"#,
            code: .unauthenticated, reason: "OAUTH_REVOKED"),
        RefusalRow(
            name: "another scope", status: 403, body: #"{"error":{"code":"forbidden","scope":"acme"}}"#,
            code: .permissionDenied, reason: "MISSING_SCOPE"),
        RefusalRow(
            name: "not found", status: 404, body: #"{"error":{"code":"not_found"}}"#, code: .notFound,
            reason: "NOT_FOUND"),
        RefusalRow(
            name: "a bad ref", status: 400,
            body: #"{"error":{"code":"bad_request","message":"The ref does not exist"}}"#, code: .failedPrecondition,
            reason: "REQUEST_REJECTED", says: "The ref does not exist."),
        RefusalRow(
            name: "a message that repeats the token", status: 400,
            body: #"{"error":{"code":"bad_request","message":"bad header \#(ActionScene.canary)"}}"#,
            code: .failedPrecondition, reason: "REQUEST_REJECTED"),
        RefusalRow(
            name: "a message that turns the terminal", status: 400,
            body: #"{"error":{"code":"bad_request","message":"\u001b[2J"}}"#, code: .failedPrecondition,
            reason: "REQUEST_REJECTED"),
        RefusalRow(
            name: "a conflict", status: 409, body: #"{"error":{"code":"conflict","message":"Busy"}}"#,
            code: .failedPrecondition, reason: "CONFLICT", says: "Busy."),
        RefusalRow(
            name: "the day's quota", status: 402,
            body: #"{"error":{"code":"api-deployments-free-per-day","limit":{"resetMs":1757604000000}}}"#,
            code: .resourceExhausted, reason: "QUOTA_EXHAUSTED", wait: 3600),
        RefusalRow(
            name: "builds limited", status: 429, headers: ["Retry-After": "90"],
            body: #"{"error":{"code":"builds_rate_limited"}}"#, code: .resourceExhausted, reason: "RATE_LIMITED",
            wait: 90),
        RefusalRow(
            name: "requests limited", status: 429, headers: ["Retry-After": "20"],
            body: #"{"error":{"code":"rate_limited"}}"#, code: .resourceExhausted, reason: "RATE_LIMITED", wait: 20,
            holdsReads: true),
        RefusalRow(
            name: "Vercel's own failure", status: 500, body: #"{"error":{"code":"internal_server_error"}}"#,
            code: .unknown,
            reason: "OUTCOME_UNKNOWN", isUnknown: true),
        RefusalRow(
            name: "unavailable", status: 503, body: "<html>", code: .unknown, reason: "OUTCOME_UNKNOWN",
            isUnknown: true),
        RefusalRow(name: "a redirect", status: 307, code: .failedPrecondition, reason: "MISCONFIGURED"),
        RefusalRow(name: "a proxy's page", status: 403, body: "<html>", code: .unavailable, reason: "UNKNOWN"),
        .lost("a gateway's page", 502, "<html>Bad gateway</html>"), .lost("a gateway without words", 504, ""),
        .lost("a failure that is nobody's", 500, "oops"), .lost("an answer that names nothing", 200, "<html>"),
        .lost("an id that is none", 200, #"{"id":"../v2/user","readyState":"QUEUED"}"#),
    ]

    @Test("a request without an answer is lost unless it cannot have arrived", arguments: LostRequests.rows)
    func transport(kind: HTTPClientError.Kind, isUnknown: Bool) async {
        let outcome = await deploy(.failure(kind))
        #expect(outcome.failure?.isOutcomeUnknown == isUnknown)
        // It tells by what to look for it.
        #expect(outcome.tells(ActionScene.operationID) == isUnknown)
    }

    @Test("once no time is left nothing is sent")
    func late() async {
        let script = ScriptedTransport([:])
        let scene = ActionScene(.link, Self.target, payload: #"{"repo":"a/b"}"#, timeGiven: .zero)
        let failure = await scene.perform(VercelActions(transport: script)).failure
        #expect(failure?.code == .deadlineExceeded)
        #expect(failure?.isOutcomeUnknown == false)
        #expect(script.requests.isEmpty)
    }

    @Test("a deployment that is followed tells how far it is, or why that cannot be told")
    func follow() async {
        let path = "/v13/deployments/dpl_new"
        let scene = ActionScene(.deployProduction, Self.target)
        let script = ScriptedTransport([
            path: [
                .answer(HTTPResponse(200, text: #"{"id":"dpl_new","readyState":"BUILDING"}"#)), .failure(.reset),
                .answer(HTTPResponse(200, text: #"{"id":"dpl_other","readyState":"READY"}"#)),
                .answer(VercelScene.invalidToken),
            ]
        ])
        let executor = VercelActions(transport: script)
        #expect(await scene.follow("dpl_new", executor).handle == "dpl_new")
        #expect(await scene.follow("dpl_new", executor).failure?.code == .unavailable)
        #expect(await scene.follow("dpl_new", executor).failure?.code == .unavailable)
        let refused = await scene.follow("dpl_new", executor).failure
        #expect(refused?.code == .unauthenticated)
        #expect(refused?.isOutcomeUnknown == false)
        #expect(script.requests.last?.url == "https://api.vercel.com/v13/deployments/dpl_new?teamId=team_1")
        #expect(await scene.follow("../v2/user", executor).failure?.code == .internal)
    }
}
