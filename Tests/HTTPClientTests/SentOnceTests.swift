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

    @Test("what is ended while it waits for a connection is unsent, and what the server has is not")
    func cancelled() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 1))
        let request = HTTPRequest(method: "POST", url: server.url(), body: [1])
        let sent = Task { await CurlHTTPClientTests.failure(client, request) }
        await server.waitForRequests(1)
        let waiting = Task { await CurlHTTPClientTests.failure(client, request) }
        // By the end of a third one that waits behind it, it waits as well.
        let third = HTTPRequest(url: server.url(), totalTimeout: .milliseconds(200))
        #expect(await CurlHTTPClientTests.failure(client, third)?.kind == .overloaded)
        waiting.cancel()
        #expect(await waiting.value?.isUnsent == true)
        sent.cancel()
        #expect(await sent.value?.isUnsent == false)
        await client.shutdown()
    }

    @Test("what has waited for a connection has its whole time to connect")
    func connectedLate() async throws {
        let server = try ScriptedHTTPServer { request in
            let drip = Array(repeating: UInt8(ascii: "a"), count: request.target == "/slow" ? 150 : 1)
            return [.text("HTTP/1.1 200 OK\r\nContent-Length: \(drip.count)\r\n\r\n"), .drip(drip)]
        }
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 1))
        async let slow = client.send(HTTPRequest(url: server.url("/slow")))
        await server.waitForRequests(1)
        let late = HTTPRequest(method: "POST", url: server.url(), body: [1], connectTimeout: .milliseconds(700))
        #expect(try await client.send(late).status == 200)
        #expect(try await slow.status == 200)
        await client.shutdown()
    }

    @Test(
        "what is sent once waits for a connection no longer than it may take to connect: the rest is for the answer"
    )
    func keepsTimeForTheAnswer() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 1))
        let first = Task {
            await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url(), totalTimeout: .seconds(50)))
        }
        await server.waitForRequests(1)
        var order = HTTPRequest(
            method: "POST", url: server.url(), body: [1], connectTimeout: .milliseconds(100), totalTimeout: .seconds(50)
        )
        order.isSentOnce = true
        let start = ContinuousClock.now
        let failure = await CurlHTTPClientTests.failure(client, order)
        #expect(failure?.kind == .overloaded && failure?.isUnsent == true)
        #expect(start.duration(to: .now) < .seconds(25))
        #expect(server.requests.count == 1)
        first.cancel()
        _ = await first.value
        await client.shutdown()
    }

    @Test("of a burst nothing that the server has seen is called unsent")
    func burst() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 4))
        var order = HTTPRequest(
            method: "POST", url: server.url(), body: [1], connectTimeout: .milliseconds(200),
            totalTimeout: .milliseconds(600))
        order.isSentOnce = true
        let failures = await withTaskGroup(of: HTTPClientError?.self) { group in
            for _ in 0..<100 { group.addTask { [order] in await CurlHTTPClientTests.failure(client, order) } }
            return await group.reduce(into: [HTTPClientError?]()) { $0.append($1) }
        }
        await client.shutdown()
        let sent = failures.count { $0?.isUnsent == false }
        #expect(failures.count == 100 && sent >= server.requests.count)
        #expect(failures.count { $0?.kind == .overloaded && $0?.isUnsent == true } >= 90)
    }
}
