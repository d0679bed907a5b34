import Glibc
import LinuxSystem
import TTRPCCore
import TTRPCTransport
import Testing

@Suite("A server on a path", .timeLimit(.minutes(1)))
struct ListeningTests {
    private let socket = SocketPath()

    @Test("serves who connects, on one loop and on two", arguments: [1, 2])
    func connects(_ loopCount: Int) async throws {
        try await withServer(loopCount: loopCount) { server in
            try await server.server.listen(on: UnixListener(path: socket.path))
            await withTaskGroup { group in
                for number in 0..<40 {
                    group.addTask {
                        let client = try? await server.client(path: socket.path)
                        for round in 0..<20 {
                            let payload = bytes("\(number) \(round)")
                            let answer = try? await client?.call(round % 2 == 0 ? "Echo" : "Prepare", payload)
                            #expect(answer == payload)
                        }
                        let messages = try? await client?.open("StepByStep").messages()
                        #expect(messages?.count == 20)
                    }
                }
            }
            #expect(server.log.value.connectionsOpened == 40)
            await server.server.drain(within: .seconds(10))
            #expect(access(socket.path, F_OK) != 0)
            #expect(await status { _ = try await server.client(path: socket.path) }?.code == .unavailable)
        }
    }

    @Test("counts connections over all of its loops")
    func limitOverLoops() async throws {
        var limits = ServerLimits()
        limits.connectionsPerUserMax = 10
        try await withServer(limits, loopCount: 2) { server in
            try await server.server.listen(on: UnixListener(path: socket.path))
            var refused = 0
            var clients: [ClientConnection] = []
            for _ in 0..<14 {
                let client = try await server.client(path: socket.path)
                if await status({ _ = try await client.call("Echo") })?.code == .resourceExhausted { refused += 1 }
                clients.append(client)
            }
            #expect(refused == 4)
            #expect(server.server.connectionCount == 10)
        }
    }

    @Test("serves among a thousand idle connections")
    func idleConnections() async throws {
        var descriptors = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
        descriptors.rlim_cur = descriptors.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &descriptors)
        var limits = ServerLimits()
        limits.connectionsMax = 2000
        limits.connectionsPerUserMax = 1500
        try await withServer(limits) { server in
            try await server.server.listen(on: UnixListener(path: socket.path))
            var idle: [Int32] = []
            while idle.count < 1000 {
                // A full backlog is served before the next one asks.
                let served = idle.count
                if served % 500 == 499 { await server.log.wait { $0.connectionsOpened >= served } }
                idle.append(try UnixSocket.connect(to: socket.path).relinquish())
            }
            await server.log.wait { $0.openConnections == 1000 }
            let client = try await server.client(path: socket.path)
            for _ in 0..<200 { #expect(try await client.call("Echo", [1]) == [1]) }
            for descriptor in idle { close(descriptor) }
            await server.log.wait { $0.openConnections == 1 }
        }
    }

    @Test("waits when the descriptors have run out, and goes on when there are some")
    func descriptorsExhausted() async {
        await #expect(processExitsWith: .success) {
            let socket = SocketPath()
            try await withServer { server in
                try await server.server.listen(on: UnixListener(path: socket.path))
                let served = try await server.client(path: socket.path)
                _ = try await served.call("Echo")
                // Leaves a descriptor for one more client, and none for the server's end of it.
                let next = dup(0)
                close(next)
                var limit = rlimit(rlim_cur: rlim_t(next) + 1, rlim_max: 1 << 14)
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let waiting = try await server.client(path: socket.path)
                async let answer = waiting.call("Echo", [9])
                // Those who are there are served as before.
                for _ in 0..<20 { _ = try await served.call("Echo") }
                precondition(server.log.value.connectionsOpened == 1)
                limit.rlim_cur = 1 << 14
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let payload = try await answer
                precondition(payload == [9])
            }
        }
    }

    @Test("gives every descriptor back")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            func count() -> Int {
                guard let directory = opendir("/proc/self/fd") else { return -1 }
                defer { closedir(directory) }
                var count = 0
                while readdir(directory) != nil { count += 1 }
                return count
            }
            let socket = SocketPath()
            var before = 0
            for round in 0..<20 {
                try await withServer(loopCount: 2) { server in
                    try await server.server.listen(on: UnixListener(path: socket.path))
                    let client = try await server.client(path: socket.path)
                    _ = try await client.call("Echo")
                    let refused = try await server.peer()
                    await refused.send(WireBytes.frame(1, 1, announcing: .max))
                    _ = await refused.framesUntilEnd()
                }
                // The threads of the loops end by themselves, after the last that this task can wait for.
                if round == 10 { before = count() }
            }
            precondition(count() <= before + 10, "\(count()) descriptors are open, of \(before) before")
        }
    }
}
