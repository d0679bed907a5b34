import LinuxSystem
import TTRPCCore
import TTRPCTransport
import Testing

@Suite("Draining a server", .timeLimit(.minutes(1)))
struct DrainTests {
    @Test("waits for the calls that run, and refuses new ones")
    func runningCalls() async throws {
        try await withServer { server in
            let peer = try await server.peer()
            await peer.send((0..<20).flatMap { WireBytes.call(2 * $0 + 1, "Later", [1]) })
            await server.log.wait { $0.begun == 20 }
            async let drained: Void = server.server.drain(within: .seconds(30))
            // Until the drain has begun there is an answer.
            var id: UInt32 = 101
            var code = StatusCode.ok as StatusCode?
            while code == .ok {
                await peer.send(WireBytes.call(id, "Echo"))
                code = await peer.next()?.status
                id += 2
            }
            #expect(code == .unavailable)
            server.openGate()
            await drained
            let answers = await peer.framesUntilEnd()
            #expect(answers.map(\.status) == [StatusCode?](repeating: .ok, count: 20))
            #expect(server.log.value.closeReasons == ["shutting down"])
        }
    }

    @Test("lets streams say their last word, and ends when they have")
    func streams() async throws {
        try await withServer { server in
            let client = try await server.client()
            let watch = try await client.open("Watch")
            let other = try await client.open("Watch")
            await server.log.wait { $0.openStreams == 2 }
            await server.server.drain(within: .seconds(30))
            #expect(server.log.value.streamsDrained == 2)
            #expect(try await watch.messages() == [])
            #expect(try await other.messages() == [])
        }
    }

    @Test("ends what does not end by itself when the grace is over")
    func grace() async throws {
        try await withServer { server in
            let client = try await server.client()
            let stream = try await client.open("Chat", remoteOpen: true)
            #expect(try await stream.next() == [])
            async let hanging = status { _ = try await client.call("Hang") }
            await server.log.wait { $0.begun == 1 }
            await server.server.drain(within: .milliseconds(20))
            #expect(await hanging?.code == .unavailable)
            #expect(await status { _ = try await stream.next() }?.code == .unavailable)
            await server.log.wait { $0.cancelled == 1 && $0.streamsClosed == 1 }
        }
    }

    @Test("is at an end at once when nothing runs, and may be asked for twice")
    func idle() async throws {
        try await withServer { server in
            let client = try await server.client()
            #expect(try await client.call("Echo", [1]) == [1])
            await server.server.drain(within: .seconds(30))
            await server.server.drain(within: .seconds(30))
            #expect(await status { _ = try await client.call("Echo") }?.code == .unavailable)
        }
    }

    @Test("twice at once ends both")
    func twice() async throws {
        try await withServer { server in
            let client = try await server.client()
            async let call = client.call("Later", [1])
            await server.log.wait { $0.begun == 1 }
            async let first: Void = server.server.drain(within: .seconds(30))
            async let second: Void = server.server.drain(within: .seconds(30))
            server.openGate()
            _ = await (first, second)
            #expect(try await call == [1])
        }
    }

    @Test("leaves a reader that lags all that was sent to it")
    func laggingReader() async throws {
        try await withServer { server in
            var limits = ClientConnection.Limits()
            limits.streamMessagesMax = 4
            let client = try await server.client(limits: limits)
            let stream = try await client.open("Count", [UInt8](repeating: 0, count: 6))
            await server.log.wait { $0.streamsClosed == 1 }
            await server.server.drain(within: .seconds(30))
            #expect(try await stream.messages().count == 96)
        }
    }
}
