import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// The table of ``ServiceClassifier``, row by row.
@Suite("Services: the classifier's table")
struct ServiceClassifierTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var outcome: ServiceOutcome
        /// What is expected beside 2xx within a second.
        var expects = ServiceTarget(name: "w", url: "https://w/health")
        /// How long ago the service was well, and since when it has been silent.
        var wellAgo: Duration?
        var silentFor: Duration?
        /// Nil for one that is kept: the last reading stays.
        var status: ConnectionState?
        /// The disposition of a failure; nil for a verdict.
        var failure: ProviderFailure.Disposition?
        var code: ProblemCode?
        var cause: ProblemCause?
        /// What the hint must name.
        var names = ""

        var testDescription: String { name }
    }

    private static let now = Moment(instant: .now, wall: UnixTime(seconds: 1_768_478_400))

    @Test("a read means what the table says", arguments: passed + refused + faults + silence + transport)
    func table(_ row: Row) throws {
        var history = ServiceHistory(validator: "v")
        history.wellAt = row.wellAgo.map { Self.now.wall.advanced(by: .zero - $0) }
        history.silentSince = row.silentFor.map { Self.now.wall.advanced(by: .zero - $0) }
        let expectations = try ServiceExpectations(row.expects)
        do throws(ProviderFailure) {
            let verdict = try ServiceClassifier.verdict(
                on: row.outcome, of: row.expects, expectations: expectations, history: history, now: Self.now)
            #expect(row.failure == nil)
            #expect(verdict.status == row.status)
            #expect(verdict.problem?.code == row.code)
            #expect(verdict.problem?.cause == row.cause)
            #expect(verdict.problem?.hint.contains(row.names) ?? true)
            #expect(!verdict.words.isEmpty)
        } catch {
            #expect(error.disposition == row.failure)
            #expect(error.code == row.code)
            #expect(error.cause == row.cause)
            #expect(error.hint.contains(row.names))
        }
    }

    private static let passed: [Row] = [
        Row(name: "passed", outcome: answer(200), status: .connected),
        Row(name: "204 passes as well", outcome: answer(204), status: .connected),
        Row(name: "at the limit", outcome: answer(200, took: .seconds(1)), status: .connected),
        Row(name: "over the limit", outcome: answer(200, took: .milliseconds(1001)), status: .warning),
        Row(name: "says pass", outcome: answer(200, #"{"status":"pass"}"#), status: .connected),
        Row(name: "says OK", outcome: answer(200, #"{"status":"OK"}"#), status: .connected),
        Row(
            name: "says warn", outcome: answer(200, #"{"status":"warn"}"#), status: .warning, code: .unknown,
            cause: .provider),
        Row(
            name: "says fail", outcome: answer(200, #"{"status":"fail"}"#), status: .error, code: .unknown,
            cause: .provider),
        Row(name: "says something of its own", outcome: answer(200, #"{"status":"blue"}"#), status: .connected),
        Row(name: "a page says nothing", outcome: answer(200, "<p>fail</p>"), status: .connected),
        Row(
            name: "the link knows better what /status must be", outcome: answer(200, #"{"status":"fail"}"#),
            expects: expecting("/status", #""fail""#), status: .connected),
        Row(
            name: "well cannot raise an error", outcome: answer(500, #"{"status":"ok"}"#), status: .error,
            code: .unknown, cause: .provider),
    ]

    private static let refused: [Row] =
        [401, 403].map {
            Row(
                name: "\($0)", outcome: answer($0), failure: .replaces, code: .misconfigured, cause: .refused,
                names: "\($0)")
        }
        + [400, 404, 405, 410, 418, 422, 451, 301, 304].map {
            Row(
                name: "\($0)", outcome: answer($0), status: .error, code: .misconfigured, cause: .refused)
        } + [
            Row(
                name: "a 2xx that is not the one", outcome: answer(204),
                expects: ServiceTarget(name: "w", url: "https://w/", expectedStatus: [200...200, 202...202]),
                status: .error, code: .misconfigured, cause: .provider, names: "204"),
            Row(
                name: "a header that is not there", outcome: answer(200),
                expects: ServiceTarget(name: "w", url: "https://w/", expectedHeaders: ["X-Version": "2"]),
                status: .error, code: .misconfigured, cause: .provider, names: "X-Version"),
            Row(
                name: "another value in the body", outcome: answer(200, #"{"db":"down"}"#),
                expects: expecting("/db", #""up""#), status: .error, code: .misconfigured, cause: .provider,
                names: "/db"),
            Row(
                name: "no JSON where a value is looked for", outcome: answer(200, "<p>up</p>"),
                expects: expecting("/db", #""up""#), status: .error, code: .misconfigured, cause: .provider,
                names: "JSON"),
            Row(
                name: "429", outcome: answer(429), failure: .keepsLast, code: .rateLimited, cause: .throttled),
            Row(name: "407", outcome: answer(407), failure: .keepsLast, code: .network, cause: .host),
        ]

    private static let faults: [Row] =
        [500, 501, 505, 520, 599].map {
            Row(
                name: "\($0)", outcome: answer($0), status: .error, code: .unknown, cause: .provider, names: "\($0)")
        } + [
            Row(
                name: "503 in the service's own words", outcome: answer(503, #"{"status":"down"}"#), status: .error,
                code: .unknown, cause: .provider)
        ]

    private static let silence: [Row] = [
        Row(
            name: "503 throughout, first read", outcome: .lifeless(ServiceSilence(status: 503, isDeclared: true)),
            status: .warning, code: .sleeping, cause: .provider, names: "wake"),
        Row(
            name: "503 throughout, for hours", outcome: .lifeless(ServiceSilence(status: 503, isDeclared: true)),
            wellAgo: .seconds(9000), silentFor: .seconds(7200), status: .warning, code: .sleeping, cause: .provider),
        Row(
            name: "502, well before", outcome: .lifeless(ServiceSilence(status: 502)), wellAgo: .seconds(60),
            status: .warning, code: .sleeping, cause: .provider, names: "wake"),
        Row(
            name: "502, still within the time to wake", outcome: .lifeless(ServiceSilence(status: 502)),
            wellAgo: .seconds(400), silentFor: .seconds(299), status: .warning, code: .sleeping, cause: .provider),
        Row(
            name: "502, for longer than waking takes", outcome: .lifeless(ServiceSilence(status: 502)),
            wellAgo: .seconds(400), silentFor: .seconds(300), status: .error, code: .unknown, cause: .provider),
        Row(
            name: "502, never well", outcome: .lifeless(ServiceSilence(status: 502)), status: .error, code: .unknown,
            cause: .provider),
        Row(
            name: "silence, well before", outcome: .lifeless(ServiceSilence(status: nil)), wellAgo: .seconds(60),
            status: .warning, code: .sleeping, cause: .provider),
        Row(
            name: "silence, never well", outcome: .lifeless(ServiceSilence(status: nil)), failure: .keepsLast,
            code: .timeout, cause: .provider),
        Row(
            name: "504, never well", outcome: .lifeless(ServiceSilence(status: 504)), failure: .keepsLast,
            code: .timeout, cause: .provider),
        Row(
            name: "silence for longer than waking takes", outcome: .lifeless(ServiceSilence(status: nil)),
            wellAgo: .seconds(4000), silentFor: .seconds(3600), failure: .keepsLast, code: .timeout, cause: .provider),
    ]

    private static let transport: [Row] = [
        Row(name: "DNS", outcome: failed(.dns), failure: .keepsLast, code: .network, cause: .host),
        Row(
            name: "refused connection", outcome: failed(.connect), failure: .keepsLast, code: .network, cause: .provider
        ),
        Row(name: "reset", outcome: failed(.reset), failure: .keepsLast, code: .network, cause: .provider),
        Row(
            name: "expired certificate", outcome: failed(.tls(.expired)), failure: .keepsLast, code: .tls,
            cause: .provider),
        Row(
            name: "untrusted certificate", outcome: failed(.tls(.untrusted)), failure: .keepsLast, code: .tls,
            cause: .host),
        Row(
            name: "this host", outcome: failed(.addressRefused), failure: .replaces, code: .misconfigured,
            cause: .host, names: "allowLocal"),
        Row(
            name: "redirects too far", outcome: failed(.redirectRefused), status: .error, code: .misconfigured,
            cause: .refused, names: "3"),
        Row(
            name: "too long", outcome: failed(.bodyTooLarge), status: .error, code: .misconfigured, cause: .provider,
            names: "64 KiB"),
        Row(
            name: "no HTTP", outcome: failed(.malformedResponse), failure: .keepsLast, code: .unknown, cause: .provider),
    ]

    @Test(
        "a limit is obeyed to the second, and for a minute when it names no end", arguments: [("120", 120), (nil, 60)])
    func throttled(retryAfter: String?, seconds: Int64) throws {
        var headers = HTTPHeaders()
        headers["Retry-After"] = retryAfter
        let target = ServiceTarget(name: "w", url: "https://w/")
        let expectations = try ServiceExpectations(target)
        let failure = #expect(throws: ProviderFailure.self) {
            _ = try ServiceClassifier.verdict(
                on: .answered(HTTPResponse(429, headers), isColdStart: false), of: target, expectations: expectations,
                history: ServiceHistory(validator: ""), now: Self.now)
        }
        #expect(failure?.retryAfter == Self.now.wall.advanced(by: .seconds(seconds)))
    }

    @Test("a read that failed is not repeated, for the check was repeated within it", arguments: ["GET", "POST"])
    func retryable(method: String) throws {
        let target = ServiceTarget(name: "w", url: "https://w/", method: method)
        let expectations = try ServiceExpectations(target)
        let failure = #expect(throws: ProviderFailure.self) {
            _ = try ServiceClassifier.verdict(
                on: Self.failed(.reset), of: target, expectations: expectations,
                history: ServiceHistory(validator: ""), now: Self.now)
        }
        #expect(failure?.isRetryable == false)
    }

    private static func answer(_ status: Int, _ body: String = "", took: Duration = .milliseconds(5)) -> ServiceOutcome
    {
        .answered(HTTPResponse(status, text: body, latency: took), isColdStart: false)
    }

    private static func failed(_ kind: HTTPClientError.Kind) -> ServiceOutcome {
        .failed(HTTPClientError(kind: kind, detail: ""))
    }

    private static func expecting(_ pointer: String, _ json: String) -> ServiceTarget {
        ServiceTarget(
            name: "w", url: "https://w/health",
            bodyChecks: [ServiceTarget.BodyCheck(pointer: pointer, expected: json)])
    }
}
