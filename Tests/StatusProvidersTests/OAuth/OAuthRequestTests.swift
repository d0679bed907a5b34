import FoundationEssentials
import HTTPClient
import StatusCore
import StatusProviders
import Testing

@Suite("A request for another access token")
struct OAuthRequestTests {
    private func request(
        _ authentication: OAuthClient.Authentication, id: String = "client", secret: String? = "s3cret",
        token: String = "old"
    ) -> HTTPRequest {
        OAuthRequest.refresh(
            Secret(token),
            client: OAuthClient(
                tokenURL: "https://api.example.com/oauth/token", clientID: id, authentication: authentication),
            clientSecret: secret.map { Secret($0) }, userAgent: "telltale/1")
    }

    private func body(_ request: HTTPRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test("posts a form, asks for JSON, and follows no redirect with the secrets in it")
    func form() {
        let request = request(.basic)
        #expect(request.method == "POST" && request.url == "https://api.example.com/oauth/token")
        #expect(request.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(request.headers["accept"] == "application/json")
        #expect(request.headers["user-agent"] == "telltale/1")
        #expect(request.redirectsMax == 0 && request.totalTimeout <= .seconds(10))
        #expect(body(request) == "grant_type=refresh_token&refresh_token=old")
    }

    @Test("proves the client in the header, as Supabase wants it")
    func basic() {
        let header = request(.basic).headers["authorization"]
        #expect(header == "Basic \(Data("client:s3cret".utf8).base64EncodedString())")
    }

    @Test("encodes both parts before it joins them, so that a colon is never taken for the joint")
    func colon() {
        let header = request(.basic, id: "a:b", secret: "c d/é").headers["authorization"]
        #expect(header == "Basic \(Data("a%3Ab:c%20d%2F%C3%A9".utf8).base64EncodedString())")
    }

    @Test("proves the client in the body, as GitHub wants it")
    func inBody() {
        let request = request(.body)
        #expect(request.headers["authorization"] == nil)
        #expect(
            body(request)
                == "grant_type=refresh_token&refresh_token=old&client_id=client&client_secret=s3cret")
    }

    @Test(
        "a public client names itself, whatever is said of its secret", arguments: OAuthClient.Authentication.allCases)
    func publicClient(authentication: OAuthClient.Authentication) {
        let request = request(authentication, secret: nil)
        #expect(request.headers["authorization"] == nil)
        #expect(body(request) == "grant_type=refresh_token&refresh_token=old&client_id=client")
    }

    @Test("no token can add a field of its own")
    func encoding() {
        #expect(body(request(.basic, token: "a&b=c+d%")) == "grant_type=refresh_token&refresh_token=a%26b%3Dc%2Bd%25")
    }
}
