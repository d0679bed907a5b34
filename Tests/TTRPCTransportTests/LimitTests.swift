import LinuxSystem
import TTRPCCore
import TTRPCTransport
import TestSupport
import Testing

@Suite("The limits of a server", .timeLimit(.minutes(1)))
struct LimitTests {
    @Test("of calls refuse the next one with a reason, and serve it once there is room")
    func calls() async throws {
        var limits = ServerLimits()
        limits.connection.callsMax = 3
        try await withServer(limits) { server in
            let peer = try await server.peer()
            await peer.send([1, 3, 5, 7].flatMap { WireBytes.call($0, "Later") })
            let refusal = await peer.next()
            #expect(refusal?.id == 7)
            #expect(refusal?.status == .resourceExhausted)
            // What has its answer at once needs no place.
            await peer.send(WireBytes.call(9, "Echo"))
            #expect(await peer.next()?.status == .ok)
            server.openGate()
            for _ in 0..<3 { #expect(await peer.next()?.status == .ok) }
            await peer.send(WireBytes.call(11, "Later"))
            #expect(await peer.next()?.status == .ok)
        }
    }

    @Test("of calls cannot be passed by calling a unary method as a stream", arguments: [1, 2] as [UInt8])
    func callsAsStreams(_ flags: UInt8) async throws {
        var limits = ServerLimits()
        limits.connection.callsMax = 3
        try await withServer(limits) { server in
            let peer = try await server.peer()
            await peer.send([1, 3, 5, 7].flatMap { WireBytes.call($0, "Later", flags: flags) })
            #expect(await peer.next()?.status == .resourceExhausted)
            await server.log.wait { $0.begun == 3 }
        }
    }

    @Test("of calls count work that goes on after its call timed out, until it ends")
    func abandonedWork() async throws {
        var limits = ServerLimits()
        limits.connection.callsMax = 2
        try await withServer(limits) { server in
            let client = try await server.client()
            for _ in 0..<2 {
                let code = await status { _ = try await client.call("Later", timeout: .milliseconds(20)) }?.code
                #expect(code == .deadlineExceeded)
            }
            #expect(await status { _ = try await client.call("Later") }?.code == .resourceExhausted)
            #expect(try await client.call("Echo", bytes("still here")) == bytes("still here"))
            server.openGate()
            await eventually { await status { _ = try await client.call("Later") } == nil }
        }
    }

    @Test("of streams refuse the next one with a reason, and other connections have their own")
    func streams() async throws {
        var limits = ServerLimits()
        limits.connection.streamsMax = 2
        try await withServer(limits) { server in
            let client = try await server.client()
            let first = try await client.open("Chat", remoteOpen: true)
            _ = try await client.open("Watch")
            #expect(await status { _ = try await client.open("Watch").next() }?.code == .resourceExhausted)
            #expect(try await server.client().open("StepByStep").messages().count == 20)
            await first.cancel()
            await server.log.wait { $0.streamsClosed == 2 }
            #expect(try await client.open("StepByStep").messages().count == 20)
        }
    }

    @Test("of connections refuse the next one with a reason, and serve it once there is room")
    func connections() async throws {
        var limits = ServerLimits()
        limits.connectionsMax = 100
        limits.connectionsPerUserMax = 2
        try await withServer(limits) { server in
            let first = try await server.client()
            let second = try await server.client()
            let third = try await server.client()
            #expect(await status { _ = try await third.call("Echo") }?.code == .resourceExhausted)
            await eventually { await !third.isOpen }
            for client in [first, second] { #expect(try await client.call("Echo", [1]) == [1]) }
            #expect(server.server.connectionCount == 2)
            #expect(server.log.value.refusals == [.tooManyOfUser])
            await first.close()
            await server.log.wait { $0.openConnections == 1 }
            #expect(try await server.client().call("Echo", [1]) == [1])
        }
    }

    @Test("of places keep some for root, and give no user more than three quarters")
    func places() {
        var limits = ServerLimits()
        limits.connectionsMax = 12
        limits.connectionsReservedForRoot = 2
        let ledger = ConnectionLedger(limits: limits)
        func peer(_ uid: UInt32) -> PeerCredentials { PeerCredentials(pid: 1, uid: uid, gid: 0) }
        for _ in 0..<9 { #expect(ledger.enter(peer(1000)) == nil) }
        let ofUser = ledger.enter(peer(1000))
        #expect(ofUser?.reason == .tooManyOfUser && ofUser?.status.code == .resourceExhausted)
        #expect(ofUser?.status.message.contains("User 1000 has 9 connections") == true)
        #expect(ledger.enter(peer(1001)) == nil)
        #expect(ledger.enter(peer(1001))?.status.message.contains("has 12 connections") == true)
        for _ in 0..<2 { #expect(ledger.enter(peer(0)) == nil) }
        #expect(ledger.enter(peer(0))?.reason == .tooMany)
        #expect(ledger.count == 12)
        ledger.leave(peer(1000))
        #expect(ledger.enter(peer(1001))?.reason == .tooMany)
        #expect(ledger.enter(peer(0)) == nil)
        for uid in [UInt32](repeating: 1000, count: 8) + [1001, 0, 0, 0] { ledger.leave(peer(uid)) }
        #expect(ledger.count == 0)
        for _ in 0..<9 { #expect(ledger.enter(peer(1000)) == nil) }
    }

    @Test("of time end an idle connection, and not one that has a call or a stream")
    func idle() async throws {
        var limits = ServerLimits()
        limits.idleTimeout = .milliseconds(50)
        try await withServer(limits) { server in
            let watching = try await server.peer(sending: WireBytes.open(1, "Watch"))
            let calling = try await server.peer(sending: WireBytes.call(1, "Later"))
            await server.log.wait { $0.begun == 1 && $0.openStreams == 1 }
            let idle = try await server.peer()
            #expect(await idle.framesUntilEnd() == [])
            await server.log.wait { !$0.closeReasons.isEmpty }
            #expect(server.log.value.closeReasons == ["idle"])
            server.ticker.set(3)
            #expect(await watching.next()?.data == [3])
            server.openGate()
            #expect(await calling.next()?.status == .ok)
        }
    }

    @Test("of time do not end a connection that asks the same again and again", arguments: ["Echo", "Prepare"])
    func repeatedCallsAreNotIdle(_ method: String) async throws {
        var limits = ServerLimits()
        limits.idleTimeout = .milliseconds(500)
        try await withServer(limits) { server in
            let busy = try await server.peer(calling: method)
            // Idle ones come to their end, one after the other.
            for _ in 0..<2 {
                let idle = try await server.peer()
                #expect(await idle.framesUntilEnd() == [])
            }
            await server.log.wait { $0.closeReasons.count == 2 }
            #expect(server.log.value.closeReasons == ["idle", "idle"])
            #expect(await !busy.hasEnded)
        }
    }

    @Test("of memory let a peer have the largest answers that reads them")
    func largeAnswers() async throws {
        try await withServer { server in
            let client = try await server.client()
            await withTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        let answer = try? await client.call("Blob", [UInt8](repeating: 0, count: 63))
                        #expect(answer?.count == 63 << 16)
                    }
                }
            }
        }
    }
}

@Suite("A peer that may not speak", .timeLimit(.minutes(1)))
struct RefusedPeerTests {
    private static let refusal = RPCStatus(.permissionDenied, "User 0 is not in the policy; ask an owner.")

    @Test("is told why at its first call, and hung up on")
    func refused() async throws {
        try await withServer(admit: { _ in .refused(Self.refusal) }) { server in
            let client = try await server.client()
            #expect(await status { _ = try await client.call("Echo") } == Self.refusal)
            #expect(await status { _ = try await client.call("Echo") } != nil)
            let other = try await server.client()
            #expect(await status { _ = try await other.open("Watch").next() } == Self.refusal)
            #expect(server.log.value.calls == 0)
            #expect(server.log.value.refusals == [.notAllowed, .notAllowed])
            #expect(server.server.connectionCount == 0)
        }
    }

    @Test("hears it even when it calls many times at once")
    func pipelined() async throws {
        try await withServer(admit: { _ in .refused(Self.refusal) }) { server in
            let client = try await server.client()
            let codes = await withTaskGroup { group in
                for _ in 0..<50 { group.addTask { await status { _ = try await client.call("Echo") }?.code } }
                return await group.reduce(into: [StatusCode?]()) { $0.append($1) }
            }
            #expect(codes.contains(.permissionDenied))
            #expect(codes.allSatisfy { $0 == .permissionDenied || $0 == .unavailable })
        }
    }

    @Test("does not stay when it says nothing")
    func silent() async throws {
        var limits = ServerLimits()
        limits.frameTimeout = .milliseconds(50)
        try await withServer(limits, admit: { _ in .refused(Self.refusal) }) { server in
            let peer = try await server.peer()
            #expect(await peer.framesUntilEnd() == [])
        }
    }

    @Test("is one of few that are kept to be told")
    func many() async throws {
        var limits = ServerLimits()
        limits.frameTimeout = .seconds(60)
        try await withServer(limits, admit: { _ in .refused(Self.refusal) }) { server in
            var peers: [RawPeer] = []
            for _ in 0..<16 { peers.append(try await server.peer()) }
            let oneTooMany = try await server.peer()
            #expect(await oneTooMany.framesUntilEnd() == [])
            await peers[0].send(WireBytes.call(1, "Echo"))
            #expect(await peers[0].framesUntilEnd().map(\.status) == [.permissionDenied])
            #expect(server.log.value.refusals.count == 17)
        }
    }
}
