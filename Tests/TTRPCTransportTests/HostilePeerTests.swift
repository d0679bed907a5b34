import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("A hostile peer", .timeLimit(.minutes(1)))
struct HostilePeerTests {
    /// Nothing of the peer is left, and others are served.
    private func expectUnharmed(_ server: TestServer) async throws {
        let client = try await server.client()
        #expect(try await client.call("Echo", [1]) == [1])
        #expect(server.log.value.openStreams == 0)
    }

    @Test(
        "that announces too much is cut off at once",
        arguments: [[0x00, 0x40, 0x00, 0x01], [0x01, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]] as [[UInt8]])
    func oversized(_ length: [UInt8]) async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.call(1, "Echo", [1]))
            #expect(await peer.next()?.status == .ok)
            await peer.send(length + [0, 0, 0, 3, 1, 0])
            #expect(await peer.framesUntilEnd() == [])
            #expect(server.log.value.closeReasons == ["a frame over the limit was announced"])
            try await expectUnharmed(server)
        }
    }

    @Test(
        "that sends data where none belongs gets an error on that stream",
        arguments: [
            WireBytes.data(1, [1]), WireBytes.data(2, [1]), WireBytes.data(0), WireBytes.data(UInt32.max),
            WireBytes.call(2, "Echo"), WireBytes.call(0, "Echo"), WireBytes.call(1, "Echo", flags: 3),
            WireBytes.frame(2, 1),
        ])
    func misplaced(_ frame: [UInt8]) async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(frame)
            #expect(await peer.next()?.status == .invalidArgument)
            await peer.send(WireBytes.call(9, "Echo"))
            #expect(await peer.next()?.status == .ok)
        }
    }

    @Test("that sends data on a unary call ends the call")
    func dataOnCall() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.call(1, "Hang"))
            await server.log.wait { $0.begun == 1 }
            await peer.send(WireBytes.data(1, [1]))
            #expect(await peer.next()?.status == .invalidArgument)
            await server.log.wait { $0.cancelled == 1 }
        }
    }

    @Test("that repeats an id ends what has it")
    func repeatedID() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.open(1, "Watch", flags: 2) + WireBytes.call(1, "Echo"))
            #expect(await peer.next()?.status == .invalidArgument)
            await server.log.wait { $0.streamsClosed == 1 }
        }
    }

    @Test("that goes on after it closed its half ends the stream")
    func dataAfterClose() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.open(1, "Watch", flags: 1) + WireBytes.data(1, [1]))
            #expect(await peer.next()?.status == .invalidArgument)
            await server.log.wait { $0.streamsClosed == 1 }
        }
    }

    @Test("that does nothing but break the protocol is cut off")
    func violations() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send((0..<100).flatMap { _ in WireBytes.frame(2, 2) })
            #expect(await peer.framesUntilEnd().allSatisfy { $0.status == .invalidArgument })
            await server.log.wait { $0.closeReasons == ["too many frames against the protocol"] }
        }
    }

    @Test("that sends frames of unknown kinds is ignored for a while")
    func unknownKinds() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send((0..<50).flatMap { _ in WireBytes.frame(9, 1, data: [1]) } + WireBytes.call(1, "Echo"))
            #expect(await peer.next()?.status == .ok)
        }
    }

    @Test("that begins a frame and falls silent is cut off", arguments: [1, 3, 10, 15])
    func silence(_ byteCount: Int) async throws {
        var limits = ServerLimits()
        limits.frameTimeout = .milliseconds(100)
        try await withServer(limits) { server in
            let peer = try await server.peer()
            await peer.send(Array(WireBytes.call(1, "Echo", [1, 2, 3]).prefix(byteCount)))
            #expect(await peer.framesUntilEnd() == [])
            await server.log.wait { $0.openConnections == 0 }
            #expect(server.log.value.closeReasons == ["a frame was not finished in time"])
            try await expectUnharmed(server)
        }
    }

    @Test("that never reads is cut off, holds one answer's memory, and delays nobody")
    func neverReads() async throws {
        var limits = ServerLimits()
        limits.writeTimeout = .milliseconds(100)
        try await withServer(limits) { server in
            let other = try await server.peer(calling: "Echo")
            let requests = (0..<500).flatMap { WireBytes.call(2 * $0 + 1, "Blob", [UInt8](repeating: 0, count: 16)) }
            _ = try await server.peer(sending: requests, reads: false)
            await server.log.wait { $0.blobs > 0 }
            let served = await other.answerCount
            await server.log.wait { !$0.closeReasons.isEmpty }
            #expect(server.log.value.closeReasons == ["the peer does not read"])
            // Of its 500 requests for 1 MiB one was taken, and no other while its answer waited.
            #expect(server.log.value.blobs == 1)
            #expect(await other.answerCount > served)
        }
    }

    @Test("that never reads what its calls bring later is cut off before it holds more than its share")
    func neverReadsDeferred() async throws {
        var limits = ServerLimits()
        limits.queuedBytesMax = 1 << 20
        try await withServer(limits) { server in
            let peer = try await server.peer(reads: false)
            await peer.send((0..<64).flatMap { WireBytes.call(2 * $0 + 1, "LaterBlob", [0]) })
            await server.log.wait { $0.begun == 64 }
            server.openGate()
            await server.log.wait { $0.openConnections == 0 }
            #expect(server.log.value.closeReasons == ["too much output waits for the peer"])
            try await expectUnharmed(server)
        }
    }

    @Test("that never reads its stream is cut off, and the stream ends")
    func neverReadsStream() async throws {
        var limits = ServerLimits()
        limits.writeTimeout = .milliseconds(50)
        try await withServer(limits) { server in
            let peer = try await server.peer(reads: false)
            await peer.send(WireBytes.open(1, "Endless"))
            await server.log.wait { $0.openConnections == 0 && $0.streamsClosed == 1 }
            #expect(server.log.value.closeReasons == ["the peer does not read"])
        }
    }

    @Test("that sends any bytes harms nobody", arguments: [21, 22, 23, 24] as [UInt64])
    func randomBytes(seed: UInt64) async throws {
        try await withServer { server in
            server.openGate()
            var generator = SeededGenerator(seed: seed)
            for round in 0..<2500 {
                let bytes = round % 3 == 0 ? Self.noise(&generator) : Self.frames(&generator)
                let peer = try await server.peer()
                await peer.send(bytes)
                if round % 2 == 0 {
                    await peer.close()
                } else {
                    // With nothing more to come everything ends by itself.
                    await peer.closeHalf()
                    _ = await peer.framesUntilEnd()
                }
            }
            await server.log.wait { $0.openConnections == 0 && $0.openStreams == 0 && $0.begun == $0.finished }
            #expect(server.server.connectionCount == 0)
            try await expectUnharmed(server)
        }
    }

    private static func noise(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...200, using: &generator)).map { _ in .random(in: 0 ... .max, using: &generator) }
    }

    /// What a client might send, with a byte changed here and there.
    private static func frames(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in 0..<UInt32.random(in: 1...10, using: &generator) {
            let id =
                Int.random(in: 0..<4, using: &generator) == 0 ? .random(in: 0...20, using: &generator) : 2 * index + 1
            let payload = [UInt8](repeating: 1, count: .random(in: 0...3, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                let method = ["Echo", "Later", "Fail", "Blob", "Prepare"].randomElement(using: &generator) ?? ""
                bytes += WireBytes.call(id, method, payload, flags: .random(in: 0...2, using: &generator))
            case 1:
                let method = ["Count", "Sum", "Chat", "Broken", "Refused"].randomElement(using: &generator) ?? ""
                bytes += WireBytes.open(id, method, payload, flags: .random(in: 1...2, using: &generator))
            default: bytes += WireBytes.data(id, payload, flags: .random(in: 0...7, using: &generator))
            }
        }
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            guard let index = bytes.indices.randomElement(using: &generator) else { break }
            bytes[index] = .random(in: 0 ... .max, using: &generator)
        }
        return bytes
    }
}
