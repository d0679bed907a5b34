import TTRPCCore
import TTRPCTransport
import Testing

@Suite("A unary call", .timeLimit(.minutes(1)))
struct UnaryCallTests {
    @Test("is answered at once", arguments: [[], [0], bytes("hello"), [UInt8](repeating: 9, count: 100_000)])
    func inline(_ payload: [UInt8]) async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(try await client.call("Echo", payload) == payload)
        }
    }

    @Test("is answered later, while others are answered at once")
    func deferred() async throws {
        try await withServer { server in
            let client = try await server.client()
            async let later = client.call("Later", bytes("slow"))
            await server.log.wait { $0.begun == 1 }
            #expect(try await client.call("Echo", bytes("fast")) == bytes("fast"))
            server.openGate()
            #expect(try await later == bytes("slow"))
        }
    }

    @Test("fails with code, sentence and details")
    func failed() async throws {
        try await withServer { server in
            let client = try await server.client()
            let failure = await status { _ = try await client.call("Fail") }
            #expect(
                failure
                    == RPCStatus(
                        .notFound, "No such project; see `telltale projects`.", details: UnaryTestMethods.details))
        }
    }

    @Test("fails later")
    func failedLater() async throws {
        try await withServer { server in
            server.openGate()
            let client = try await server.client()
            #expect(await status { _ = try await client.call("LaterFail") } == RPCStatus(.aborted, "Too late."))
        }
    }

    @Test("to what there is not is answered with what is missing")
    func unimplemented() async throws {
        try await withServer { server in
            let client = try await server.client()
            let noMethod = await status { _ = try await client.call("Missing\u{7}") }
            #expect(noMethod == RPCStatus(.unimplemented, "The service test.Calls has no method Missing."))
            let noService = await status {
                _ = try await client.call(service: "", method: "Echo", payload: [])
            }
            #expect(noService == RPCStatus(.unimplemented, "There is no service ‹unnamed› here."))
            let longName = String(repeating: "x", count: 1000)
            let bounded = await status { _ = try await client.call(service: longName, method: "", payload: []) }
            #expect(bounded?.message.count ?? .max < 200)
            #expect(try await client.call("Echo", [1]) == [1])
        }
    }

    @Test("names are compared whole", arguments: ["Ech", "Echoo", "echo", "Echo "])
    func similarNames(_ name: String) async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(await status { _ = try await client.call(name) }?.code == .unimplemented)
        }
    }

    @Test("to a method that streams says how to call it")
    func streamAsUnary() async throws {
        try await withServer { server in
            let client = try await server.client()
            let failure = await status {
                _ = try await client.call(service: "test.Streams", method: "Count", payload: [])
            }
            #expect(failure?.code == .invalidArgument)
            #expect(failure?.message.contains("0x01") == true)
        }
    }

    @Test("sent as a stream is answered all the same", arguments: [1, 2] as [UInt8])
    func unaryAsStream(_ flags: UInt8) async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.call(1, "Echo", [5], flags: flags))
            #expect(await peer.next() == RawFrame(type: 2, id: 1, flags: 0, data: [0x12, 1, 5]))
        }
    }

    @Test("brings its timeout, its metadata and its peer's tag to the method")
    func request() async throws {
        try await withServer(admit: { _ in .admitted(tag: 42) }) { server in
            let client = try await server.client()
            let answer = try await client.call(
                service: "test.Calls", method: "Describe", payload: [], timeout: .milliseconds(60_000),
                metadata: [("other", "x"), ("telltale-user", "maria"), ("telltale-user", "second")])
            #expect(String(decoding: answer, as: UTF8.self) == "60.0 seconds maria 42")
            #expect(String(decoding: try await client.call("Describe"), as: UTF8.self) == "none nobody 42")
        }
    }

    @Test("that is not a request is answered and harms no other")
    func malformedEnvelope() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.frame(1, 1, data: [0xFF, 0xFF]))
            #expect(await peer.next()?.status == .invalidArgument)
            await peer.send(WireBytes.call(3, "Echo", [1]))
            #expect(await peer.next()?.status == .ok)
        }
    }

    @Test("carries as much as a frame holds")
    func largestFrames() async throws {
        try await withServer { server in
            let client = try await server.client()
            // The envelope with the names takes its share.
            let largest = [UInt8](repeating: 3, count: 4 << 20 - 64)
            #expect(try await client.call("Echo", largest) == largest)
            let tooLarge = await status { _ = try await client.call("Echo", [UInt8](repeating: 3, count: 4 << 20)) }
            #expect(tooLarge?.code == .invalidArgument)
            #expect(try await client.call("Blob", [UInt8](repeating: 0, count: 63)).count == 63 << 16)
        }
    }

    @Test("whose answer is larger than a frame says so", arguments: ["Blob", "LaterBlob"])
    func answerTooLarge(_ method: String) async throws {
        try await withServer { server in
            server.openGate()
            let client = try await server.client()
            let failure = await status { _ = try await client.call(method, [UInt8](repeating: 0, count: 64)) }
            #expect(failure?.code == .resourceExhausted)
            #expect(try await client.call("Echo", [1]) == [1])
        }
    }

    @Test("that its method forgets to answer is answered")
    func nothing() async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(await status { _ = try await client.call("Nothing") }?.code == .resourceExhausted)
        }
    }

    @Test("shares a connection with 200 others, and each gets its own answer")
    func multiplexed() async throws {
        var limits = ServerLimits()
        limits.connection.callsMax = 200
        try await withServer(limits) { server in
            let client = try await server.client()
            try await withThrowingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let payload = bytes("call \(number)")
                        return try await client.call(number % 2 == 0 ? "Later" : "Echo", payload) == payload
                    }
                }
                await server.log.wait { $0.begun == 100 }
                server.openGate()
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test("that is pipelined without reading is answered in order, however many there are")
    func pipelined() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            let payload = [UInt8](repeating: 1, count: 1 << 10)
            let ids = stride(from: UInt32(1), to: 10_000, by: 2)
            await peer.send(ids.flatMap { WireBytes.call($0, "Echo", payload) })
            for id in ids {
                let frame = await peer.next()
                #expect(frame?.id == id)
                #expect(frame?.data.count == 3 + payload.count)
            }
        }
    }

    @Test("that arrives byte by byte is answered")
    func drip() async throws {
        var limits = ServerLimits()
        limits.frameTimeout = .seconds(60)
        try await withServer(limits) { server in
            let peer = try await server.peer()
            for byte in WireBytes.call(1, "Echo", [1, 2]) { await peer.send([byte]) }
            #expect(await peer.next()?.data == [0x12, 2, 1, 2])
        }
    }

    @Test("that comes again is answered as before, without being decoded")
    func prepared() async throws {
        try await withServer { server in
            let client = try await server.client()
            for _ in 0..<10 { #expect(try await client.call("Prepare", [1, 2]) == [1, 2]) }
            #expect(try await client.call("Prepare", [1, 3]) == [1, 3])
            #expect(server.log.value.preparedAnswers == 8)
            // What was prepared may decline.
            for _ in 0..<5 { #expect(try await client.call("Prepare", [0]) == [0]) }
            #expect(server.log.value.preparedAnswers == 8)
        }
    }

    @Test("that was prepared is not answered to a peer of another tag")
    func preparedTag() async throws {
        let next = Watched(0)
        try await withServer(admit: { _ in
            next.update { $0 += 1 }
            return .admitted(tag: next.value)
        }) { server in
            let (first, second) = (try await server.client(), try await server.client())
            for _ in 0..<3 { #expect(try await first.call("Prepare", [1]) == [1]) }
            #expect(server.log.value.preparedAnswers == 1)
            #expect(try await second.call("Prepare", [1]) == [1])
            #expect(server.log.value.preparedAnswers == 1)
        }
    }
}
