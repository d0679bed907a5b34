import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("A crowd of streams", .timeLimit(.minutes(1)))
struct CrowdTests {
    /// Opens listeners over a connection, and returns once each is there.
    private func listen(
        _ client: ClientConnection, _ count: Int = 1, _ kind: TownSquare.Listener = .ordinary
    ) async throws -> [ClientStream] {
        var streams: [ClientStream] = []
        for _ in 0..<count {
            let stream = try await client.open("Listen", [kind.rawValue])
            #expect(try await stream.next() == [0])
            streams.append(stream)
        }
        return streams
    }

    @Test("is told, each once and over whatever connections, and none is asked")
    func told() async throws {
        var limits = ServerLimits()
        limits.connection.streamsMax = 100
        try await withServer(limits) { server in
            // Opened in turns, so that neighbours are not those who came one after the other.
            let clients = [try await server.client(), try await server.client(), try await server.client()]
            var streams: [ClientStream] = []
            for _ in 0..<100 { for client in clients { streams += try await listen(client) } }
            let crier = try await server.client().open("Cry", remoteOpen: true)
            for word in ["hear", "ye"] {
                try await crier.send(bytes(word))
                for stream in streams { #expect(try await stream.next() == bytes(word)) }
            }
        }
    }

    @Test("has members that ask, that know already, and that are told too much; the others have what is theirs")
    func kinds() async throws {
        try await withServer { server in
            let client = try await server.client()
            let deafened = try await listen(client, 1, .deafened)
            let informed = try await listen(client, 1, .informed)
            let asking = try await listen(client, 1, .asking)
            let ordinary = try await listen(client)
            let crier = try await server.client().open("Cry", remoteOpen: true)
            try await crier.send([7])
            #expect(try await asking[0].next() == [TownSquare.asked])
            #expect(await status { _ = try await deafened[0].next() }?.code == .resourceExhausted)
            #expect(try await ordinary[0].next() == [7])
            await informed[0].cancel()
            try await crier.send([8])
            #expect(try await asking[0].next() == [TownSquare.asked])
        }
    }

    @Test("is told in as many writes as its messages need, and whoever comes after one that asks is asked too")
    func severalWrites() async throws {
        var limits = ServerLimits()
        limits.streamBytesPerWrite = 100
        try await withServer(limits) { server in
            let client = try await server.client()
            let before = try await listen(client, 7)
            let asking = try await listen(client, 1, .asking)
            let after = try await listen(client, 7)
            let crier = try await server.client().open("Cry", remoteOpen: true)
            // Four frames of 25 bytes fill a write; the one that asks is the last of the second.
            let word = [UInt8](repeating: 5, count: 15)
            try await crier.send(word)
            for stream in before { #expect(try await stream.next() == word) }
            for stream in asking + after { #expect(try await stream.next() == [TownSquare.asked]) }
        }
    }

    @Test("goes on without who has left, and whoever came to its place is not told what was another's")
    func gone() async throws {
        try await withServer { server in
            let (leaving, staying) = (try await server.client(), try await server.client())
            _ = try await listen(leaving, 3)
            let streams = try await listen(staying, 2)
            let crier = try await server.client().open("Cry", remoteOpen: true)
            await leaving.close()
            await server.log.wait { $0.streamsClosed == 3 }
            // Takes the place of the connection that left, without a stream.
            let newcomer = try await server.client()
            #expect(try await newcomer.call("Echo", [1]) == [1])
            try await crier.send([9])
            for stream in streams { #expect(try await stream.next() == [9]) }
            #expect(try await newcomer.call("Echo", [2]) == [2])
        }
    }

    @Test("does not wait for a member who does not read: it asks when it reads again")
    func stalled() async throws {
        try await withServer { server in
            let stalled = try await server.peer(reads: false)
            await stalled.send(WireBytes.open(1, "Listen"))
            await server.log.wait { $0.streamsOpened == 1 }
            let streams = try await listen(try await server.client(), 2)
            let crier = try await server.client().open("Cry", remoteOpen: true)
            let word = [UInt8](repeating: 3, count: 64 << 10)
            for _ in 0..<40 {
                try await crier.send(word)
                for stream in streams { #expect(try await stream.next() == word) }
            }
            try await stalled.startReading()
            var frames: [RawFrame] = []
            while frames.last?.data != [TownSquare.asked], let frame = await stalled.next() { frames.append(frame) }
            // Its beginning, as many cries as its socket took, whole and in order, and then what it asked for.
            #expect(frames.first?.data == [0] && frames.last?.data == [TownSquare.asked])
            #expect(frames.count > 3 && frames.count < 42)
            #expect(frames.dropFirst().dropLast().allSatisfy { $0.data == word })
        }
    }
}
