import Glibc
import LinuxSystem
import TTRPCCore

/// A frame as it came over the wire.
struct RawFrame: Equatable, Sendable {
    var type: UInt8
    var id: UInt32
    var flags: UInt8
    var data: [UInt8]
}

/// The other end of a connection, which sends any bytes and reads when it likes to. It lives on a loop.
actor RawPeer: EventLoopDelegate {
    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private var socket: OwnedDescriptor?
    private var registration: Registration?
    private var reads: Bool
    private var unsent: [UInt8] = []
    private var input: [UInt8] = []
    private var frames: [RawFrame] = []
    private var ignored: Set<UInt32> = []
    private(set) var hasEnded = false
    /// The method that is called anew at each answer, and how many there were.
    private var repeatedMethod: String?
    private(set) var answerCount: UInt32 = 0
    private var waiter: CheckedContinuation<Void, Never>?

    init(owning descriptor: Int32, loop: EventLoop, reads: Bool = true) {
        self.loop = loop
        self.reads = reads
        socket = OwnedDescriptor(owning: descriptor)
    }

    func start() throws {
        guard let descriptor = socket?.rawValue else { return }
        registration = try loop.watch(descriptor, for: interest, token: 0, delegate: self)
    }

    private var interest: ReadyEvents {
        var events = ReadyEvents()
        if reads { events.insert(.readable) }
        if !unsent.isEmpty { events.insert(.writable) }
        return events
    }

    func send(_ bytes: [UInt8]) {
        unsent += bytes
        flush()
    }

    /// Frames of this stream are thrown away as they come.
    func ignore(_ id: UInt32) { ignored.insert(id) }

    func startReading() throws {
        reads = true
        try update()
    }

    /// Calls a method, and again whenever it is answered, at the pace of the loop and not of the tests' tasks.
    func keepCalling(_ method: String) {
        repeatedMethod = method
        send(WireBytes.call(1, method, [1]))
    }

    /// Sends no more, and goes on reading.
    func closeHalf() {
        if let descriptor = socket?.rawValue { shutdown(descriptor, Int32(SHUT_WR)) }
    }

    func close() {
        if let registration { loop.forget(registration) }
        registration = nil
        socket = nil
        hasEnded = true
        waiter?.resume()
        waiter = nil
    }

    /// The next frame; nil once the connection has ended.
    func next() async -> RawFrame? {
        while frames.isEmpty, !hasEnded { await withCheckedContinuation { waiter = $0 } }
        return frames.isEmpty ? nil : frames.removeFirst()
    }

    /// All frames up to the end of the connection.
    func framesUntilEnd() async -> [RawFrame] {
        var all: [RawFrame] = []
        while let frame = await next() { all.append(frame) }
        return all
    }

    nonisolated func ready(_ token: UInt64, _ events: ReadyEvents) {
        assumeIsolated { peer in
            if events.contains(.writable) { peer.flush() }
            if peer.reads, !events.isDisjoint(with: [.readable, .broken]) { peer.read() }
            // One that does not read still learns of the end.
            if !peer.reads, events.contains(.broken) { peer.close() }
        }
    }

    nonisolated func timerFired(_ token: UInt64) {}
    nonisolated func signalled(_ token: UInt64) {}

    private func update() throws {
        if let registration { try loop.change(registration, to: interest) }
    }

    private func flush() {
        guard let descriptor = socket?.rawValue else { return }
        while !unsent.isEmpty {
            guard case .bytes(let count) = unsent.withUnsafeBytes({ SystemCalls.send(descriptor, $0) }) else { break }
            unsent.removeFirst(count)
        }
        try? update()
    }

    private func read() {
        guard let descriptor = socket?.rawValue else { return }
        let result = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            let result = SystemCalls.read(descriptor, into: buffer)
            if case .bytes(let count) = result { input += buffer[..<count] }
            return result
        }
        switch result {
        case .bytes: takeFrames()
        case .wouldBlock: break
        case .endOfStream, .failed: close()
        }
    }

    private func takeFrames() {
        var offset = 0
        while let frame = try? FrameDecoder().nextFrame(in: input.span, at: offset) {
            offset = frame.data.upperBound
            guard !ignored.contains(frame.header.streamID.rawValue) else { continue }
            if let repeatedMethod {
                answerCount += 1
                unsent += WireBytes.call(2 * answerCount + 1, repeatedMethod, [1])
                continue
            }
            frames.append(
                RawFrame(
                    type: frame.header.type, id: frame.header.streamID.rawValue, flags: frame.header.flags.rawValue,
                    data: Array(input[frame.data])))
        }
        input.removeFirst(offset)
        if repeatedMethod != nil { flush() }
        guard !frames.isEmpty else { return }
        waiter?.resume()
        waiter = nil
    }
}
