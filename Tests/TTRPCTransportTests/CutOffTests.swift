import TTRPCCore
import TTRPCTransport
import Testing

@Suite("A peer that reads no stream of its own", .timeLimit(.minutes(1)))
struct CutOffTests {
    private var limits: ServerLimits {
        var limits = ServerLimits()
        limits.writeTimeout = .milliseconds(50)
        return limits
    }

    @Test("is cut off, and finds all that was written to the last word when it reads on", arguments: [0, 1, 16, 100])
    func lastWord(kibibytes: UInt8) async throws {
        try await withServer(limits) { server in
            let peer = try await server.peer(sending: WireBytes.open(1, "Numbered", [kibibytes]), sleeps: true)
            await server.log.wait { $0.openConnections == 0 }
            #expect(server.log.value.closeReasons == ["the peer does not read"])
            #expect(server.log.value.cutOffs == [CutOff(streams: 1, told: true)])
            #expect(server.log.value.openStreams == 0)

            try await peer.start()
            var frames = await peer.framesUntilEnd()
            #expect(frames.popLast()?.status == .resourceExhausted)
            let numbers = frames.map { Int($0.data[0]) << 8 | Int($0.data[1]) }
            // Without a gap, whole, and the last word names the next.
            #expect(numbers == Array(0..<numbers.count))
            #expect(frames.dropLast().allSatisfy { $0.data.count == 2 + Int(kibibytes) << 10 })
            #expect(frames.last?.data.count == 2)
        }
    }

    @Test("hears the last word of each of its streams")
    func manyStreams() async throws {
        try await withServer(limits) { server in
            let opens = (0..<4).flatMap { WireBytes.open(2 * $0 + 1, "Numbered", [1]) }
            let peer = try await server.peer(sending: opens, sleeps: true)
            await server.log.wait { $0.openConnections == 0 }
            #expect(server.log.value.cutOffs == [CutOff(streams: 4, told: true)])
            try await peer.start()
            let frames = await peer.framesUntilEnd()
            for id in [1, 3, 5, 7] as [UInt32] {
                let own = frames.filter { $0.id == id }
                #expect(own.last?.status == .resourceExhausted)
                let numbers = own.dropLast().map { Int($0.data[0]) << 8 | Int($0.data[1]) }
                #expect(numbers == Array(0..<numbers.count))
            }
        }
    }

    @Test("is closed without a word where what waits for it can never fit")
    func tooMuch() async throws {
        try await withServer(limits) { server in
            let peer = try await server.peer(sending: WireBytes.open(1, "Flood"), sleeps: true)
            await server.log.wait { $0.openConnections == 0 }
            #expect(server.log.value.cutOffs == [CutOff(streams: 1, told: false)])
            try await peer.start()
            #expect(await peer.framesUntilEnd().allSatisfy { $0.type == 3 && $0.data.count == 4 << 20 })
        }
    }
}
