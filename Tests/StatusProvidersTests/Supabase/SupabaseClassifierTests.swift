import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Supabase: the classifiers' tables")
struct SupabaseClassifierTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var status: Int
        var headers: HTTPHeaders = HTTPHeaders()
        var body = ""
        var code: ProblemCode
        var cause: ProblemCause = .refused
        var disposition: ProviderFailure.Disposition = .replaces
        /// Seconds after the answer, when Supabase may be asked again.
        var wait: Int64?
        var isRetryable = false

        var testDescription: String { name }

        func check(_ failure: ProviderFailure) {
            #expect(failure.code == code)
            #expect(failure.cause == cause)
            #expect(failure.disposition == disposition)
            #expect(failure.retryAfter == wait.map { SupabaseScene.wall.advanced(by: .seconds($0)) })
            #expect(failure.isRetryable == isRetryable)
            #expect(!failure.hint.isEmpty)
        }
    }

    @Test("an answer of the management API means what the table says", arguments: management + alike)
    func managementTable(row: Row) {
        row.check(
            SupabaseManagementClassifier.failure(
                for: HTTPResponse(row.status, row.headers, text: row.body), now: SupabaseScene.wall))
    }

    @Test("an answer of the project's host means what the table says", arguments: host + alike)
    func hostTable(row: Row) {
        let result = SupabaseProbeClassifier.result(
            of: HTTPResponse(row.status, row.headers, text: row.body), probe: .table(name: "ping", column: "id"),
            now: SupabaseScene.wall)
        guard case .failed(let failure) = result else {
            Issue.record("\(result)")
            return
        }
        row.check(failure)
    }

    @Test(
        "what the host says of the project is told from what it says of us",
        arguments: [
            (540, "", SupabaseProbeResult.asleep), (402, #"{"message":"exceed_db_size_quota"}"#, .restricted),
            (503, #"{"code":"PGRST000","message":"…"}"#, .databaseDown),
            (503, #"{"code":"PGRST001","message":"…"}"#, .databaseDown),
            (503, #"{"code":"PGRST002","message":"…"}"#, .databaseDown),
        ])
    func project(status: Int, body: String, result: SupabaseProbeResult) {
        let response = HTTPResponse(status, text: body)
        #expect(
            SupabaseProbeClassifier.result(of: response, probe: .authHealth, now: SupabaseScene.wall) == result)
    }

    @Test(
        "a good status with another body is no answer to the probe",
        arguments: [
            (SupabaseTarget.Probe.authHealth, "[]"), (.authHealth, "{}"), (.authHealth, "<html>"),
            (.table(name: "a", column: "b"), "{}"), (.table(name: "a", column: "b"), ""),
            (.function(name: "a"), "<html>"),
        ])
    func page(probe: SupabaseTarget.Probe, body: String) {
        let result = SupabaseProbeClassifier.result(
            of: HTTPResponse(200, text: body), probe: probe, now: SupabaseScene.wall)
        #expect(result == .failed(SupabaseProbeClassifier.unreadable))
    }

    private static let management: [Row] = [
        Row(name: "dead token", status: 401, body: #"{"message":"Unauthorized"}"#, code: .oauthRevoked),
        Row(name: "401 without a body", status: 401, code: .oauthRevoked),
        Row(
            name: "wrong kind of token", status: 401, body: #"{"message":"JWT could not be decoded"}"#,
            code: .misconfigured),
        Row(
            name: "no privileges", status: 403, body: #"{"message":"Your account does not have the necessary …"}"#,
            code: .missingScope),
        Row(name: "forbidden resource", status: 403, body: #"{"message":"Forbidden resource"}"#, code: .missingScope),
        Row(name: "no project", status: 404, body: #"{"message":"Project not found"}"#, code: .notFound),
        Row(
            name: "a wrong parameter", status: 400, body: #"{"message":"services: Required"}"#, code: .misconfigured),
        Row(
            name: "restricted", status: 402, body: #"{"message":"overdue_payment"}"#, code: .rateLimited,
            cause: .throttled, disposition: .keepsLast, wait: 60),
    ]

    private static let host: [Row] = [
        Row(
            name: "invalid key", status: 401, body: #"{"message":"Invalid API key","hint":"Double check …"}"#,
            code: .oauthRevoked),
        Row(
            name: "no key", status: 401, body: #"{"message":"No API key found in request"}"#, code: .misconfigured),
        Row(name: "expired", status: 401, body: #"{"code":"PGRST303","message":"JWT expired"}"#, code: .oauthRevoked),
        Row(
            name: "expired, older server", status: 401, body: #"{"code":"PGRST301","message":"JWT expired"}"#,
            code: .oauthRevoked),
        Row(
            name: "Auth's form of it, its code a number", status: 401, body: #"{"code":401,"msg":"Invalid token"}"#,
            code: .oauthRevoked),
        Row(
            name: "no table", status: 404, body: #"{"code":"PGRST205","message":"Could not find the table"}"#,
            code: .misconfigured),
        Row(
            name: "no function", status: 404, body: #"{"code":"PGRST202","message":"Could not find the function"}"#,
            code: .misconfigured),
        Row(
            name: "no column", status: 400, body: #"{"code":"42703","message":"column does not exist"}"#,
            code: .misconfigured),
        Row(
            name: "not granted", status: 401, body: #"{"code":"42501","message":"permission denied for table"}"#,
            code: .missingScope),
        Row(
            name: "pool wait", status: 504, body: #"{"code":"PGRST003","message":"Timed out acquiring connection"}"#,
            code: .timeout, cause: .provider, disposition: .keepsLast, isRetryable: true),
        Row(
            name: "Auth throttles", status: 429,
            body: #"{"code":429,"error_code":"over_request_rate_limit","msg":"Request rate limit reached"}"#,
            code: .rateLimited, cause: .throttled, disposition: .keepsLast, wait: 60),
    ]

    /// What both planes mean alike.
    private static let alike: [Row] = [
        Row(
            name: "throttled, seconds left", status: 429, headers: ["x-ratelimit-reset": "41"],
            body: #"{"message":"ThrottlerException: Too Many Requests"}"#, code: .rateLimited, cause: .throttled,
            disposition: .keepsLast, wait: 41),
        Row(
            name: "throttled, Retry-After goes first", status: 429,
            headers: ["x-ratelimit-reset": "41", "Retry-After": "120"], code: .rateLimited, cause: .throttled,
            disposition: .keepsLast, wait: 120),
        Row(
            name: "throttled without a time", status: 429, headers: ["x-ratelimit-reset": "soon"], code: .rateLimited,
            cause: .throttled, disposition: .keepsLast, wait: 60),
        Row(
            name: "a proxy's page for a refusal", status: 403, body: "<html>Forbidden</html>", code: .unknown,
            cause: .provider, disposition: .keepsLast),
        Row(
            name: "a portal's page for a 404", status: 404, body: "<html>", code: .unknown, cause: .provider,
            disposition: .keepsLast),
        Row(
            name: "this host's proxy", status: 407, body: "<html>", code: .network, cause: .host,
            disposition: .keepsLast),
        Row(
            name: "544, the gateway's own timeout", status: 544, code: .timeout, cause: .provider,
            disposition: .keepsLast, isRetryable: true),
        Row(
            name: "504", status: 504, body: "<html>", code: .timeout, cause: .provider, disposition: .keepsLast,
            isRetryable: true),
        Row(
            name: "503", status: 503, body: "<html>", code: .unknown, cause: .provider, disposition: .keepsLast,
            isRetryable: true),
        Row(
            name: "503 with a time", status: 503, headers: ["Retry-After": "30"], code: .unknown, cause: .provider,
            disposition: .keepsLast, wait: 30),
        Row(name: "500", status: 500, code: .unknown, cause: .provider, disposition: .keepsLast),
        Row(
            name: "Cloudflare finds nobody", status: 521, body: "<html>", code: .unknown, cause: .provider,
            disposition: .keepsLast),
        Row(
            name: "Cloudflare waits in vain", status: 522, body: "<html>", code: .unknown, cause: .provider,
            disposition: .keepsLast),
        Row(
            name: "546, a function's limit", status: 546, body: #"{"code":"WORKER_LIMIT","message":"…"}"#,
            code: .unknown, cause: .provider, disposition: .keepsLast),
        Row(name: "moved", status: 301, code: .misconfigured),
    ]
}
