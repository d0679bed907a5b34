import HTTPClient
import TestSupport
import Testing

/// Redirects over sockets; every rule's table is in ``RedirectPolicyTests``.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientRedirectTests {
    @Test("a permanent redirect is followed, with its credentials on the same origin, and reported")
    func permanent() async throws {
        let server = try ScriptedHTTPServer { request in
            request.target == "/old" ? .redirect(301, to: "/new") : .answer(body: "here")
        }
        defer { server.stop() }
        let request = HTTPRequest(url: server.url("/old"), headers: ["Authorization": "Bearer s3cret"])
        let response = try await CurlHTTPClient().send(request)
        #expect(response.body == Array("here".utf8))
        #expect(response.url == server.url("/new"))
        #expect(response.movedPermanently)
        #expect(server.requests.map { $0.values(of: "authorization") } == [["Bearer s3cret"], ["Bearer s3cret"]])
        #expect(server.connectionCount == 1)
    }

    @Test("a token is never sent to another origin")
    func otherOrigin() async throws {
        let other = try ScriptedHTTPServer(.answer(body: "other"))
        let server = try ScriptedHTTPServer(.redirect(302, to: other.url("/landing")))
        defer {
            server.stop()
            other.stop()
        }
        let headers: HTTPHeaders = ["Authorization": "Bearer s3cret", "apikey": "s3cret", "Cookie": "s3cret"]
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url(), headers: headers))
        #expect(response.body == Array("other".utf8))
        #expect(response.url == other.url("/landing"))
        #expect(!response.movedPermanently)
        let seen = try #require(other.requests.first)
        #expect(!seen.headers.contains { $0.value.contains("s3cret") })
        #expect(server.requests.first?.values(of: "apikey") == ["s3cret"])
    }

    @Test("a post that is redirected with 303 is read with get and without its body")
    func seeOther() async throws {
        let server = try ScriptedHTTPServer { $0.method == "POST" ? .redirect(303, to: "/done") : .answer() }
        defer { server.stop() }
        _ = try await CurlHTTPClient().send(HTTPRequest(method: "POST", url: server.url(), body: [65]))
        #expect(server.requests.map(\.method) == ["POST", "GET"])
        #expect(server.requests.map(\.body) == [[65], []])
    }

    @Test("a ring of redirects ends at the bound", arguments: [1, 5])
    func ring(redirectsMax: Int) async throws {
        let server = try ScriptedHTTPServer(.redirect(to: "/again"))
        defer { server.stop() }
        let request = HTTPRequest(url: server.url(), redirectsMax: redirectsMax)
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), request)?.kind == .redirectRefused)
        #expect(server.requests.count == redirectsMax + 1)
    }

    @Test("with no redirects allowed the redirect is the answer")
    func noneAllowed() async throws {
        let server = try ScriptedHTTPServer(.redirect(301, to: "/again"))
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url(), redirectsMax: 0))
        #expect(response.status == 301)
        #expect(!response.movedPermanently)
    }

    @Test(
        "a redirect to a metadata address or another scheme is refused",
        arguments: ["http://169.254.169.254/latest/meta-data", "ftp://127.0.0.1/", "file:///etc/passwd"])
    func refused(location: String) async throws {
        let server = try ScriptedHTTPServer(.redirect(to: location))
        defer { server.stop() }
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), HTTPRequest(url: server.url()))
        #expect(error?.kind == .redirectRefused)
        #expect(server.requests.count == 1)
    }
}
