import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// The machine alone: what came is a script, and each step is written in a word.
@Suite("Services: what one read does next")
struct ServiceCheckTests {
    enum Came: Sendable {
        case status(Int, retryAfter: String? = nil, took: Duration = .milliseconds(10), body: String = "")
        case error(HTTPClientError.Kind)
        /// A pause went by.
        case pause

        static let timeout = Came.error(.timeout)
    }

    struct Script: CustomTestStringConvertible, Sendable {
        var name: String
        var target = ServiceTarget(name: "w", url: "https://w/health")
        var came: [Came]
        /// What is left of the read after each request; the last one goes on.
        var timeLeft: [Duration] = [.seconds(2)]
        var steps: [String]

        var testDescription: String { name }
    }

    private static let now = UnixTime(seconds: 1_768_478_400)

    @Test("the steps are those of the script", arguments: merged + separate + bounds)
    func script(_ script: Script) throws {
        var check = ServiceCheck(script.target, expectations: try ServiceExpectations(script.target))
        var steps = [Self.word(check.start())]
        var timeLeft = script.timeLeft
        for came in script.came {
            let step: ServiceCheck.Step
            if case .pause = came {
                step = check.paused()
            } else {
                let left = timeLeft.count > 1 ? timeLeft.removeFirst() : timeLeft.first ?? .zero
                step = check.received(Self.result(came), timeLeft: left, now: Self.now)
            }
            steps.append(Self.word(step))
        }
        #expect(steps == script.steps)
    }

