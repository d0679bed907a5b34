import HTTPClient
import TestSupport
import Testing

@Suite("What became of a request that got no answer", .timeLimit(.minutes(1)))
struct SentOnceTests {
    private static let ok = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)

    /// Answers what is asked, and closes on whoever wants something done.
    private func closingServer() throws -> ScriptedHTTPServer {
        try ScriptedHTTPServer { $0.method == "GET" ? [.send(Self.ok)] : [.close] }
    }

    @Test("what is to be sent once is not sent again on the breach of a kept connection", arguments: [true, false])
    func once(isSentOnce: Bool) async throws {
        let server = try closingServer()
        defer { server.stop() }
        let client = CurlHTTPClient()
        _ = try await client.send(HTTPRequest(url: server.url()))
        var order = HTTPRequest(method: "POST", url: server.url(), body: [UInt8(ascii: "1")])
        order.isSentOnce = isSentOnce
        let failure = await CurlHTTPClientTests.failure(client, order)
        #expect(failure?.kind == .reset)
        #expect(failure?.isUnsent == false)
        // The other half shows that the first one proves something.
        #expect(server.requests.count { $0.method == "POST" } == (isSentOnce ? 1 : 2))
        await client.shutdown()
    }

    @Test("a request is unsent as long as no connection has come about for it")
    func unsent() async throws {
        let server = try ScriptedHTTPServer([.hang])
        let client = CurlHTTPClient()
        // The handshake of TLS is never answered.
        let handshake = HTTPRequest(
            url: "https://127.0.0.1:\(server.port)/", totalTimeout: .milliseconds(200))
        let early = await CurlHTTPClientTests.failure(client, handshake)
        #expect(early?.kind == .timeout)
        #expect(early?.isUnsent == true)
        let late = await CurlHTTPClientTests.failure(
            client, HTTPRequest(method: "POST", url: server.url(), body: [1], totalTimeout: .milliseconds(200)))
        #expect(late?.kind == .timeout)
        #expect(late?.isUnsent == false)
        server.stop()
        await client.shutdown()
        let refused = await CurlHTTPClientTests.failure(
            CurlHTTPClient(), HTTPRequest(url: "http://127.0.0.1:1/", totalTimeout: .seconds(5)))
        #expect(refused?.kind == .connect)
        #expect(refused?.isUnsent == true)
    }
}
