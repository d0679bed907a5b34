import TTRPCCore
import TTRPCTransport
import Testing

@Suite("A stream", .timeLimit(.minutes(1)))
struct StreamTests {
    @Test("from the server brings every message in order, and ends", arguments: [0, 1, 40])
    func serverStreaming(_ count: Int) async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Count", [UInt8](repeating: 0, count: count))
            let messages = try await stream.messages()
            #expect(messages.map { $0.first } == (0..<count * 16).map { UInt8(truncatingIfNeeded: $0) })
            #expect(messages.allSatisfy { $0.count == 1 << 10 })
            #expect(server.log.value.openStreams == 0)
        }
    }

    @Test("with more to say is asked again without being woken")
    func more() async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(try await client.open("StepByStep").messages() == (1...20).map { [$0] })
        }
    }

    @Test("to the server is answered once when its client has closed its half")
    func clientStreaming() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Sum", remoteOpen: true)
            for number in 1...10 as ClosedRange<UInt8> { try await stream.send([number]) }
            await stream.closeSending()
            #expect(try await stream.messages() == [[55]])
            #expect(server.log.value.remoteClosed == 1)
        }
    }

    @Test("to the server that is empty is answered too")
    func emptyClientStreaming() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.open(1, "Sum", flags: 2) + WireBytes.data(1, flags: 5))
            #expect(await peer.next() == RawFrame(type: 2, id: 1, flags: 0, data: [0x12, 1, 0]))
        }
    }

    @Test("in both directions echoes each message, empty ones too, until its client closes its half")
    func bidirectional() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Chat", bytes("welcome"), remoteOpen: true)
            #expect(try await stream.next() == bytes("welcome"))
            for message in [bytes("a"), [], bytes("b")] {
                try await stream.send(message)
                #expect(try await stream.next() == message)
            }
            await stream.closeSending()
            #expect(try await stream.next() == nil)
        }
    }

    @Test("to which its client sends nothing from the start ends at once", arguments: ["Sum", "Chat"])
    func closedFromTheStart(_ method: String) async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(try await client.open(method).messages().count == 1)
        }
    }

    @Test("takes the last message and the closing of its half in one frame")
    func lastMessage() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.open(1, "Chat", [1], flags: 2) + WireBytes.data(1, [2], flags: 1))
            #expect(await peer.next() == RawFrame(type: 3, id: 1, flags: 0, data: [1]))
            #expect(await peer.next() == RawFrame(type: 3, id: 1, flags: 0, data: [2]))
            #expect(await peer.next() == RawFrame(type: 3, id: 1, flags: 5, data: []))
        }
    }

    @Test("is refused by its method with a status")
    func refused() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Refused")
            #expect(await status { _ = try await stream.next() } == RPCStatus(.permissionDenied, "Not for you."))
            #expect(await status { _ = try await client.open("Missing").next() }?.code == .unimplemented)
        }
    }

    @Test("can fail after its messages, with details")
    func failed() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Broken")
            #expect(try await stream.next() == [1])
            let failure = await status { _ = try await stream.next() }
            #expect(failure == RPCStatus(.dataLoss, "The journal is gone.", details: UnaryTestMethods.details))
        }
    }

    @Test("ends when its session refuses a message, and takes what is still on the way for no offence")
    func sessionRefuses() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(
                WireBytes.open(1, "Chat", flags: 2) + WireBytes.data(1, bytes("!"))
                    + (0..<500).flatMap { _ in WireBytes.data(1, [0]) } + WireBytes.call(3, "Echo"))
            var codes: [StatusCode?] = []
            while let frame = await peer.next(), frame.id == 1 { codes.append(frame.status) }
            // The greeting, then the refusal, and the same for each message that came too late.
            #expect(codes == [nil] + [StatusCode?](repeating: .invalidArgument, count: 501))
            #expect(server.log.value.openStreams == 0)
        }
    }

    @Test("that writes a message larger than a frame ends with a status")
    func oversizedMessage() async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(await status { _ = try await client.open("Oversized").next() }?.code == .resourceExhausted)
            #expect(try await client.call("Echo", [1]) == [1])
        }
    }

    @Test("is asked for data when it is woken, from any thread")
    func woken() async throws {
        try await withServer { server in
            let client = try await server.client()
            let streams = [try await client.open("Watch"), try await client.open("Watch")]
            await server.log.wait { $0.openStreams == 2 }
            for value in 1...50 as ClosedRange<UInt8> {
                server.ticker.set(value)
                for stream in streams { #expect(try await stream.next() == [value]) }
            }
        }
    }

    @Test("can be woken after it has ended")
    func wokenAfterEnd() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Watch", remoteOpen: true)
            await server.log.wait { $0.openStreams == 1 }
            await client.close()
            await server.log.wait { $0.openStreams == 0 }
            server.ticker.set(1)
            let other = try await server.client()
            #expect(try await other.call("Echo", [1]) == [1])
            #expect(await status { _ = try await stream.next() }?.code == .cancelled)
        }
    }

    @Test("is asked for data at the instant that it named")
    func timers() async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(try await client.open("Heartbeat").messages() == (1...5).map { [$0] })
        }
    }

    @Test("that its client gives up ends at the server, where its half was open")
    func givenUp() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Chat", remoteOpen: true)
            #expect(try await stream.next() == [])
            await stream.cancel()
            await server.log.wait { $0.streamsClosed == 1 }
            #expect(await status { _ = try await stream.next() }?.code == .cancelled)
            #expect(try await client.call("Echo", [1]) == [1])
        }
    }

    @Test("with endless data does not starve another of its connection")
    func fairWithinConnection() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.ignore(1)
            await peer.send(WireBytes.open(1, "Endless") + WireBytes.open(3, "Count", [0, 0]))
            var frames: [RawFrame] = []
            while let frame = await peer.next() {
                frames.append(frame)
                if frame.flags == 5 { break }
            }
            #expect(frames.count == 33)
            await peer.close()
        }
    }

    @Test("with endless data still hears its client")
    func endlessStreamHearsItsClient() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.ignore(1)
            await peer.send(WireBytes.open(1, "Endless", flags: 2))
            await server.log.wait { $0.openStreams == 1 }
            await peer.send(WireBytes.data(1, flags: 5))
            await server.log.wait { $0.remoteClosed == 1 }
            await peer.close()
        }
    }

    @Test("with endless data starves no other connection")
    func fairAmongConnections() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.ignore(1)
            await peer.send(WireBytes.open(1, "Endless"))
            await server.log.wait { $0.openStreams == 1 }
            let client = try await server.client()
            for _ in 0..<100 { #expect(try await client.call("Echo", [1]) == [1]) }
            await peer.close()
        }
    }

    @Test("goes on when the peer closes the sending half of the connection, and ends by itself")
    func halfClosedConnection() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(
                WireBytes.open(1, "Chat", [1], flags: 2) + WireBytes.open(3, "Watch") + WireBytes.call(5, "Later", [5]))
            await server.log.wait { $0.openStreams == 2 && $0.begun == 1 }
            await peer.closeHalf()
            // The one that was open for sending is told, and ends.
            #expect(await peer.next() == RawFrame(type: 3, id: 1, flags: 0, data: [1]))
            #expect(await peer.next() == RawFrame(type: 3, id: 1, flags: 5, data: []))
            server.ticker.set(7)
            #expect(await peer.next() == RawFrame(type: 3, id: 3, flags: 0, data: [7]))
            server.openGate()
            #expect(await peer.next() == RawFrame(type: 2, id: 5, flags: 0, data: [0x12, 1, 5]))
            await peer.close()
            await server.log.wait { $0.openConnections == 0 && $0.openStreams == 0 }
        }
    }

    @Test("the last of a half-closed connection takes the connection with it")
    func lastOfHalfClosedConnection() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.open(1, "Heartbeat"))
            await peer.closeHalf()
            #expect(await peer.framesUntilEnd().count == 6)
            // The peer sees the end a moment before it is noted.
            await server.log.wait { !$0.closeReasons.isEmpty }
            #expect(server.log.value.closeReasons == ["done"])
        }
    }

    @Test("of a reader that lags is held back, and nothing of it is lost")
    func backPressure() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Count", [UInt8](repeating: 0, count: 250))
            await server.log.wait { $0.openStreams == 1 }
            // Nobody reads: what fits in the sockets and the client's table is under way, and no more is asked for.
            let other = try await server.client()
            #expect(try await other.call("Echo", [1]) == [1])
            #expect(server.log.value.openStreams == 1)
            #expect(try await stream.messages().map { $0.first } == (0..<4000).map { UInt8(truncatingIfNeeded: $0) })
        }
    }
}
