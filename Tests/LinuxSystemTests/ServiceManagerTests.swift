import Glibc
import LinuxSystem
import Testing

@Suite("The service manager")
struct ServiceManagerTests {
    private let directory = TemporaryDirectory()

    /// A socket such as systemd listens on.
    private static func bindDatagramSocket(_ path: String) throws -> HeldDescriptor {
        try .bound(to: path, type: SOCK_DGRAM)
    }

    private static func receive(_ descriptor: Int32) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    @Test("hears every state as one datagram")
    func notify() throws {
        let path = directory["notify"]
        let socket = try Self.bindDatagramSocket(path)
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": path])
        manager.notify("READY=1")
        manager.notify("STATUS=Serving 3 projects")
        #expect(Self.receive(socket.rawValue) == "READY=1")
        #expect(Self.receive(socket.rawValue) == "STATUS=Serving 3 projects")
        #expect(Self.receive(socket.rawValue) == nil)
    }

    @Test("hears of a reload with the time by which it tells one from another")
    func reloading() throws {
        let path = directory["notify"]
        let socket = try Self.bindDatagramSocket(path)
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": path])
        var times: [Int64] = []
        for _ in 0..<2 {
            manager.notifyReloading()
            let lines = try #require(Self.receive(socket.rawValue)).split(separator: "\n")
            #expect(lines.first == "RELOADING=1")
            let time = try #require(lines.last).split(separator: "=")
            #expect(lines.count == 2 && time.first == "MONOTONIC_USEC")
            times.append(try #require(Int64(time[1])))
        }
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        #expect(times[0] <= times[1] && times[1] <= Int64(now.tv_sec + 1) * 1_000_000)
        #expect(times[0] > Int64(now.tv_sec - 60) * 1_000_000)
    }

    @Test("is reached in the abstract namespace too")
    func abstractSocket() throws {
        let name = "@" + directory["notify"]
        let socket = try Self.bindDatagramSocket(name)
        ServiceManager(environment: ["NOTIFY_SOCKET": name]).notify("READY=1")
        #expect(Self.receive(socket.rawValue) == "READY=1")
    }

    @Test(
        "that is not there is no trouble",
        arguments: [nil, "", "/nonexistent/notify", String(repeating: "x", count: 200)])
    func nobodyListens(_ path: String?) {
        ServiceManager(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:]).notify("READY=1")
    }

    @Test("that does not read holds nobody for long", .timeLimit(.minutes(1)))
    func neverReads() throws {
        let path = directory["notify"]
        let socket = try Self.bindDatagramSocket(path)
        let manager = ServiceManager(environment: ["NOTIFY_SOCKET": path])
        var limit = Int32(0)
        setsockopt(socket.rawValue, SOL_SOCKET, SO_RCVBUF, &limit, socklen_t(MemoryLayout<Int32>.size))
        // More than the kernel queues for a datagram socket.
        let queued = 1 + (Self.datagramsMax() ?? 512)
        for _ in 0..<queued { manager.notify("WATCHDOG=1") }
        #expect(Self.receive(socket.rawValue) == "WATCHDOG=1")
    }

    private static func datagramsMax() -> Int? {
        guard let file = fopen("/proc/sys/net/unix/max_dgram_qlen", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, 32, file) != nil else { return nil }
        return Int(String(decoding: line.prefix { $0 > 32 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    @Test(
        "watches for half of its patience, if it watches this process",
        arguments: [
            ([:], nil), (["WATCHDOG_USEC": "20000000"], Duration.seconds(10)),
            (["WATCHDOG_USEC": "1"], .microseconds(1)),
            (["WATCHDOG_USEC": "soon"], nil), (["WATCHDOG_USEC": "-4"], .microseconds(1)),
            (["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"], nil),
            (["WATCHDOG_USEC": "20000000", "WATCHDOG_PID": String(getpid())], .seconds(10)),
        ] as [([String: String], Duration?)])
    func watchdog(_ environment: [String: String], _ interval: Duration?) {
        #expect(ServiceManager(environment: environment).watchdogInterval == interval)
    }

    @Test("passes a socket whose file it keeps")
    func inheritedListener() throws {
        let path = directory["socket"]
        let systemd = try UnixListener(path: path)
        do {
            let manager = ServiceManager(
                environment: ["LISTEN_PID": String(getpid()), "LISTEN_FDS": "1"],
                firstListenDescriptor: dup(systemd.descriptor))
            let listener = try #require(try manager.inheritedListener())
            #expect(listener.path.isEmpty)
            let client = try HeldDescriptor(connectingTo: path)
            let accepted = try #require(try listener.acceptHeld())
            #expect(try PeerCredentials(of: accepted.rawValue) == .own)
            #expect(!client.peerHasHungUp)
        }
        #expect(FileStatus(path)?.kind == S_IFSOCK)
    }

    @Test(
        "passes nothing to a process that it does not mean",
        arguments: [
            [:], ["LISTEN_PID": "1", "LISTEN_FDS": "1"], ["LISTEN_FDS": "1"], ["LISTEN_PID": String(getpid())],
        ])
    func notForUs(_ environment: [String: String]) throws {
        #expect(try ServiceManager(environment: environment).inheritedListener() == nil)
    }

    @Test("is told when what it passes is no listening socket")
    func inheritedSomethingElse() throws {
        let environment = ["LISTEN_PID": String(getpid()), "LISTEN_FDS": "1"]
        let (connected, other) = try HeldDescriptor.pair()
        #expect(throws: UnixListenerError.system(SystemError(function: "getsockopt", errno: EINVAL))) {
            try ServiceManager(environment: environment, firstListenDescriptor: connected.rawValue).inheritedListener()
        }
        let file = HeldDescriptor(open("/dev/null", O_RDONLY))
        #expect(throws: UnixListenerError.system(SystemError(function: "getsockopt", errno: ENOTSOCK))) {
            try ServiceManager(environment: environment, firstListenDescriptor: file.rawValue).inheritedListener()
        }
        #expect(!other.peerHasHungUp)
    }
}
