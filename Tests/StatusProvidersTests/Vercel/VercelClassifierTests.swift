import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: the classifier's table")
struct VercelClassifierTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var status: Int
        var headers: HTTPHeaders = HTTPHeaders()
        var body = ""
        var code: ProblemCode
        var cause: ProblemCause = .refused
        var disposition: ProviderFailure.Disposition = .replaces
        /// Seconds after the answer, when Vercel may be asked again.
        var wait: Int64?
        var isRetryable = false

        var testDescription: String { name }
    }

    private static let now = VercelScene.wall

    @Test("an answer means what the table says", arguments: refusals + limits + faults)
    func table(row: Row) {
        for hasTeam in [true, false] {
            let failure = VercelClassifier.failure(
                for: HTTPResponse(row.status, row.headers, text: row.body), hasTeam: hasTeam, now: Self.now)
            #expect(failure.code == row.code)
            #expect(failure.cause == row.cause)
            #expect(failure.disposition == row.disposition)
            #expect(failure.retryAfter == row.wait.map { Self.now.advanced(by: .seconds($0)) })
            #expect(failure.isRetryable == row.isRetryable)
            #expect(!failure.hint.isEmpty)
        }
    }

    private static let refusals: [Row] = [
        Row(
            name: "dead token", status: 403,
            body: #"{"error":{"code":"forbidden","message":"Not authorized","invalidToken":true}}"#,
            code: .oauthRevoked),
        Row(
            name: "dead token without words", status: 403, body: #"{"error":{"invalidToken":true}}"#,
            code: .oauthRevoked),
        Row(
            name: "dead token under another status", status: 400,
            body: #"{"error":{"code":"bad_request","invalidToken":true}}"#, code: .oauthRevoked),
        Row(
            name: "401 of a newer endpoint", status: 401,
            body: #"{"status":401,"code":"unauthorized","message":"The request is not authorized."}"#,
            code: .oauthRevoked),
        Row(name: "401 without a body", status: 401, code: .oauthRevoked),
        Row(
            name: "not authorized, and no reason", status: 403,
            body: #"{"error":{"code":"forbidden","message":"Not authorized"}}"#, code: .missingScope),
        Row(
            name: "a token that is not dead", status: 403,
            body: #"{"error":{"code":"forbidden","message":"Not authorized","invalidToken":false}}"#,
            code: .missingScope),
        Row(name: "403 without a body", status: 403, code: .missingScope),
        Row(
            name: "another scope", status: 403,
            body: #"{"error":{"code":"forbidden","message":"Not authorized: Trying to access resource under scope"}}"#,
            code: .missingScope),
        Row(
            name: "single sign-on", status: 403, body: #"{"error":{"code":"forbidden","saml":true}}"#,
            code: .missingScope),
        Row(
            name: "another permission", status: 403,
            body: """
                {"error":{"code":"forbidden","message":"You don't have permission to create the project.",
                "action":"create","resource":"project"}}
                """, code: .missingScope),
        Row(name: "not found", status: 404, body: #"{"error":{"code":"not_found"}}"#, code: .notFound),
        Row(name: "not found, unwrapped", status: 404, body: #"{"code":"not_found","message":"-"}"#, code: .notFound),
        Row(name: "not found without a body", status: 404, code: .notFound),
        Row(
            name: "no such method", status: 404, body: #"{"error":{"code":"method_unknown"}}"#, code: .misconfigured),
        Row(name: "gone", status: 410, body: #"{"error":{"code":"gone"}}"#, code: .notFound),
        Row(name: "bad request", status: 400, body: #"{"error":{"code":"bad_request"}}"#, code: .misconfigured),
        Row(name: "moved", status: 302, code: .misconfigured),
    ]

    private static let limits: [Row] = [
        limit("the header", ["retry-after": "5"], #"{"error":{"code":"rate_limited"}}"#, wait: 5),
        limit(
            "the header before the body", ["retry-after": "5"],
            #"{"error":{"code":"rate_limited","limit":{"resetMs":1757600500000}}}"#, wait: 5),
        limit(
            "the body, in milliseconds", [:],
            #"{"error":{"code":"rate_limited","limit":{"reset":1,"resetMs":1757600500000,"total":6}}}"#, wait: 100),
        limit(
            "the body, in seconds", [:], #"{"error":{"code":"rate_limited","limit":{"reset":1757600430}}}"#, wait: 30),
        limit(
            "the body, in milliseconds where seconds are due", [:],
            #"{"error":{"code":"rate_limited","limit":{"reset":1757600430000}}}"#, wait: 30),
        limit(
            "a reset that is over", [:], #"{"error":{"code":"rate_limited","limit":{"resetMs":1571432075563}}}"#,
            wait: 60),
        limit(
            "a reset in years", [:], #"{"error":{"code":"rate_limited","limit":{"resetMs":8000000000000}}}"#, wait: 60),
        limit(
            "a reset that no number holds", [:],
            #"{"error":{"code":"rate_limited","limit":{"reset":1e300,"resetMs":-9223372036854775808}}}"#, wait: 60),
        limit(
            "the newer shape", [:],
            """
            {"status":429,"code":"too_many_requests","message":"-","retryAfter":{"value":45,"str":"45s"},
            "limit":{"total":6,"remaining":0,"reset":1757600500}}
            """, wait: 45),
        limit(
            "the newer shape without a wait", [:],
            #"{"status":429,"code":"too_many_requests","limit":{"total":6,"remaining":0,"reset":1757600500}}"#,
            wait: 100),
        limit("a page", ["retry-after": "9"], "<html>slow down</html>", wait: 9),
        limit("nothing at all", [:], "", wait: 60),
        limit("builds", [:], #"{"error":{"code":"builds_rate_limited"}}"#, status: 403, wait: 60),
        limit("a quota", [:], #"{"error":{"code":"api-deployments-free-per-day"}}"#, status: 402, wait: 3600),
    ]

    private static let faults: [Row] = [
        fault("server error", 500, body: #"{"error":{"code":"internal_server_error","message":"-"}}"#),
        fault("bad gateway", 502, body: "<html>502</html>", isRetryable: true),
        fault("unavailable", 503, isRetryable: true),
        fault("unavailable for a time", 503, headers: ["retry-after": "30"], wait: 30),
        fault("gateway timeout", 504, code: .timeout, isRetryable: true),
        fault("request timeout", 408, code: .timeout, isRetryable: true),
        fault("a portal's login page", 401, body: "<html>Please log in</html>"),
        fault("a firewall's page", 403, body: "<html>Blocked by policy</html>"),
        fault("a page in the project's place", 404, body: "<html>DEPLOYMENT_NOT_FOUND</html>"),
        fault("somebody else's JSON", 403, body: #"{"detail":"no"}"#),
        fault("an answer of no use", 204),
        fault("an unasked 304", 304),
        fault("conflict", 409, body: #"{"error":{"code":"conflict"}}"#),
        fault("a proxy's login", 407, code: .network, cause: .host),
        fault("no code", 0),
    ]

    private static func limit(
        _ name: String, _ headers: HTTPHeaders, _ body: String, status: Int = 429, wait: Int64
    ) -> Row {
        Row(
            name: name, status: status, headers: headers, body: body, code: .rateLimited, cause: .throttled,
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
