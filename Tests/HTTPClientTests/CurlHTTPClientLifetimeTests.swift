import HTTPClient
import TestSupport
import Testing

/// Cancellation, overload and the end.
@Suite(.timeLimit(.minutes(1)))
struct CurlHTTPClientLifetimeTests {
    @Test("a cancelled task ends its request, and the connection is closed")
    func cancellation() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient()
        let error = await withTaskGroup(of: HTTPClientError?.self) { group in
            group.addTask { await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url())) }
            await server.waitForRequests(1)
            group.cancelAll()
            return await group.next() ?? nil
        }
        #expect(error?.kind == .cancelled)
        await server.waitForNoConnection()
    }

    @Test("a task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        let client = CurlHTTPClient()
        let error = await withTaskGroup(of: HTTPClientError?.self) { group in
            group.cancelAll()
            group.addTask { await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url())) }
            return await group.next() ?? nil
        }
        #expect(error?.kind == .cancelled)
        #expect(server.connectionCount == 0)
    }

    @Test("cancelling in the midst of many requests ends each exactly once")
    func cancellationRace() async throws {
        let server = try ScriptedHTTPServer(.answer(body: "x"))
        defer { server.stop() }
        let client = CurlHTTPClient()
        for round in 0..<20 {
            await withTaskGroup(of: HTTPClientError?.self) { group in
                for _ in 0..<20 {
                    group.addTask { await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url())) }
                }
                for _ in 0..<round { _ = await group.next() }
                group.cancelAll()
                for await error in group { #expect(error == nil || error?.kind == .cancelled) }
            }
        }
        #expect(try await client.send(HTTPRequest(url: server.url())).status == 200)
    }

    @Test("a request beyond the bound is refused, and room is found again once one has ended")
    func overload() async throws {
        let server = try ScriptedHTTPServer { $0.target == "/hang" ? [.hang] : .answer() }
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(requestsMax: 3))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask { _ = await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url("/hang"))) }
            }
            await server.waitForRequests(3)
            #expect(await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url()))?.kind == .overloaded)
            group.cancelAll()
        }
        #expect(try await client.send(HTTPRequest(url: server.url())).status == 200)
    }

    @Test("a shutdown cancels what is pending, closes every connection, and refuses what comes later")
    func shutdown() async throws {
        let server = try ScriptedHTTPServer([.hang])
        defer { server.stop() }
        let client = CurlHTTPClient(HTTPClientConfiguration(connectionsPerHostMax: 2))
        await withTaskGroup(of: HTTPClientError?.self) { group in
            for _ in 0..<5 {
                group.addTask { await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url())) }
            }
            await server.waitForRequests(2)
            await client.shutdown()
            for await error in group { #expect(error?.kind == .cancelled) }
        }
        await server.waitForNoConnection()
        #expect(await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url()))?.kind == .cancelled)
        await client.shutdown()
    }

    @Test("a shutdown before the first request, or right after it began, ends as well")
    func earlyShutdown() async throws {
        await CurlHTTPClient().shutdown()
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        for _ in 0..<50 {
            let client = CurlHTTPClient()
            async let error = CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url()))
            await client.shutdown()
            let kind = await error?.kind
            #expect(kind == nil || kind == .cancelled)
        }
    }

    @Test("a client that is let go closes its connections")
    func deinitialisation() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        do {
            let client = CurlHTTPClient()
            _ = try await client.send(HTTPRequest(url: server.url()))
        }
        await server.waitForNoConnection()
    }

    @Test("first requests from many tasks at once start one thread and are all answered")
    func concurrentStart() async throws {
        let server = try ScriptedHTTPServer(.answer())
        defer { server.stop() }
        for _ in 0..<10 {
            let client = CurlHTTPClient()
            await withTaskGroup(of: HTTPClientError?.self) { group in
                for _ in 0..<10 {
                    group.addTask { await CurlHTTPClientTests.failure(client, HTTPRequest(url: server.url())) }
                }
                for await error in group { #expect(error == nil) }
            }
            await client.shutdown()
        }
    }
}
