import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TestSupport
import Testing

@Suite("Services: waking one, and looking closely", .timeLimit(.minutes(1)))
struct ServiceActionTests {
    private func perform(
        _ action: IntegrationAction, _ scene: ServiceScene, timeGiven: Duration = .seconds(60)
    ) async -> Result<ActionStep, ActionFailure> {
        var call = ActionScene(action, .service(scene.target), now: scene.time.now, timeGiven: timeGiven)
        call.call.namedSecrets = scene.secrets
        for name in scene.secrets.keys { call.call.link?.namedCredentials[name] = .environment(name: "X") }
        let outcome = await call.perform(ServiceActions(transport: scene.transport, time: scene.time))
        #expect(!outcome.tells(ServiceScene.canary))
        return outcome
    }

    /// Performs, and lets the time of each pause pass.
    private func wake(
        _ scene: ServiceScene, pauses: Int, timeGiven: Duration = .seconds(60)
    ) async -> Result<ActionStep, ActionFailure> {
        async let outcome = perform(.wake, scene, timeGiven: timeGiven)
        for _ in 0..<pauses {
            await scene.time.waitForSleepers(1)
            scene.time.advance(by: ServiceActions.wakePause)
        }
        return await outcome
    }

    @Test("a service is asked until it answers itself, at the address that wakes it, without a secret")
    func wakes() async {
        var scene = ServiceScene([
            "/wake": [
                .answer(HTTPResponse(503)), .failure(.timeout), .answer(HTTPResponse(502)), .failure(.connect),
                .answer(HTTPResponse(404)),
            ]
        ])
        scene.target.warmUpURL = "https://worker.example.com/wake"
        scene.secrets = ["Authorization": .success(Secret(ServiceScene.canary))]
        let outcome = await wake(scene, pauses: 4)
        #expect(outcome.done?.words.full == "Awake after 5 attempts")
        #expect(outcome.done?.json == Array(#"{"attempts":5,"status":404}"#.utf8))
        #expect(scene.transport.paths == Array(repeating: "/wake", count: 5))
        #expect(scene.transport.requests.allSatisfy { $0.headers["Authorization"] == nil && $0.method == "GET" })
    }

    @Test(
        "whatever the service itself answers, it is awake",
        arguments: [
            HTTPResponse(200), HTTPResponse(401), HTTPResponse(500), HTTPResponse(503, text: #"{"status":"fail"}"#),
        ])
    func awake(answer: HTTPResponse) async {
        #expect(await perform(.wake, ServiceScene(answer)).done?.words.full == "Awake after 1 attempt")
    }

    @Test("one that does not wake is given up at the deadline, and the attempts are counted")
    func sleeps() async {
        let outcome = await wake(ServiceScene(HTTPResponse(503)), pauses: 2, timeGiven: .seconds(5))
        #expect(outcome.failure?.code == .deadlineExceeded)
        #expect(outcome.tells("after 3 attempts"))
        #expect(outcome.failure?.isOutcomeUnknown == false)
    }

    @Test(
        "what waking does not mend is told at once",
        arguments: [HTTPClientError.Kind.dns, .tls(.expired), .addressRefused])
    func broken(kind: HTTPClientError.Kind) async {
        let scene = ServiceScene(["/health": [.failure(kind)]])
        #expect(await perform(.wake, scene).failure != nil)
        #expect(scene.transport.requests.count == 1)
    }

    @Test("a smoke test is one check with all its expectations")
    func smoke() async throws {
        var scene = ServiceScene(HTTPResponse(200, text: #"{"db":"ok"}"#, latency: .milliseconds(40)))
        scene.target.bodyChecks = [.init(pointer: "/db", expected: #""ok""#)]
        let passed = try #require(await perform(.runSmokeTests, scene).done)
        #expect(passed.words.full == "1 of 1 check passed")
        #expect(passed.report?.kind == .smokeTests)
        #expect(passed.report?.runID == ActionScene.operationID)
        #expect(passed.report?.endedAt == ServiceScene.wall)
        #expect(
            passed.report?.results == [
                RunResult(
                    name: "check", key: .service("worker"), passed: true, latency: .milliseconds(40), message: "Healthy"
                )
            ])
        scene.transport.script("/health", .answer(HTTPResponse(200, text: #"{"db":"PRIVATEBODY"}"#)))
        let failed = await perform(.runSmokeTests, scene)
        #expect(failed.done?.words.full == "1 of 1 check failed")
        #expect(failed.done?.report?.results.first?.passed == false)
        #expect(!failed.tells("PRIVATEBODY"))
        #expect(scene.transport.requests.count == 2)
    }

    @Test("diagnostics wake the service and check it five times, and tell each of them")
    func diagnostics() async throws {
        var scene = ServiceScene([
            "/wake": [.answer(HTTPResponse(200, latency: .milliseconds(900)))],
            "/health": [
                .answer(HTTPResponse(200, latency: .milliseconds(10))), .answer(HTTPResponse(401)), .failure(.timeout),
                .answer(HTTPResponse(200, latency: .seconds(3))), .answer(HTTPResponse(200, latency: .microseconds(1))),
            ],
        ])
        scene.target.warmUpURL = "https://worker.example.com/wake"
        scene.secrets = ["X-Key": .success(Secret(ServiceScene.canary))]
        let outcome = await perform(.runDiagnostics, scene)
        let report = try #require(outcome.done?.report)
        #expect(outcome.done?.words.full == "2 of 6 checks failed")
        #expect(report.kind == .diagnostics)
        #expect(report.results.map(\.name) == ["warm-up", "check 1", "check 2", "check 3", "check 4", "check 5"])
        #expect(report.results.map(\.passed) == [true, true, false, false, true, true])
        #expect(report.results.map(\.latency).prefix(3) == [.milliseconds(900), .milliseconds(10), .zero])
        #expect(report.results[3].latency == nil)
        #expect(report.results[4].message == "Slow")
        #expect(scene.transport.paths == ["/wake"] + Array(repeating: "/health", count: 5))
        #expect(scene.transport.requests.map { $0.headers["X-Key"] != nil } == [false, true, true, true, true, true])
        guard case .object(let json)? = JSONValue(outcome.done?.json ?? []) else { return }
        #expect(json["passed"] == .integer(4))
        #expect(json["failed"] == .integer(2))
    }

    @Test("none of it takes a payload or changes anything, and a secret that cannot be read is said so")
    func plans() async throws {
        let scene = ServiceScene(HTTPResponse(200))
        let executor = ServiceActions(transport: scene.transport, time: scene.time)
        for action in [IntegrationAction.wake, .runDiagnostics, .runSmokeTests] {
            #expect(try ActionScene(action, .service(scene.target)).plan(executor).get().isSending == false)
            let wrong = ActionScene(action, .service(scene.target), payload: #"{"n":1}"#)
            #expect(wrong.plan(executor).failure?.field == "payload.n")
        }
        #expect(ActionScene(.sync, .service(scene.target)).plan(executor).failure?.code == .internal)
        var broken = scene
        broken.secrets = ["X-Key": .success(Secret("\(ServiceScene.canary)\r\nX-Other: 1"))]
        #expect(await perform(.runSmokeTests, broken).failure?.code == .failedPrecondition)
        #expect(scene.transport.requests.isEmpty)
    }
}
