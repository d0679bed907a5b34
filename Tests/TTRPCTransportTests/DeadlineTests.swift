import TTRPCCore
import TTRPCTransport
import Testing

@Suite("Deadlines and cancellation", .timeLimit(.minutes(1)))
struct DeadlineTests {
    @Test("a call ends at the deadline that its caller set, and its work is cancelled")
    func callersDeadline() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.call(1, "Hang", timeoutNanoseconds: 20_000_000))
            #expect(await peer.next()?.status == .deadlineExceeded)
            await server.log.wait { $0.cancelled == 1 }
            await peer.send(WireBytes.call(3, "Echo", [1]))
            #expect(await peer.next()?.status == .ok)
        }
    }

    @Test("a call that sets none, or one too far, ends at the server's", arguments: [0, UInt64(Int64.max), 1 << 63])
    func serversDeadline(_ timeoutNanoseconds: UInt64) async throws {
        var limits = ServerLimits()
        limits.callTimeoutMax = .milliseconds(20)
        try await withServer(limits) { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.call(1, "Hang", timeoutNanoseconds: timeoutNanoseconds))
            #expect(await peer.next()?.status == .deadlineExceeded)
            await server.log.wait { $0.cancelled == 1 }
        }
    }

    @Test("a client keeps its own deadline too")
    func clientsDeadline() async throws {
        try await withServer { server in
            let (client, peer) = try await server.clientOfPeer()
            #expect(
                await status { _ = try await client.call("Echo", timeout: .milliseconds(10)) }?.code
                    == .deadlineExceeded)
            // The answer comes too late and is for nobody.
            _ = await peer.next()
            await peer.send(WireBytes.frame(2, 1))
            async let second = client.call("Echo")
            _ = await peer.next()
            await peer.send(WireBytes.frame(2, 3, data: [0x12, 1, 8]))
            #expect(try await second == [8])
        }
    }

    @Test("work that does not heed its deadline answers nobody, and is counted until it ends")
    func stubbornWork() async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(
                await status { _ = try await client.call("Later", timeout: .milliseconds(10)) }?.code
                    == .deadlineExceeded)
            server.openGate()
            await server.log.wait { $0.finished == 1 }
            #expect(try await client.call("Echo", [1]) == [1])
        }
    }

    @Test("a connection that is closed takes its calls with it")
    func closedConnection() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            for id: UInt32 in [1, 3, 5] { await peer.send(WireBytes.call(id, "Hang")) }
            await server.log.wait { $0.begun == 3 }
            await peer.close()
            await server.log.wait { $0.cancelled == 3 && $0.openConnections == 0 }
            #expect(server.server.connectionCount == 0)
        }
    }

    @Test("a connection that is cut off is closed at once, whatever work of it goes on")
    func cutWithStubbornWork() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send(WireBytes.call(1, "Later"))
            await server.log.wait { $0.begun == 1 }
            await peer.send(WireBytes.frame(1, 3, announcing: .max))
            #expect(await peer.framesUntilEnd() == [])
            #expect(server.log.value.finished == 0)
        }
    }

    @Test("a caller that gives up is told so at once, and the connection goes on")
    func callerGivesUp() async throws {
        try await withServer { server in
            let client = try await server.client()
            let outcome = await withTaskGroup { group in
                group.addTask { await status { _ = try await client.call("Later") } }
                await server.log.wait { $0.begun == 1 }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(outcome?.code == .cancelled)
            #expect(try await client.call("Echo", [1]) == [1])
        }
    }

    @Test("a caller that gave up before sends nothing")
    func cancelledBefore() async throws {
        try await withServer { server in
            let client = try await server.client()
            let outcome = await withTaskGroup(of: RPCStatus?.self) { group in
                group.cancelAll()
                group.addTask { await status { _ = try await client.call("Echo") } }
                return await group.next() ?? nil
            }
            #expect(outcome?.code == .cancelled)
            #expect(try await client.call("Echo", [1]) == [1])
            #expect(server.log.value.calls == 1)
        }
    }
}
