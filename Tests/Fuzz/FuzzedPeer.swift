// Part of two modules: of the fuzzer, where TTRPCCore is compiled along with it, and of the tests, which run the same
// checks over random input.
#if canImport(TTRPCCore)
    import TTRPCCore
#endif

/// A peer that sends any bytes and hangs up; what must hold whatever they are.
enum FuzzedPeer {
    /// The first promise that the bytes break, as a sentence; nil when all are kept.
    static func finding(in bytes: [UInt8]) -> String? {
        let (frames, isRefused) = decode(bytes, inChunksOf: [bytes.count])
        let sizes = [1 + bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 63 }, 1, 10, 3]
        guard decode(bytes, inChunksOf: sizes) == (frames, isRefused) else {
            return "What the decoder finds depends on how the bytes were split."
        }
        guard decode(bytes, inChunksOf: [1]) == (frames, isRefused) else {
            return "What the decoder finds byte by byte is not what it finds at once."
        }
        var (server, client) = (ServerUnderTest(), ClientUnderTest())
        return server.finding(in: frames) ?? client.finding(in: frames)
    }

    /// The frames of a stream that arrives in chunks of those sizes, by turns, and whether it was refused in the end.
    private static func decode(_ bytes: [UInt8], inChunksOf sizes: [Int]) -> ([FrameHeader], Bool) {
        let decoder = FrameDecoder(dataBytesMax: 1 << 10)
        var (frames, buffer, next, turn): ([FrameHeader], [UInt8], Int, Int) = ([], [], 0, 0)
        do throws(FrameError) {
            while next < bytes.count {
                let end = min(bytes.count, next + sizes[turn % sizes.count])
                buffer += bytes[next..<end]
                (next, turn) = (end, turn + 1)
                var offset = 0
                while let frame = try decoder.nextFrame(in: buffer.span, at: offset) {
                    frames.append(frame.header)
                    offset = frame.data.upperBound
                }
                buffer.removeFirst(offset)
            }
            return (frames, false)
        } catch {
            return (frames, true)
        }
    }
}

/// A server that does what its machine says, and keeps its own books.
private struct ServerUnderTest {
    private static let limits = ServerConnectionLimits(callsMax: 3, streamsMax: 2, violationsMax: 8)

    private var machine = ServerConnectionMachine(limits: limits)
    private var calls: Set<StreamID> = []
    private var streams: Set<StreamID> = []

    mutating func finding(in frames: [FrameHeader]) -> String? {
        for header in frames {
            let action = machine.frameReceived(header)
            if case .close = action { break }
            if let finding = apply(action, header) { return finding }
            guard machine.callCount == calls.count, machine.streamCount == streams.count else {
                return "The server counts \(machine.callCount) calls and \(machine.streamCount) streams, of "
                    + "\(calls.count) and \(streams.count)."
            }
            guard calls.count <= Self.limits.callsMax, streams.count <= Self.limits.streamsMax else {
                return "The server goes over its limits."
            }
        }
        for id in machine.inputEnded() where !streams.contains(id) { return "Stream \(id) ends, which is not open." }
        for id in calls.union(streams) where !machine.ended(id) { return "Stream \(id) was forgotten." }
        return machine.isIdle ? nil : "Something is left when the peer has hung up."
    }

    private mutating func apply(_ action: ServerConnectionMachine.OnFrame, _ header: FrameHeader) -> String? {
        switch action {
        case .call(let id):
            guard !calls.contains(id), !streams.contains(id) else { return "Stream \(id) is opened twice." }
            // By turns answered at once, and answered later.
            if header.dataByteCount % 2 == 0, machine.deferred(id) == nil { calls.insert(id) }
        case .open(let id, let remoteClosed):
            guard !calls.contains(id), !streams.contains(id) else { return "Stream \(id) is opened twice." }
            // By turns a stream, a unary method called as one, and refused by its method.
            switch header.dataByteCount % 3 {
            case 0:
                machine.opened(id, remoteClosed: remoteClosed)
                streams.insert(id)
            case 1: if machine.deferred(id) == nil { calls.insert(id) }
            default: break
            }
        case .data(let id, _, let remoteClosed):
            guard streams.contains(id) else { return "Data is delivered to \(id), which is no stream." }
            // The method is content with what it has.
            if remoteClosed, header.dataByteCount % 2 == 1 { return end(id) }
        case .reject(let id, _):
            if calls.contains(id) || streams.contains(id) { return "\(id) is rejected, which is in progress." }
        case .abort(let id, _):
            guard calls.contains(id) || streams.contains(id) else { return "\(id) is aborted, which is not there." }
            return end(id)
        case .ignore, .close: break
        }
        return nil
    }

    private mutating func end(_ id: StreamID) -> String? {
        calls.remove(id)
        streams.remove(id)
        return machine.ended(id) ? nil : "\(id) cannot be ended."
    }
}

/// A client with some calls and streams under way, to which the bytes come as its server's.
private struct ClientUnderTest {
    private var machine = ClientConnectionMachine()
    private var waiting: Set<StreamID> = []

    init() {
        for index in 0..<12 {
            let id = index % 3 == 0 ? machine.openUnary() : machine.openStream(localClosed: index % 3 == 1)
            if let id { waiting.insert(id) }
        }
    }

    mutating func finding(in frames: [FrameHeader]) -> String? {
        for header in frames {
            switch machine.frameReceived(header) {
            case .response(let id):
                guard waiting.remove(id) != nil else { return "A response reaches \(id), which nobody waits for." }
            case .data(let id, _, let ended):
                guard waiting.contains(id) else { return "Data reaches \(id), which nobody waits for." }
                if ended { waiting.remove(id) }
            case .ignore: break
            case .close: return nil
            }
            guard machine.activeCount == waiting.count else {
                return "The client counts \(machine.activeCount) of \(waiting.count) that wait."
            }
            if let id = waiting.first(where: { machine.isSendable($0) }), !machine.closeLocally(id) {
                return "\(id) is open for sending and cannot be closed."
            }
        }
        for id in waiting { machine.abandon(id) }
        return machine.activeCount == 0 ? nil : "Something is left when all was given up."
    }
}
