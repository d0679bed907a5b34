import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("An answer of a token endpoint")
struct OAuthAnswerTests {
    private let now = UnixTime(seconds: 1_767_225_600)

    private func outcome(_ response: HTTPResponse) -> OAuthOutcome {
        OAuthAnswer.outcome(of: response, for: "acme", now: now)
    }

    private func granted(_ text: String, status: Int = 200) -> OAuthGrantedTokens? {
        if case .granted(let tokens) = outcome(HTTPResponse(status, text: text)) { tokens } else { nil }
    }

    @Test("Supabase answers 201 and rotates both tokens")
    func supabase() {
        let tokens = granted(
            #"{"access_token":"sbp_a","refresh_token":"r2","expires_in":86400,"token_type":"Bearer"}"#, status: 201)
        #expect(
            tokens
                == OAuthGrantedTokens(
                    accessToken: Secret("sbp_a"), refreshToken: Secret("r2"), lifetime: .seconds(86_400)))
    }

    @Test("GitHub answers 200 with more than is read")
    func github() {
        let tokens = granted(
            """
            {"access_token":"ghu_a","expires_in":28800,"refresh_token":"ghr_b","refresh_token_expires_in":15811200,
             "scope":"","token_type":"bearer"}
            """)
        #expect(tokens?.accessToken == Secret("ghu_a") && tokens?.refreshToken == Secret("ghr_b"))
        #expect(tokens?.lifetime == .seconds(28_800) && tokens?.tokenType == "bearer")
    }

    @Test("an endpoint may leave the refresh token as it is")
    func notRotated() {
        let tokens = granted(#"{"access_token":"a","token_type":"Bearer"}"#)
        #expect(tokens == OAuthGrantedTokens(accessToken: Secret("a")))
    }

    @Test(
        "a lifetime in another form spoils no token: it must not be lost",
        arguments: [
            ("3600", Duration.seconds(3_600)), (#""3600""#, .seconds(3_600)), ("3600.9", .seconds(3_600)),
            ("-5", .zero), ("0", .zero), ("1e300", .seconds(316_224_000)), (#""soon""#, nil), ("null", nil),
            ("[]", nil), ("true", nil), (#""nan""#, nil),
        ])
    func lifetimes(json: String, lifetime: Duration?) {
        let tokens = granted(#"{"access_token":"a","refresh_token":"r","expires_in":\#(json)}"#)
        #expect(tokens?.refreshToken == Secret("r") && tokens?.lifetime == lifetime)
    }

    @Test(
        "a dead grant is told from everything else",
        arguments: [
            (400, #"{"error":"invalid_grant","error_description":"expired"}"#),
            (401, #"{"error":"invalid_grant"}"#),
            // GitHub sends its errors with 200.
            (200, #"{"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect"}"#),
            (200, #"{"error":"invalid_grant","access_token":"a"}"#),
            // Supabase's auth server.
            (400, #"{"code":400,"error_code":"refresh_token_not_found","msg":"Invalid Refresh Token"}"#),
            (400, #"{"message":"Invalid refresh token"}"#),
            (404, #"{"message":"Refresh token not found"}"#),
        ])
    func revoked(status: Int, text: String) {
        #expect(outcome(HTTPResponse(status, text: text)) == .revoked)
    }

    @Test(
        "any other refusal says who is at fault, and keeps the grant",
        arguments: [
            (401, #"{"error":"invalid_client"}"#, ProblemCode.misconfigured, ProblemCause.refused),
            (400, #"{"error":"unauthorized_client"}"#, .misconfigured, .refused),
            (200, #"{"error":"incorrect_client_credentials"}"#, .misconfigured, .refused),
            (404, #"{"error":"Not Found"}"#, .misconfigured, .refused),
            (401, #"{"message":"Unauthorized"}"#, .misconfigured, .refused),
            (400, #"{"error":"unsupported_grant_type"}"#, .misconfigured, .refused),
            (400, #"{"message":"Bad Request"}"#, .misconfigured, .refused),
            (200, #"{"error":{"code":7}}"#, .misconfigured, .refused),
            (429, #"{"message":"ThrottlerException: Too Many Requests"}"#, .rateLimited, .throttled),
            (400, #"{"error":"slow_down"}"#, .rateLimited, .throttled),
            (500, #"{"error":"invalid_grant"}"#, .providerOutage, .provider),
            (502, "<html>Bad gateway</html>", .providerOutage, .provider),
            (503, "", .providerOutage, .provider),
            (400, #"{"error":"temporarily_unavailable"}"#, .providerOutage, .provider),
            (200, "<html>Log in to the network</html>", .unknown, .provider),
            (401, "<html>Proxy</html>", .unknown, .provider),
            (200, "[]", .unknown, .provider), (200, "{}", .unknown, .provider), (201, "", .unknown, .provider),
            (200, #"{"access_token":7,"refresh_token":"r"}"#, .unknown, .provider),
            (200, #"{"access_token":"a\nb","refresh_token":"r"}"#, .unknown, .provider),
        ])
    func failures(status: Int, text: String, code: ProblemCode, cause: ProblemCause) throws {
        guard case .failed(let failure) = outcome(HTTPResponse(status, text: text)) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.code == code && failure.cause == cause && failure.hint.contains("oauth:acme"))
        #expect((failure.disposition == .replaces) == (cause == .refused))
        #expect((failure.retryAfter != nil) == (cause == .throttled))
    }

    @Test("the endpoint's own word on when to come back counts", arguments: [429, 503])
    func retryAfter(status: Int) {
        guard case .failed(let failure) = outcome(HTTPResponse(status, ["Retry-After": "120"])) else {
            Issue.record("no failure")
            return
        }
        #expect(failure.retryAfter == now.advanced(by: .seconds(120)))
    }

    @Test(
        "nothing of an answer gets into words",
        arguments: [
            #"{"access_token":"canary","refresh_token":"canary","expires_in":1}"#,
            #"{"error":"canary","error_description":"canary"}"#, #"{"message":"canary"}"#, "canary",
        ])
    func canary(text: String) {
        for status in [200, 201, 400, 401, 404, 429, 500] {
            let outcome = outcome(HTTPResponse(status, text: text))
            var dumped = ""
            dump(outcome, to: &dumped)
            #expect(!"\(outcome) \(String(reflecting: outcome))".contains("canary"), "\(status)")
            if case .failed = outcome { #expect(!dumped.contains("canary"), "\(status)") }
        }
    }

    @Test("silence keeps the grant", arguments: [HTTPClientError.Kind.timeout, .connect, .reset, .dns])
    func silence(kind: HTTPClientError.Kind) async {
        let transport = ScriptedTransport(["/token": [.failure(kind)]])
        let client = OAuthClient(tokenURL: "https://a.example/token", clientID: "c", authentication: .body)
        let outcome = await OAuthExchange(transport: transport, userAgent: "t").refresh(
            Secret("r"), of: "acme", client: client, clientSecret: nil,
            now: Moment(instant: .now, wall: now))
        guard case .failed(let failure) = outcome else {
            Issue.record("no failure")
            return
        }
        #expect(failure.disposition == .keepsLast && failure.hint.contains("oauth:acme"))
        #expect(transport.requests.count == 1)
    }
}
