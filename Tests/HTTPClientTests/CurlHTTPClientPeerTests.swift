import HTTPClient
import TestSupport
import Testing

/// Where the request itself may go, before any redirect; what a connected address is judged by is in ``CurlLoopTests``.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientPeerTests {
    @Test(
        "a request that may not reach this machine ends before it connects",
        arguments: ["127.0.0.1", "localhost", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"])
    func loopback(host: String) async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let request = HTTPRequest(url: server.url(host: host), peerRule: .remote)
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), request)?.kind == .addressRefused)
        #expect(server.connectionCount == 0)
    }

    @Test("a metadata address is refused to whoever may reach this machine", arguments: [PeerRule.remoteOrLoopback])
    func metadata(rule: PeerRule) async {
        let request = HTTPRequest(url: "http://169.254.169.254/latest/meta-data", peerRule: rule)
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), request)?.kind == .addressRefused)
    }

    @Test("a rule that allows this machine lets the request through", arguments: [PeerRule.any, .remoteOrLoopback])
    func allowed(rule: PeerRule) async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        #expect(try await CurlHTTPClient().send(HTTPRequest(url: server.url(), peerRule: rule)).status == 200)
    }

    @Test("the refusal names the host and nothing else of the URL")
    func sentence() async {
        let request = HTTPRequest(url: "http://127.0.0.1/?key=s3cret", peerRule: .remote)
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), request)
        #expect(error?.detail.contains("127.0.0.1") == true)
        #expect(error?.detail.contains("s3cret") == false)
    }
}
