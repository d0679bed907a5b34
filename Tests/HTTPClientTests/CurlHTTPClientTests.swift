import HTTPClient
import TestSupport
import Testing

/// Requests over loopback sockets, answered by a scripted server.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientTests {
    static func failure(_ client: CurlHTTPClient, _ request: HTTPRequest) async -> HTTPClientError? {
        do {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("a request goes out as composed and its answer comes back whole")
    func exchange() async throws {
        let server = try ScriptedHTTPServer(.answer(201, headers: [("X-One", "1"), ("X-One", "2")], body: "hello"))
        defer { server.stop() }
        let client = CurlHTTPClient()
        let request = HTTPRequest(
            method: "POST", url: server.url("/a?b=c"), headers: ["X-Key": "value", "X-Empty": ""],
            body: Array("payload".utf8))
        let response = try await client.send(request)
        #expect(response.status == 201)
        #expect(response.headers.fields.filter { $0.name == "X-One" }.map(\.value) == ["1", "2"])
        #expect(response.body == Array("hello".utf8))
        #expect(response.url == server.url("/a?b=c"))
        #expect(!response.movedPermanently)
        #expect(response.elapsed > .zero)

        let seen = try #require(server.requests.first)
        #expect(seen.method == "POST")
        #expect(seen.target == "/a?b=c")
        #expect(seen.body == Array("payload".utf8))
        #expect(seen.values(of: "x-key") == ["value"])
        #expect(seen.values(of: "x-empty") == [""])
        // Nothing is added that the caller did not say, but for these.
        #expect(
            Set(seen.headers.map { $0.name.lowercased() })
                == ["host", "user-agent", "accept", "accept-encoding", "x-key", "x-empty", "content-length"])
        #expect(seen.values(of: "user-agent") == ["telltale/0.1.0"])
    }

    @Test("the caller's user agent, accept and content type replace the client's own")
    func ownHeaders() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let headers: HTTPHeaders = ["User-Agent": "me/1", "Accept": "text/plain", "Content-Type": "text/csv"]
        _ = try await CurlHTTPClient().send(
            HTTPRequest(method: "PUT", url: server.url(), headers: headers, body: [65]))
        let seen = try #require(server.requests.first)
        #expect(seen.method == "PUT")
        #expect(seen.values(of: "user-agent") == ["me/1"])
        #expect(seen.values(of: "accept") == ["text/plain"])
        #expect(seen.values(of: "content-type") == ["text/csv"])
    }

    @Test("a body larger than a megabyte goes out without waiting for leave")
    func largeUpload() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let body = [UInt8](repeating: 7, count: 2 << 20)
        _ = try await CurlHTTPClient().send(HTTPRequest(method: "PATCH", url: server.url(), body: body))
        #expect(server.requests.first?.body.count == body.count)
        #expect(server.requests.first?.values(of: "expect") == [])
        #expect(server.requests.first?.method == "PATCH")
    }

    @Test("a post without a body says that its length is 0")
    func emptyPost() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        _ = try await CurlHTTPClient().send(HTTPRequest(method: "POST", url: server.url()))
        #expect(server.requests.first?.values(of: "content-length") == ["0"])
    }

    @Test(
        "any status is an answer, with a body or without",
        arguments: [
            ("HTTP/1.1 204 No Content\r\n\r\n", "GET", 204, ""),
            ("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", "GET", 304, ""),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", "GET", 304, ""),
            ("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", "HEAD", 200, ""),
            ("HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nbad", "GET", 500, "bad"),
            ("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", "GET", 401, ""),
            ("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "GET", 200, "ok"),
            ("HTTP/1.0 200 OK\r\n\r\nuntil the end", "GET", 200, "until the end"),
        ])
    func statuses(answer: String, method: String, status: Int, body: String) async throws {
        let server = try ScriptedHTTPServer(answer.hasPrefix("HTTP/1.0") ? [.text(answer), .close] : [.text(answer)])
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(method: method, url: server.url()))
        #expect(response.status == status)
        #expect(String(decoding: response.body, as: UTF8.self) == body)
    }

    @Test("a chunked body is joined")
    func chunked() async throws {
        let server = try ScriptedHTTPServer(.chunked(["one ", "two ", "three"]))
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url()))
        #expect(response.body == Array("one two three".utf8))
    }

    @Test("an answer that comes byte by byte is the same answer")
    func drip() async throws {
        let server = try ScriptedHTTPServer([
            .drip(Array("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok".utf8))
        ])
        defer { server.stop() }
        let response = try await CurlHTTPClient().send(HTTPRequest(url: server.url()))
        #expect(response.headers["a"] == "b")
        #expect(response.body == Array("ok".utf8))
    }

    @Test("a body in gzip is decoded")
    func gzip() async throws {
        // `printf hello | gzip -n`
        let bytes: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0, 0x86, 0xA6, 0x10, 0x36, 5, 0, 0,
            0,
        ]
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n"
        let server = try ScriptedHTTPServer([.text(head), .send(bytes)])
        defer { server.stop() }
        let client = CurlHTTPClient()
        #expect(try await client.send(HTTPRequest(url: server.url())).body == Array("hello".utf8))
        let tooSmall = HTTPRequest(url: server.url(), bodyBytesMax: 4)
        #expect(await Self.failure(client, tooSmall)?.kind == .bodyTooLarge)
    }

    @Test("requests one after the other share a connection")
    func reuse() async throws {
        let server = try ScriptedHTTPServer(.answer(body: "x"))
        defer { server.stop() }
        let client = CurlHTTPClient()
        for _ in 0..<5 { _ = try await client.send(HTTPRequest(url: server.url())) }
        #expect(server.requests.map(\.connection) == [0, 0, 0, 0, 0])
    }

    @Test("a connection that the server closed meanwhile is replaced without a failure")
    func staleConnection() async throws {
        let server = try ScriptedHTTPServer(.answer(body: "x") + [.close])
        defer { server.stop() }
        let client = CurlHTTPClient()
        for _ in 0..<3 { _ = try await client.send(HTTPRequest(url: server.url())) }
        #expect(server.connectionCount == 3)
    }

    @Test("fifty requests at once are all answered, over no more connections than allowed")
    func concurrency() async throws {
        let server = try ScriptedHTTPServer { .answer(body: $0.target) }
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 4))
        try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for index in 0..<50 {
                group.addTask { (index, try await client.send(HTTPRequest(url: server.url("/\(index)"))).body) }
            }
            for try await (index, body) in group { #expect(body == Array("/\(index)".utf8)) }
        }
        #expect(server.requests.count == 50)
        #expect(server.openConnectionCountMax <= 4)
    }
}
