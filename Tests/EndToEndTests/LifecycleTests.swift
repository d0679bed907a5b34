import Glibc
import LinuxSystem
import ProtobufMessages
import StatusModel
import StatusWire
import TTRPCTransport
import TelltaleClient
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The daemon's life", .timeLimit(.minutes(2)))
    struct LifecycleTests {
        /// BEHAVIOURS 39: a stop takes the drain's 5 s, and one more.
        private static let stopMax = Duration.seconds(6)

        private let stage: Stage

        init() async throws { stage = try await Stage() }

        @Test("a second daemon on the same socket gives way, and the first goes on")
        func secondDaemon() async throws {
            let first = try await stage.startDaemon()
            let second = try ProgramProcess(
                .telltaled,
                ["--config", try stage.configure(), "--socket", stage.socketPath, "--store", stage.storePath])
            let end = try await second.finish()
            #expect(end.ending == .exited(EX_TEMPFAIL))
            #expect(end.errors.contains("another daemon serves \(stage.socketPath)"))
            #expect(try await first.client().status(of: .shop).envelope?.overall == .connected)
            first.process.send(SIGTERM)
            #expect(try await first.process.finish().ending == .exited(0))
        }

        @Test("after a crash the next daemon takes the socket over, and clients find it by themselves")
        func crash() async throws {
            let first = try await stage.startDaemon()
            let client = first.client()
            _ = try await client.status(of: .shop)
            _ = try await client.settled(.shop)
            first.process.send(SIGKILL)
            #expect(try await first.process.finish().ending == .killed(signal: SIGKILL))
            #expect(access(stage.socketPath, F_OK) == 0, "a crash leaves the socket behind, or this test tests nothing")
            _ = try await stage.startDaemon()
            #expect(try await client.status(of: .shop).envelope?.overall == .connected)
        }

        @Test(
            "told to stop, it says where to resume, ends in order, and leaves no socket behind",
            arguments: [SIGTERM, SIGINT])
        func drain(signal: Int32) async throws {
            let daemon = try await stage.startDaemon()
            _ = try await daemon.client().status(of: .shop)
            let loop = try EventLoop()
            try loop.start(name: "test")
            defer { loop.stop() }
            let connection = try await ClientConnection.connect(to: daemon.socketPath, loop: loop)
            let arena = MessageArena()
            let stream = try await connection.openStream(
                service: "telltale.v1.StatusService", method: "Watch",
                payload: WatchRequest(projectIDs: [.shop]).encoded(in: arena), remoteOpen: false)
            let first = try #require(try await stream.next())
            guard case .snapshot(_, let asOf) = try WatchMessage(decoding: first, in: arena) else {
                Issue.record("a watch begins with a snapshot")
                return
            }
            let told = ContinuousClock.now
            daemon.process.send(signal)
            var last: WatchMessage?
            while let message = try await stream.next() { last = try WatchMessage(decoding: message, in: arena) }
            guard case .goingAway(let resumeFrom, let retryAfter, _) = last else {
                Issue.record("the last message was \(String(describing: last))")
                return
            }
            #expect(resumeFrom.epoch == asOf.epoch && resumeFrom.sequence >= asOf.sequence)
            #expect(retryAfter > .zero)
            #expect(try await daemon.process.finish().ending == .exited(0))
            #expect(told.duration(to: .now) < Self.stopMax)
            #expect(access(stage.socketPath, F_OK) != 0)
        }

        @Test("a caller who waits while it stops still gets an answer")
        func drainWithCall() async throws {
            let daemon = try await stage.startDaemon()
            try await stage.simulator.inject(#"{"kind":"latency","delay_ms":1000}"#)
            let client = daemon.client()
            async let waiting = client.status(of: .shop, contract: ReadersContract(maxWait: .seconds(4)))
            // The request arrives at GitHub once the daemon has the call.
            try await stage.simulator.waitForRequests(1)
            let told = ContinuousClock.now
            daemon.process.send(SIGTERM)
            #expect(try await waiting.envelope?.items.count == 4)
            #expect(try await daemon.process.finish().ending == .exited(0))
            #expect(told.duration(to: .now) < Self.stopMax)
        }

        @Test("a client that watches goes on with the next daemon")
        func restart() async throws {
            let first = try await stage.startDaemon()
            let client = first.client()
            _ = try await client.status(of: .shop)
            var watch = client.watch(projects: [.shop]).makeAsyncIterator()
            #expect(try await watch.next() == .connection(.connected))
            first.process.send(SIGTERM)
            try await first.process.finish()
            let second = try await stage.startDaemon()
            _ = try await second.client().status(of: .shop)
            var seen: [String] = []
            while !seen.contains("connected"), let update = try await watch.next() {
                if case .connection(let connection) = update {
                    seen.append(connection == .connected ? "connected" : "away")
                }
            }
            #expect(seen.first == "away" && seen.last == "connected", "\(seen)")
        }
    }
}
