import HTTPClient
import ProviderSimulator
import TestSupport
import Testing

/// A byte takes ten milliseconds of a dripping server, so what is dripped tells which part of an exchange is counted.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientLatencyTests {
    private let drippedFor = Duration.milliseconds(150)
    private let drip = ScriptedHTTPServer.Step.drip(Array(repeating: UInt8(ascii: "x"), count: 20))

    @Test("latency ends with the first byte, however long the rest takes")
    func slowBody() async throws {
        let server = try ScriptedHTTPServer([.text("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"), drip])
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url()))
        #expect(response.latency > .zero)
        #expect(response.elapsed - response.latency > drippedFor)
    }

    @Test("latency is that of the last place of a chain of redirects")
    func slowRedirect() async throws {
        let redirect = "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 20\r\n\r\n"
        let server = try ScriptedHTTPServer { request in
            request.target == "/there" ? .answer() : [.text(redirect), drip]
        }
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url()))
        #expect(response.elapsed - response.latency > drippedFor)
    }

    @Test("latency holds the time that the server takes")
    func slowServer() async throws {
        let simulator = Simulator()
        let server = try SimulatorServer(simulator: simulator)
        defer { server.stop() }
        try simulator.inject(Fault(.latency(.milliseconds(120))))
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url + "/rate_limit"))
        #expect(response.latency >= .milliseconds(100))
        #expect(response.latency <= response.elapsed)
    }
}
