import Glibc
import LinuxSystem
import Testing

@Suite("An owned descriptor")
struct OwnedDescriptorTests {
    @Test("is closed when its owner lets go of it")
    func close() throws {
        let (first, second) = try UnixSocket.pair()
        let other = HeldDescriptor(second)
        do {
            let owned = OwnedDescriptor(owning: first)
            #expect(owned.rawValue == first)
            #expect(!other.peerHasHungUp)
        }
        #expect(other.peerHasHungUp)
    }

    @Test("is not closed once it was given away")
    func relinquish() throws {
        let (first, second) = try UnixSocket.pair()
        let other = HeldDescriptor(second)
        let given = OwnedDescriptor(owning: first).relinquish()
        #expect(!other.peerHasHungUp)
        Glibc.close(given)
        #expect(other.peerHasHungUp)
    }
}

@Suite("System calls")
struct SystemCallsTests {
    @Test("move bytes, and say when they would wait and when the stream has ended", .timeLimit(.minutes(1)))
    func transfer() throws {
        let (sender, receiver) = try HeldDescriptor.pair()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 1)
        defer { buffer.deallocate() }
        #expect(SystemCalls.read(receiver.rawValue, into: buffer) == .wouldBlock)
        let sent = "hello".utf8CString.withUnsafeBytes { SystemCalls.send(sender.rawValue, $0) }
        #expect(sent == .bytes(6))
        #expect(SystemCalls.read(receiver.rawValue, into: buffer) == .bytes(6))
        sender.close()
        var last = SystemCalls.Transfer.wouldBlock
        while last == .wouldBlock { last = SystemCalls.read(receiver.rawValue, into: buffer) }
        #expect(last == .endOfStream)
    }

    @Test("fill a socket without waiting, and report a peer that is gone without a signal", .timeLimit(.minutes(1)))
    func send() throws {
        let (sender, receiver) = try HeldDescriptor.pair()
        let bytes = [UInt8](repeating: 0, count: 64 << 10)
        var result = SystemCalls.Transfer.bytes(0)
        while case .bytes = result { result = bytes.withUnsafeBytes { SystemCalls.send(sender.rawValue, $0) } }
        #expect(result == .wouldBlock)
        receiver.close()
        // A process that another test is about to start holds a copy of the end that was closed, until it runs.
        var broken = SystemCalls.Transfer.wouldBlock
        while broken == .wouldBlock { broken = bytes.withUnsafeBytes { SystemCalls.send(sender.rawValue, $0) } }
        #expect(broken == .failed(SystemError(function: "send", errno: EPIPE)))
    }

    @Test("are made again when they were interrupted, and not when they failed")
    func interruption() {
        var attempts = 0
        let result = SystemCalls.retrying("test") { () -> Int in
            attempts += 1
            errno = attempts < 4 ? EINTR : EIO
            return -1
        }
        #expect(attempts == 4)
        #expect(result == .failure(SystemError(function: "test", errno: EIO)))
    }

    @Test("say which one failed and why")
    func description() {
        #expect(SystemError(function: "bind", errno: EADDRINUSE).description == "bind: Address already in use")
    }
}

@Suite("A peer's credentials")
struct PeerCredentialsTests {
    @Test("are those of the process that connected")
    func own() throws {
        let (first, second) = try HeldDescriptor.pair()
        #expect(try PeerCredentials(of: first.rawValue) == .own)
        let expected = PeerCredentials(pid: getpid(), uid: getuid(), gid: getgid())
        #expect(try PeerCredentials(of: second.rawValue) == expected)
    }

    @Test("are not made up for what is no socket")
    func noSocket() {
        #expect(throws: SystemError(function: "getsockopt", errno: EBADF)) { try PeerCredentials(of: -1) }
    }
}

@Suite("Signals")
struct ProcessSignalsTests {
    @Test("are read from a descriptor, each once, and do not end the process")
    func descriptor() async {
        await #expect(processExitsWith: .success) {
            let signals = try ProcessSignals.descriptor(for: [SIGTERM, SIGHUP])
            precondition(ProcessSignals.next(from: signals.rawValue) == nil)
            pthread_kill(pthread_self(), SIGTERM)
            precondition(ProcessSignals.next(from: signals.rawValue) == SIGTERM)
            precondition(ProcessSignals.next(from: signals.rawValue) == nil)
        }
    }

    @Test("of a broken pipe are ignored on request")
    func brokenPipe() async {
        await #expect(processExitsWith: .success) {
            ProcessSignals.ignoreBrokenPipes()
            raise(SIGPIPE)
        }
    }
}
