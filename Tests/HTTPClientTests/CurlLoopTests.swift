import HTTPClient
import TestSupport
import Testing

/// The rule on connected peers, which no request over loopback alone can break, at the loop itself.
@Suite(.timeLimit(.minutes(1)))
struct CurlLoopTests {
    static func exchange(_ url: String, rule: PeerRule) throws -> HTTPExchange {
        HTTPExchange(
            hop: HTTPHop(url: try HTTPURL(url)), peerRule: rule, connectTimeout: .seconds(2),
            deadline: ContinuousClock.now.advanced(by: .seconds(10)), bodyBytesMax: 1000)
    }

    @Test(
        "a name that resolves to this machine is refused by the address, before a connection is made",
        arguments: [(false, HTTPClientError.Kind.addressRefused), (true, .redirectRefused)])
    func refusedPeer(isRedirect: Bool, kind: HTTPClientError.Kind) async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let loop = CurlLoop(HTTPClientConfiguration())
        defer { loop.requestStop() }
        var exchange = try Self.exchange(server.url(host: "localhost"), rule: .remote)
        exchange.isRedirect = isRedirect
        let outcome = await loop.perform(exchange)
        #expect(throws: HTTPClientError.self) { try outcome.get() }
        if case .failure(let error) = outcome { #expect(error.kind == kind) }
        #expect(server.connectionCount == 0)
    }

    @Test("a pooled connection to this machine is refused to a request that may not go there")
    func refusedReuse() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let loop = CurlLoop(HTTPClientConfiguration())
        defer { loop.requestStop() }
        let url = server.url()
        #expect(try await loop.perform(try Self.exchange(url, rule: .any)).get().status == 200)
        let outcome = await loop.perform(try Self.exchange(url, rule: .remote))
        if case .failure(let error) = outcome {
            #expect(error.kind == .addressRefused)
        } else {
            Issue.record("answered")
        }
        #expect(server.requests.count == 1)
        #expect(try await loop.perform(try Self.exchange(url, rule: .remoteOrLoopback)).get().status == 200)
    }
}
