import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Sanity: the classifier's table")
struct SanityClassifierTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var status: Int
        var headers: HTTPHeaders = HTTPHeaders()
        var body = ""
        var code: ProblemCode
        var cause: ProblemCause = .refused
        var disposition: ProviderFailure.Disposition = .replaces
        /// Seconds after the answer, when Sanity may be asked again.
        var wait: Int64?
        var isRetryable = false

        var testDescription: String { name }
    }

    private static let now = UnixTime(seconds: 1_768_478_400)

    @Test("an answer means what the table says", arguments: refusals + limits + faults)
    func table(row: Row) {
        let failure = SanityClassifier.failure(
            for: HTTPResponse(row.status, row.headers, text: row.body), now: Self.now)
        #expect(failure.code == row.code)
        #expect(failure.cause == row.cause)
        #expect(failure.disposition == row.disposition)
        #expect(failure.retryAfter == row.wait.map { Self.now.advanced(by: .seconds($0)) })
        #expect(failure.isRetryable == row.isRetryable)
        #expect(!failure.hint.isEmpty)
    }

    private static let refusals: [Row] = [
        Row(
            name: "session not found", status: 401,
            body: #"{"statusCode":401,"error":"Unauthorized","message":"Session not found","errorCode":"SIO-401-ANF"}"#,
            code: .oauthRevoked),
        Row(
            name: "session not found without statusCode", status: 401,
            body: #"{"error":"Unauthorized","message":"Session not found","errorCode":"SIO-401-ANF"}"#,
            code: .oauthRevoked),
        Row(name: "expired", status: 401, body: #"{"errorCode":"SIO-401-AEX"}"#, code: .oauthRevoked),
        Row(
            name: "another project's token", status: 401,
            body: #"{"statusCode":401,"message":"Session not found","errorCode":"SIO-401-AWH"}"#, code: .misconfigured),
        Row(
            name: "another project's token by its words", status: 401,
            body: #"{"message":"Session does not match project host"}"#, code: .misconfigured),
        Row(
            name: "an error that is an object", status: 401,
            body: #"{"error":{"description":"Unauthorized - Session not found"}}"#, code: .oauthRevoked),
        Row(
            name: "an error that is an object, its code within", status: 401,
            body: #"{"error":{"description":"Unauthorized","errorCode":"SIO-401-AWH"}}"#, code: .misconfigured),
        Row(name: "a message alone", status: 401, body: #"{"message":"Unauthorized"}"#, code: .oauthRevoked),
        Row(name: "an unknown code", status: 401, body: #"{"errorCode":"SIO-401-XYZ"}"#, code: .oauthRevoked),
        Row(name: "401 without a body", status: 401, code: .oauthRevoked),
        Row(
            name: "no permission", status: 403,
            body: #"{"message":"Insufficient permissions; permission \"read\" required"}"#, code: .missingScope),
        Row(
            name: "a query that does not parse", status: 400,
            body: #"{"error":{"description":"unexpected token","end":18,"start":11,"type":"queryParseError"}}"#,
            code: .misconfigured),
        Row(name: "another bad request", status: 400, body: #"{"message":"Bad"}"#, code: .misconfigured),
        Row(
            name: "no such dataset", status: 404,
            body: #"{"statusCode":404,"error":"Not Found","message":"Dataset \"x\" not found for project ID \"y\""}"#,
            code: .misconfigured),
        Row(
            name: "the wrong host", status: 404, body: #"{"message":"Use project hostname for data requests"}"#,
            code: .misconfigured),
        Row(name: "no such project", status: 404, body: #"{"message":"Project not found"}"#, code: .notFound),
        Row(name: "moved", status: 301, body: #"{"message":"Moved"}"#, code: .misconfigured),
        Row(
            name: "fields of other types do not hide the code", status: 401,
            body: #"{"statusCode":"401","error":7,"message":{},"errorCode":"SIO-401-AWH"}"#, code: .misconfigured),
    ]

    private static let limits: [Row] = [
        limit("Retry-After", ["retry-after": "1", "ratelimit-reset": "9"], wait: 1),
        limit("a date", ["retry-after": "Thu, 15 Jan 2026 12:02:00 GMT"], wait: 120),
        limit("the reset counts seconds left", ["ratelimit-remaining": "0", "ratelimit-reset": "7"], wait: 7),
        limit("a reset that is a date after all", ["ratelimit-reset": "1768480000"], wait: 10),
        limit("a senseless reset", ["ratelimit-reset": "-3"], wait: 10),
        limit("nothing said", [:], wait: 10),
        limit("no body of Sanity's", [:], body: "<html>Slow down</html>", wait: 10),
        Row(
            name: "a spent quota", status: 402, body: #"{"message":"Quota exceeded"}"#, code: .rateLimited,
            cause: .throttled, disposition: .keepsLast, wait: 3600),
    ]

    private static let faults: [Row] = [
        fault("server error", 500, body: #"{"statusCode":500,"message":"Oops"}"#),
        fault("bad gateway", 502, body: "<html>", isRetryable: true),
        fault("unavailable", 503, isRetryable: true),
        fault("unavailable for a time", 503, headers: ["retry-after": "30"], wait: 30),
        fault("gateway timeout", 504, code: .timeout, isRetryable: true),
        fault("a proxy's page", 403, body: "<html>Blocked by policy</html>"),
        fault("a portal's login page", 401, body: "<html>Please log in</html>"),
        fault("a page in the dataset's place", 404, body: "<html>Nothing here</html>"),
        fault("JSON that is not Sanity's", 404, body: "[]"),
        fault("an answer of no use", 204),
        fault("no code", 0),
        fault("a proxy's login", 407, code: .network, cause: .host),
    ]

    private static func limit(
        _ name: String, _ headers: HTTPHeaders,
        body: String = #"{"statusCode":429,"error":"Too Many Requests","message":"Rate limit exceeded"}"#, wait: Int64
    ) -> Row {
        Row(
            name: name, status: 429, headers: headers, body: body, code: .rateLimited, cause: .throttled,
            disposition: .keepsLast, wait: wait)
    }

    private static func fault(
        _ name: String, _ status: Int, headers: HTTPHeaders = HTTPHeaders(), body: String = "",
        code: ProblemCode = .unknown, cause: ProblemCause = .provider, wait: Int64? = nil, isRetryable: Bool = false
    ) -> Row {
        Row(
            name: name, status: status, headers: headers, body: body, code: code, cause: cause,
            disposition: .keepsLast, wait: wait, isRetryable: isRetryable)
    }
}
