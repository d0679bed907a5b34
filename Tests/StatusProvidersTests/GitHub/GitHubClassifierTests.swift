import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: the classifier's table")
struct GitHubClassifierTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var status: Int
        var headers: HTTPHeaders = HTTPHeaders()
        var body = ""
        var code: ProblemCode
        var cause: ProblemCause = .refused
        var disposition: ProviderFailure.Disposition = .replaces
        /// Seconds after the answer, when GitHub may be asked again.
        var wait: Int64?
        var isRetryable = false

        var testDescription: String { name }
    }

    private static let now = UnixTime(seconds: 1_768_478_400)

    @Test("an answer means what the table says", arguments: refusals + limits + faults)
    func table(row: Row) {
        let failure = GitHubClassifier.failure(
            for: HTTPResponse(row.status, row.headers, text: row.body), now: Self.now)
        #expect(failure.code == row.code)
        #expect(failure.cause == row.cause)
        #expect(failure.disposition == row.disposition)
        #expect(failure.retryAfter == row.wait.map { Self.now.advanced(by: .seconds($0)) })
        #expect(failure.isRetryable == row.isRetryable)
        #expect(!failure.hint.isEmpty)
    }

    private static let refusals: [Row] = [
        Row(name: "bad credentials", status: 401, body: #"{"message":"Bad credentials"}"#, code: .oauthRevoked),
        Row(name: "401 without a body", status: 401, code: .oauthRevoked),
        Row(
            name: "401 with a spent anonymous limit", status: 401, headers: ["x-ratelimit-remaining": "0"],
            body: #"{"message":"Bad credentials"}"#, code: .oauthRevoked),
        Row(
            name: "locked out", status: 403, body: #"{"message":"Max number of login attempt exceeded"}"#,
            code: .oauthRevoked, wait: 900),
        Row(
            name: "locked out, newer words", status: 403,
            body: #"{"message":"Maximum number of login attempts exceeded. Please try again later."}"#,
            code: .oauthRevoked, wait: 900),
        Row(
            name: "no User-Agent", status: 403, headers: ["content-type": "text/html"],
            body: "Missing or invalid User Agent string. See https://docs.github.com/...", code: .misconfigured),
        Row(
            name: "no User-Agent, newer words", status: 403, headers: ["content-type": "text/html"],
            body: "Request forbidden by administrative rules. Please make sure your request has a User-Agent header",
            code: .misconfigured),
        Row(
            name: "single sign-on by header", status: 403,
            headers: ["X-GitHub-SSO": "required; url=https://github.com/orgs/o/sso?authorization_request=A"],
            body: #"{"message":"Something else"}"#, code: .missingScope),
        Row(
            name: "single sign-on by words", status: 403,
            body: #"{"message":"Resource protected by organization SAML enforcement."}"#, code: .missingScope),
        Row(
            name: "fine-grained token", status: 403,
            headers: ["x-ratelimit-remaining": "4999", "x-accepted-github-permissions": "contents=read"],
            body: #"{"message":"Resource not accessible by personal access token"}"#, code: .missingScope),
        Row(
            name: "app", status: 403, body: #"{"message":"Resource not accessible by integration"}"#,
            code: .missingScope),
        Row(
            name: "no admin", status: 403, headers: ["x-ratelimit-remaining": "25"],
            body: #"{"message":"Must have admin rights to Repository."}"#, code: .missingScope),
        Row(
            name: "another refusal of the API's", status: 403, body: #"{"message":"Nope"}"#, code: .missingScope),
        Row(
            name: "suspended", status: 403, body: #"{"message":"Sorry. Your account was suspended"}"#,
            code: .oauthRevoked),
        Row(
            name: "blocked, as it was before 451", status: 403,
            body: #"{"message":"Repository access blocked","block":{"reason":"tos"}}"#, code: .notFound),
        Row(name: "not found", status: 404, body: #"{"message":"Not Found"}"#, code: .notFound),
        Row(name: "gone", status: 410, code: .notFound),
        Row(
            name: "blocked for legal reasons", status: 451,
            body: #"{"message":"Repository access blocked","block":{"reason":"dmca"}}"#, code: .notFound),
        Row(name: "unknown API version", status: 400, code: .misconfigured),
        Row(name: "unprocessable", status: 422, body: #"{"message":"Validation Failed"}"#, code: .misconfigured),
        Row(name: "moved", status: 301, body: #"{"message":"Moved Permanently"}"#, code: .misconfigured),
    ]

    private static let limits: [Row] = [
        limit("primary", 403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1768480000"], wait: 1600),
        limit("primary by 429", 429, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1768480000"], wait: 1600),
        limit("primary without a reset, as in 2013", 403, ["x-ratelimit-remaining": "0"], wait: 60),
        limit(
            "primary with a reset in the past", 403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"], wait: 60),
        limit(
            "primary with a senseless reset", 403, ["x-ratelimit-remaining": "0", "x-ratelimit-reset": "-7"], wait: 60),
        limit("primary by its words alone", 403, [:], "API rate limit exceeded for user ID 1.", wait: 60),
        limit(
            "secondary", 403, ["x-ratelimit-remaining": "4000"], "You have exceeded a secondary rate limit.", wait: 60),
        limit(
            "secondary with Retry-After", 403, ["retry-after": "120", "x-ratelimit-remaining": "4000"],
            "You have exceeded a secondary rate limit.", wait: 120),
        limit(
            "secondary with a date", 403, ["retry-after": "Thu, 15 Jan 2026 12:02:00 GMT"],
            "You have exceeded a secondary rate limit.", wait: 120),
        limit(
            "the reset of a limit that is not spent does not count", 403,
            ["x-ratelimit-remaining": "4000", "x-ratelimit-reset": "1768480000"], "secondary rate limit", wait: 60),
        limit(
            "abuse, older words", 403, ["retry-after": "60"],
            "You have triggered an abuse detection mechanism.", wait: 60),
        limit("Retry-After before the reset", 429, ["retry-after": "5", "x-ratelimit-remaining": "0"], wait: 5),
        limit("429 alone", 429, [:], "", wait: 60),
        Row(
            name: "secondary by its documentation", status: 403,
            body: """
                {"message":"Slow down","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-\
                rest-api#about-secondary-rate-limits"}
                """, code: .rateLimited, cause: .throttled, disposition: .keepsLast, wait: 60),
        Row(
            name: "a limit goes before a permission", status: 403, headers: ["x-ratelimit-remaining": "0"],
            body: #"{"message":"Must have admin rights to Repository."}"#, code: .rateLimited, cause: .throttled,
            disposition: .keepsLast, wait: 60),
    ]

    private static let faults: [Row] = [
        fault("server error", 500, body: #"{"error":"Server Error"}"#),
        fault("bad gateway", 502, body: "<html>Unicorn!</html>", isRetryable: true),
        fault("unavailable", 503, isRetryable: true),
        fault("unavailable for a time", 503, headers: ["retry-after": "30"], wait: 30),
        fault("gateway timeout", 504, code: .timeout, isRetryable: true),
        fault(
            "ended after ten seconds", 502, body: "<p>We couldn't respond to your request in time.</p>",
            code: .timeout, isRetryable: true),
        fault("a proxy's page", 403, body: "<html>Blocked by policy</html>"),
        fault("a portal's login page", 401, body: "<html>Please log in</html>"),
        fault("a page in the repository's place", 404, body: "<html>Nothing here</html>"),
        fault("a page that is gone", 410, body: "<html>Gone</html>"),
        fault("a page that rejects", 400, body: "<html>Bad request</html>"),
        fault("conflict", 409, body: #"{"message":"Git Repository is empty."}"#),
        fault("an answer of no use", 204),
        fault("an unasked 304", 304),
        fault("a code that does not exist", 999),
        fault("no code", 0),
        fault("a proxy's login", 407, code: .network, cause: .host),
    ]

    private static func limit(
        _ name: String, _ status: Int, _ headers: HTTPHeaders, _ message: String = "", wait: Int64
    ) -> Row {
        Row(
            name: name, status: status, headers: headers, body: #"{"message":"\#(message)"}"#, code: .rateLimited,
            cause: .throttled, disposition: .keepsLast, wait: wait)
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
