import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("The tokens in a file")
struct OAuthTokenSetTests {
    private let now = UnixTime(seconds: 1_767_225_600)

    private func read(_ text: String) throws -> OAuthTokenSet {
        try OAuthTokenSet(json: Array(text.utf8), modifiedAt: now)
    }

    @Test("are read as they were written")
    func roundTrip() throws {
        for expiry in [
            nil, now.advanced(by: .milliseconds(1_500)), UnixTime(seconds: -1), UnixTime(seconds: 4_102_444_800),
        ] {
            let tokens = OAuthTokenSet(
                accessToken: Secret("a/\"b\\"), refreshToken: Secret("r"), expiresAt: expiry, tokenType: "bearer")
            #expect(try OAuthTokenSet(json: tokens.json, modifiedAt: now) == tokens)
        }
    }

    @Test("have the form that the manual shows")
    func form() {
        let tokens = OAuthTokenSet(
            accessToken: Secret("a"), refreshToken: Secret("r"), expiresAt: now.advanced(by: .seconds(3_661)))
        #expect(
            String(decoding: tokens.json, as: UTF8.self) == """
                {
                  "access_token" : "a",
                  "expires_at" : "2026-01-01T01:01:01Z",
                  "refresh_token" : "r",
                  "token_type" : "Bearer"
                }

                """)
    }

    @Test("may be a provider's answer as it came, whose lifetime counts from the file's time")
    func answer() throws {
        let tokens = try read(#"{"access_token":"a","refresh_token":"r","expires_in":60,"scope":"x"}"#)
        #expect(tokens.expiresAt == now.advanced(by: .seconds(60)) && tokens.tokenType == "Bearer")
    }

    @Test("may be a refresh token alone")
    func refreshToken() throws {
        let tokens = try read(#"{"refresh_token":"r"}"#)
        #expect(tokens.accessToken == nil && tokens.expiresAt == nil)
    }

    @Test(
        "that are none are refused without being repeated",
        arguments: [
            "", "canary", "[]", "{}", #"{"access_token":"canary"}"#, #"{"refresh_token":""}"#,
            #"{"refresh_token":"canary\n"}"#, #"{"refresh_token":"r","access_token":"can ary"}"#,
            #"{"refresh_token":"r","expires_at":"canary"}"#, #"{"refresh_token":"r","expires_at":1767225600}"#,
            #"{"refresh_token":["canary"]}"#, #"{"refresh_token":"r","access_token":""}"#,
        ])
    func malformed(text: String) {
        do {
            _ = try read(text)
            Issue.record("accepted")
        } catch {
            #expect(!"\(error)".contains("canary"))
        }
    }

    @Test("are renewed; what was not issued anew stays")
    func renewed() {
        let tokens = OAuthTokenSet(accessToken: Secret("a"), refreshToken: Secret("r"), expiresAt: now)
        let kept = tokens.renewed(by: OAuthGrantedTokens(accessToken: Secret("b")), at: now)
        #expect(kept == OAuthTokenSet(accessToken: Secret("b"), refreshToken: Secret("r"), expiresAt: nil))
        let rotated = tokens.renewed(
            by: OAuthGrantedTokens(accessToken: Secret("c"), refreshToken: Secret("s"), lifetime: .seconds(9)), at: now)
        #expect(
            rotated
                == OAuthTokenSet(
                    accessToken: Secret("c"), refreshToken: Secret("s"), expiresAt: now.advanced(by: .seconds(9))))
    }

    @Test("are never described")
    func canary() {
        let tokens = OAuthTokenSet(accessToken: Secret("canary"), refreshToken: Secret("canary"), expiresAt: now)
        #expect(!"\(tokens) \(String(reflecting: tokens))".contains("canary"))
    }
}
