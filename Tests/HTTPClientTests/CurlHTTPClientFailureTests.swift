import HTTPClient
import TestSupport
import Testing

/// What goes wrong on the way.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientFailureTests {
    static let short = Duration.milliseconds(250)
    static let ok = "HTTP/1.1 200 OK\r\n"

    static let brokenAnswers: [([ScriptedHTTPServer.Step], HTTPClientError.Kind)] = [
        ([.reset], .reset),
        ([.close], .reset),
        ([.text("\(ok)Content-Length: 5\r\n\r\nhe"), .reset], .reset),
        ([.text("\(ok)Content-Length: 5\r\n\r\nhe"), .close], .reset),
        ([.text("\(ok)Transfer-Encoding: chunked\r\n\r\n5\r\nhe"), .close], .reset),
        ([.text("\(ok)Content-"), .close], .malformedResponse),
        ([.text("\(ok)A: b\r\n"), .close], .malformedResponse),
        ([.text("this is no HTTP\r\n\r\n"), .close], .malformedResponse),
        ([.send(Array(0...255)), .close], .malformedResponse),
        ([.text("HTTP/1.1 abc OK\r\n\r\n"), .close], .malformedResponse),
        ([.text("\(ok)Transfer-Encoding: chunked\r\n\r\nzz\r\n")], .reset),
        ([.text("\(ok)Content-Length: -5\r\n\r\n"), .close], .malformedResponse),
        ([.text("\(ok)Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")], .malformedResponse),
        ([.text("\(ok)A: x\0y\r\n\r\n"), .close], .malformedResponse),
    ]

    static let unfinishedAnswers: [[ScriptedHTTPServer.Step]] = [
        [.hang],
        [.text("\(ok)Content-"), .hang],
        [.text("\(ok)Content-Length: 5\r\n\r\nhe"), .hang],
        [.text("\(ok)Content-Length: 1000\r\n\r\n"), .drip(Array(repeating: 7, count: 1000))],
    ]

    static let bodiesOverAThousandBytes: [[ScriptedHTTPServer.Step]] = [
        [.text("\(ok)Content-Length: 999999999999\r\n\r\n"), .hang],
        [.text("\(ok)Content-Length: 1001\r\n\r\n"), .hang],
        [.text("\(ok)\r\n"), .flood(Array(repeating: 7, count: 1000), times: 1_000_000)],
        [.text("\(ok)Transfer-Encoding: chunked\r\n\r\n"), .flood(Array("5\r\nhello\r\n".utf8), times: 1_000_000)],
    ]

    static let hugeHeaders: [[ScriptedHTTPServer.Step]] = [
        [.text(ok), .flood(Array("A: bbbbbbbbbbbbbbbbbbbbbbbb\r\n".utf8), times: 1_000_000)],
        [.text("\(ok)A: "), .flood(Array(repeating: 65, count: 1000), times: 1_000_000)],
        [.text("\(ok)A: \(String(repeating: "x", count: 70_000))\r\n\r\n")],
    ]

    @Test(
        "an answer that is not whole in time ends with a timeout",
        arguments: unfinishedAnswers)
    func timeouts(steps: [ScriptedHTTPServer.Step]) async throws {
        let server = try ScriptedHTTPServer(steps)
        defer { server.stop() }
        let start = ContinuousClock.now
        let request = HTTPRequest(url: server.url("/?token=s3cret"), totalTimeout: Self.short)
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), request)
        #expect(error?.kind == .timeout)
        #expect(error?.detail.contains("s3cret") == false)
        let elapsed = start.duration(to: .now)
        #expect(elapsed >= Self.short && elapsed < .seconds(5))
        await server.waitForNoConnection()
    }

    @Test("a client's own bound on time ends a request that would allow itself more")
    func clientBound() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(totalTimeoutMax: Self.short))
        let error = await CurlHTTPClientTests.failure(
            client, HTTPRequest(url: server.url("/"), totalTimeout: .seconds(600)))
        #expect(error?.kind == .timeout)
        await server.waitForNoConnection()
    }

    @Test("the total timeout covers redirects together, however quick each of them is")
    func chainTimeout() async throws {
        // A hundred redirects of at least 30 ms each: no hop is late, and only the sum can be.
        let server = try ScriptedHTTPServer([
            .text("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 3\r\n\r\n"), .drip(Array("abc".utf8)),
        ])
        defer { server.stop() }
        let request = HTTPRequest(url: server.url(), totalTimeout: Self.short, redirectsMax: 100)
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), request)?.kind == .timeout)
    }

    @Test("a timeout ends a request that waits for a connection, which is not its host's fault")
    func waitingTimeout() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url())) }
            await server.waitForRequests(1)
            let waiting = HTTPRequest(url: server.url(), totalTimeout: Self.short)
            let failure = await CurlHTTPClientTests.failure(client, waiting)
            #expect(failure?.kind == .overloaded)
            #expect(failure?.isUnsent == true)
            group.cancelAll()
        }
        #expect(server.requests.count == 1)
    }

    @Test("a timeout that is over already is one", arguments: [Duration.zero, .seconds(-1)])
    func pastDeadline(timeout: Duration) async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:1/", totalTimeout: timeout)
        let failure = await CurlHTTPClientTests.failure(CurlHTTPClient(), request)
        #expect(failure?.kind == .timeout)
        #expect(failure?.isUnsent == true)
    }

    @Test("a timeout of centuries is no trap")
    func hugeTimeout() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let request = HTTPRequest(
            url: server.url(), connectTimeout: .seconds(Int64.max), totalTimeout: .seconds(Int64.max),
            bodyBytesMax: Int.max)
        #expect(try await CurlHTTPClient().send(request).status == 200)
    }

    @Test(
        "a connection that breaks off is told from one that talks nonsense",
        arguments: brokenAnswers)
    func broken(steps: [ScriptedHTTPServer.Step], expected: HTTPClientError.Kind) async throws {
        let server = try ScriptedHTTPServer(steps)
        defer { server.stop() }
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), HTTPRequest(url: server.url()))?.kind == expected)
    }

    @Test(
        "a body beyond the bound ends the request, announced or not",
        arguments: bodiesOverAThousandBytes)
    func bodyTooLarge(steps: [ScriptedHTTPServer.Step]) async throws {
        let server = try ScriptedHTTPServer(steps)
        defer { server.stop() }
        let request = HTTPRequest(url: server.url(), bodyBytesMax: 1000)
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), request)?.kind == .bodyTooLarge)
        await server.waitForNoConnection()
    }

    @Test("a body that fills the bound exactly is an answer", arguments: [0, 1, 1000])
    func bodyAtBound(byteCount: Int) async throws {
        let server = try ScriptedHTTPServer(.answer(body: String(repeating: "x", count: byteCount)))
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url(), bodyBytesMax: byteCount))
        #expect(response.body.count == byteCount)
    }

    @Test(
        "headers beyond the bound end the request, as many lines or as one",
        arguments: hugeHeaders)
    func headersTooLarge(steps: [ScriptedHTTPServer.Step]) async throws {
        let server = try ScriptedHTTPServer(steps)
        defer { server.stop() }
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), HTTPRequest(url: server.url()))
        #expect(error?.kind == .malformedResponse)
        await server.waitForNoConnection()
    }

    @Test("nobody listening is a failure to connect")
    func refused() async throws {
        let server = try ScriptedHTTPServer(.answer())
        let url = server.url()
        server.stop()
        let client = CurlHTTPClient()
        // The listener closes on its own thread; until then a connection may still be taken and dropped.
        var error: HTTPClientError?
        repeat { error = await CurlHTTPClientTests.failure(client, HTTPRequest(url: url)) } while error?.kind == .reset
        #expect(error?.kind == .connect)
    }

    @Test("a name that does not resolve is a failure of DNS")
    func unresolvable() async throws {
        // RFC 6761 §6.4: `.invalid` never resolves.
        let request = HTTPRequest(url: "http://nowhere.invalid/?token=s3cret")
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), request)
        #expect(error?.kind == .dns)
        #expect(error?.detail.contains("nowhere.invalid") == true)
        #expect(error?.detail.contains("s3cret") == false)
    }

    @Test(
        "a request that could carry another inside is refused before anything is sent",
        arguments: [
            HTTPRequest(method: "GET\r\nX: y", url: ""), HTTPRequest(method: "", url: ""),
            HTTPRequest(method: "G T", url: ""), HTTPRequest(method: "CONNECT", url: ""),
            HTTPRequest(url: "", headers: ["X": "s3cret\r\nEvil: 1"]), HTTPRequest(url: "", headers: ["X": "s3cret\n"]),
            HTTPRequest(url: "", headers: ["X": "s3cret\0"]), HTTPRequest(url: "", headers: ["X\r\nEvil": "s3cret"]),
            HTTPRequest(url: "", headers: ["X:": "s3cret"]), HTTPRequest(url: "", headers: ["": "s3cret"]),
            HTTPRequest(url: "", headers: ["X ": "s3cret"]), HTTPRequest(url: "", headers: ["Ünicode": "s3cret"]),
            HTTPRequest(url: "", headers: ["Content-Length": "5"]),
            HTTPRequest(url: "", headers: ["transfer-encoding": "chunked"]),
        ])
    func injection(request: HTTPRequest) async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        var request = request
        request.url = server.url()
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), request)
        #expect(error?.kind == .invalidRequest)
        #expect(error?.detail.contains("s3cret") == false)
        #expect(server.connectionCount == 0)
    }

    @Test(
        "a URL that is none is an invalid request",
        arguments: ["", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "http://u:s3cret@127.0.0.1/"])
    func invalidURL(url: String) async throws {
        let error = await CurlHTTPClientTests.failure(CurlHTTPClient(), HTTPRequest(url: url))
        #expect(error?.kind == .invalidRequest)
        #expect(error?.detail.contains("s3cret") == false)
    }
}