    private static let merged: [Script] = [
        Script(name: "awake: one request", came: [.status(200)], steps: ["check 800ms", "answered 200"]),
        Script(
            name: "503, then fine: a cold start", came: [.status(503), .pause, .status(200)],
            steps: ["check 800ms", "pause 250ms", "check 5s", "answered 200 cold"]),
        Script(
            name: "502, then fine: a cold start", came: [.status(502), .pause, .status(200)],
            steps: ["check 800ms", "pause 250ms", "check 5s", "answered 200 cold"]),
        Script(
            name: "silence, then fine at once: a cold start, and no pause for time that has passed",
            came: [.timeout, .status(200)], steps: ["check 800ms", "check 5s", "answered 200 cold"]),
        Script(
            name: "silence, then fine as slowly: slow and not cold",
            came: [.timeout, .status(200, took: .milliseconds(900))],
            steps: ["check 800ms", "check 5s", "answered 200"]),
        Script(
            name: "503 throughout", came: [.status(503), .pause, .status(503), .pause, .status(503)],
            steps: ["check 800ms", "pause 250ms", "check 5s", "pause 250ms", "check 5s", "lifeless 503 declared"]),
        Script(
            name: "503 once is the platform's word for all of the read",
            came: [.status(503), .pause, .timeout, .timeout],
            steps: ["check 800ms", "pause 250ms", "check 5s", "check 5s", "lifeless silent declared"]),
        Script(
            name: "silence throughout", came: [.timeout, .timeout, .timeout],
            steps: ["check 800ms", "check 5s", "check 5s", "lifeless silent"]),
        Script(
            name: "504 and 408 are silence told by somebody else",
            came: [.status(504), .pause, .status(408), .pause, .status(504)],
            steps: ["check 800ms", "pause 250ms", "check 5s", "pause 250ms", "check 5s", "lifeless 504"]),
        Script(
            name: "a refused connection is no sleep", came: [.error(.connect)], steps: ["check 800ms", "failed"]),
        Script(
            name: "silence, then a refused connection", came: [.timeout, .error(.connect)],
            steps: ["check 800ms", "check 5s", "failed"]),
        Script(name: "401 is awake", came: [.status(401)], steps: ["check 800ms", "answered 401"]),
        Script(name: "500 is awake", came: [.status(500)], steps: ["check 800ms", "answered 500"]),
        Script(
            name: "a 503 that the service itself words is awake",
            came: [.status(503, body: #"{"status":"DOWN"}"#)], steps: ["check 800ms", "answered 503"]),
        Script(
            name: "a 503 that is expected is awake",
            target: ServiceTarget(name: "w", url: "https://w/", expectedStatus: [503...503]), came: [.status(503)],
            steps: ["check 800ms", "answered 503"]),
    ]

    private static let separate: [Script] = [
        Script(
            name: "awake at its waking address: the check", target: waking, came: [.status(204), .status(200)],
            steps: ["ping 800ms", "check 5s", "answered 200"]),
        Script(
            name: "whatever else the waking address says, the check judges", target: waking,
            came: [.status(404), .status(200)], steps: ["ping 800ms", "check 5s", "answered 200"]),
        Script(
            name: "a waking address that is not there says nothing of the service", target: waking,
            came: [.error(.dns), .status(200)], steps: ["ping 800ms", "check 5s", "answered 200"]),
        Script(
            name: "cold twice, then the check all the same", target: waking,
            came: [.status(503), .pause, .timeout, .status(200)],
            steps: ["ping 800ms", "pause 250ms", "ping 800ms", "check 5s", "answered 200 cold"]),
        Script(
            name: "cold, then awake", target: waking, came: [.timeout, .status(200), .status(200)],
            steps: ["ping 800ms", "ping 800ms", "check 5s", "answered 200 cold"]),
        Script(
            name: "awake, and the check answers 503 once", target: waking,
            came: [.status(200), .status(503), .pause, .status(200)],
            steps: ["ping 800ms", "check 5s", "pause 250ms", "check 5s", "answered 200 cold"]),
        Script(
            name: "a throttled ping is not followed by more", target: waking, came: [.status(429)],
            steps: ["ping 800ms", "answered 429"]),
        Script(
            name: "a check by POST follows a bare ping and is sent once",
            target: ServiceTarget(name: "w", url: "https://w/run", method: "POST"), came: [.status(405), .timeout],
            steps: ["ping 800ms", "check 5s", "lifeless silent"]),
    ]

    private static let bounds: [Script] = [
        Script(
            name: "no time for another request", came: [.timeout], timeLeft: [.milliseconds(40)],
            steps: ["check 800ms", "lifeless silent"]),
        Script(
            name: "no time for the pause and another request", came: [.status(502)], timeLeft: [.milliseconds(290)],
            steps: ["check 800ms", "lifeless 502"]),
        Script(
            name: "Retry-After within the time left is waited for to the second",
            came: [.status(503, retryAfter: "1"), .pause, .status(200)],
            steps: ["check 800ms", "pause 1s", "check 5s", "answered 200 cold"]),
        Script(
            name: "Retry-After beyond it ends the read", came: [.status(503, retryAfter: "120")],
            steps: ["check 800ms", "lifeless 503 declared +120s"]),
        Script(
            name: "Retry-After beyond it ends the waking", target: waking, came: [.status(503, retryAfter: "120")],
            steps: ["ping 800ms", "lifeless 503 declared +120s"]),
        Script(
            name: "a time for the check shorter than the ping's bounds both",
            target: ServiceTarget(name: "w", url: "https://w/", timeout: .milliseconds(300)), came: [.status(200)],
            steps: ["check 300ms", "answered 200"]),
    ]

    private static let waking = ServiceTarget(name: "w", url: "https://w/health", warmUpURL: "https://w/wake")

    private static func result(_ came: Came) -> Result<HTTPResponse, HTTPClientError> {
        switch came {
        case .status(let status, let retryAfter, let took, let body):
            var headers = HTTPHeaders()
            headers["Retry-After"] = retryAfter
            return .success(HTTPResponse(status, headers, text: body, latency: took))
        case .error(let kind): return .failure(HTTPClientError(kind: kind, detail: ""))
        case .pause: return .failure(HTTPClientError(kind: .other, detail: "a pause is no result"))
        }
    }

    private static func word(_ step: ServiceCheck.Step) -> String {
        switch step {
        case .ping(let timeout): "ping \(DurationText.render(timeout))"
        case .check(let timeout): "check \(DurationText.render(timeout))"
        case .pause(let duration): "pause \(DurationText.render(duration))"
        case .finished(.answered(let response, let isCold)): "answered \(response.status)\(isCold ? " cold" : "")"
        case .finished(.failed): "failed"
        case .finished(.lifeless(let silence)):
            "lifeless \(silence.status.map { String($0) } ?? "silent")\(silence.isDeclared ? " declared" : "")"
                + (silence.retryAfter.map { " +\($0.since(now).components.seconds)s" } ?? "")
        }
    }
}
