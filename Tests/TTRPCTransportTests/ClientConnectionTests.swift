import LinuxSystem
import TTRPCCore
import TTRPCTransport
import Testing

@Suite("A client's connection", .timeLimit(.minutes(1)))
struct ClientConnectionTests {
    @Test("to nobody says so, and names the path")
    func nobody() async throws {
        let loop = try EventLoop()
        let failure = await status { _ = try await ClientConnection.connect(to: "/nonexistent/socket", loop: loop) }
        #expect(failure?.code == .unavailable)
        #expect(failure?.message.contains("/nonexistent/socket") == true)
    }

    @Test("that the server closes fails what is on it, and is of no further use")
    func serverCloses() async throws {
        try await withServer { server in
            let (client, peer) = try await server.clientOfPeer()
            async let call = status { _ = try await client.call("Echo") }
            _ = await peer.next()
            let stream = try await client.open("Watch")
            async let next = status { _ = try await stream.next() }
            _ = await peer.next()
            await peer.close()
            #expect(await call?.code == .unavailable)
            #expect(await next?.code == .unavailable)
            #expect(await client.isOpen == false)
            #expect(await status { _ = try await client.call("Echo") }?.code == .unavailable)
            #expect(await status { _ = try await client.open("Watch") }?.code == .unavailable)
        }
    }

    @Test("that its owner closes fails what is on it")
    func ownerCloses() async throws {
        try await withServer { server in
            let client = try await server.client()
            async let call = status { _ = try await client.call("Hang") }
            await server.log.wait { $0.begun == 1 }
            await client.close()
            await client.close()
            #expect(await call?.code == .cancelled)
            await server.log.wait { $0.cancelled == 1 }
        }
    }

    @Test(
        "ends when the server breaks the protocol",
        arguments: [
            WireBytes.frame(2, 3), WireBytes.frame(2, 2), WireBytes.data(1, [1]), WireBytes.call(2, "Echo"),
            WireBytes.frame(2, 1, announcing: 4 << 20 + 1), [UInt8](repeating: 0xFF, count: 10),
        ])
    func protocolError(_ frame: [UInt8]) async throws {
        try await withServer { server in
            let (client, peer) = try await server.clientOfPeer()
            async let call = status { _ = try await client.call("Echo") }
            _ = await peer.next()
            await peer.send(frame)
            #expect(await call?.code == .internal)
            #expect(await client.isOpen == false)
        }
    }

    @Test("fails the call alone whose answer is no response")
    func malformedResponse() async throws {
        try await withServer { server in
            let (client, peer) = try await server.clientOfPeer()
            async let call = status { _ = try await client.call("Echo") }
            _ = await peer.next()
            await peer.send(WireBytes.frame(2, 1, data: [0xFF]))
            #expect(await call?.code == .internal)
            #expect(await client.isOpen)
        }
    }

    @Test("matches answers to calls, whatever their order and however they are cut")
    func order() async throws {
        try await withServer { server in
            let (client, peer) = try await server.clientOfPeer()
            async let first = client.call("Echo")
            _ = await peer.next()
            async let second = client.call("Echo")
            _ = await peer.next()
            for byte in WireBytes.frame(2, 3, data: [0x12, 1, 33]) + WireBytes.frame(2, 1, data: [0x12, 1, 11]) {
                await peer.send([byte])
            }
            #expect(try await (first, second) == ([11], [33]))
        }
    }

    @Test("takes a response to a stream as its last message")
    func responseToStream() async throws {
        try await withServer { server in
            let (client, peer) = try await server.clientOfPeer()
            let stream = try await client.open("Sum", remoteOpen: true)
            await peer.send(
                WireBytes.data(1, [1]) + WireBytes.frame(2, 1, data: [0x12, 1, 2]) + WireBytes.data(1, [3]))
            #expect(try await stream.messages() == [[1], [2]])
            #expect(await client.isOpen)
        }
    }

    @Test("sends nothing on a half that is closed")
    func sendAfterClose() async throws {
        try await withServer { server in
            let client = try await server.client()
            let closed = try await client.open("Sum", remoteOpen: true)
            await closed.closeSending()
            #expect(await status { try await closed.send([1]) }?.code == .failedPrecondition)
            #expect(try await closed.messages() == [[0]])
            let never = try await client.open("Watch")
            #expect(await status { try await never.send([1]) }?.code == .failedPrecondition)
            #expect(await client.isOpen)
        }
    }

    @Test("tells a sender why the server has ended the stream")
    func sendAfterEnd() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Chat", remoteOpen: true)
            #expect(try await stream.next() == [])
            try await stream.send(bytes("!"))
            // It is read and sent to until the refusal is here.
            var failure: RPCStatus?
            while failure == nil { failure = await status { try await stream.send([1]) } }
            #expect(failure == RPCStatus(.invalidArgument, "Do not shout."))
            #expect(await status { _ = try await stream.next() } == RPCStatus(.invalidArgument, "Do not shout."))
        }
    }

    @Test("a reader that gives up leaves the stream as it is")
    func cancelledReader() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Watch")
            await server.log.wait { $0.openStreams == 1 }
            for value in 1...100 as ClosedRange<UInt8> {
                // Sometimes the message wins, sometimes the cancellation.
                let first = await withTaskGroup(of: [UInt8]?.self) { group in
                    group.addTask { try? await stream.next() }
                    server.ticker.set(value)
                    group.cancelAll()
                    return await group.next() ?? nil
                }
                if let first {
                    #expect(first == [value])
                } else {
                    #expect(try await stream.next() == [value])
                }
            }
        }
    }

    @Test("refuses to queue more than its limit for a server that does not read")
    func queueLimit() async throws {
        let (mine, theirs) = try UnixSocket.pair()
        let server = OwnedDescriptor(owning: theirs)
        let loop = try EventLoop()
        try loop.start(name: "test-client")
        var limits = ClientConnection.Limits()
        limits.queuedBytesMax = 1 << 20
        let client = ClientConnection(owning: mine, loop: loop, limits: limits)
        try await client.start()
        var (streams, failure): (Int, RPCStatus?) = (0, nil)
        while failure == nil, streams < 100 {
            failure = await status { _ = try await client.open("Sum", [UInt8](repeating: 0, count: 64 << 10)) }
            streams += 1
        }
        #expect(failure?.code == .resourceExhausted)
        #expect(server.rawValue >= 0)
        await client.close()
        loop.stop()
    }
}
