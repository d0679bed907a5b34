package import LinuxSystem
import TTRPCCore

// Bytes in, frames, bytes out. Timers and signals name a stream in the lower half of their token, and in the upper half
// which wait on it is meant, for a signal may come after the wait it was to cancel.
extension ClientConnection: EventLoopDelegate {
    /// Reads after which a server that can no longer be written to is given up: more than a socket holds.
    private static let lastReadsMax = 16

    package nonisolated func ready(_ token: UInt64, _ events: ReadyEvents) {
        assumeIsolated { client in
            if events.contains(.writable) { client.flush() }
            // A server that hung up is read to the end even while a reader lags: what it sent before is in the kernel,
            // so there is not much of it, and the last of it may say why.
            if !events.isDisjoint(with: [.readable, .broken]) { client.read() }
        }
    }

    package nonisolated func timerFired(_ token: UInt64) {
        assumeIsolated { client in
            client.finishCall(
                StreamID(UInt32(truncatingIfNeeded: token)),
                .failure(RPCStatus(.deadlineExceeded, "The daemon did not answer within the call's timeout.")))
        }
    }

    package nonisolated func signalled(_ token: UInt64) {
        assumeIsolated { client in
            let id = StreamID(UInt32(truncatingIfNeeded: token))
            client.finishCall(id, .failure(Self.cancelled))
            client.cancelWait(UInt32(token >> 32), of: id)
        }
    }

    /// Reads once; false when there is nothing more to read now.
    @discardableResult
    private func read() -> Bool {
        guard let descriptor = socket?.rawValue else { return false }
        switch SystemCalls.receive(descriptor, into: readBuffer.bytes) {
        case .bytes(let count):
            input.append(contentsOf: readBuffer.bytes[..<count])
            takeFrames()
            return true
        case .wouldBlock: break
        case .endOfStream: fail(Self.hungUp)
        case .failed(let error): fail(RPCStatus(.unavailable, "The connection broke: \(error)."))
        }
        return false
    }

    private func takeFrames() {
        let bytes = input
        input = []
        var offset = 0
        do throws(FrameError) {
            while closedBy == nil, let frame = try decoder.nextFrame(in: bytes.span, at: offset) {
                offset = frame.data.upperBound
                bytes.withUnsafeBytes { handle(frame.header, UnsafeRawBufferPointer(rebasing: $0[frame.data])) }
            }
        } catch {
            fail(RPCStatus(.internal, "The server announced a frame over the protocol's limit of 4 MiB."))
        }
        if closedBy == nil {
            input = offset == bytes.count ? [] : offset == 0 ? bytes : [UInt8](bytes[offset...])
            updateInterest()
        }
    }

    private func handle(_ header: FrameHeader, _ data: UnsafeRawBufferPointer) {
        switch machine.frameReceived(header) {
        case .response(let id): responded(id, Envelope.decodeResponse(data, arena: arena))
        case .data(let id, let hasData, let ended):
            if hasData { deliver([UInt8](data), to: id) }
            if ended { endStream(id, nil) }
        case .ignore: break
        case .close(let reason): fail(RPCStatus(.internal, "The server broke the protocol: \(reason)."))
        }
    }

    private func responded(_ id: StreamID, _ result: Result<[UInt8], RPCStatus>) {
        guard case .stream = pending[id] else { return finishCall(id, result) }
        switch result {
        case .success(let payload):
            if !payload.isEmpty { deliver(payload, to: id) }
            endStream(id, nil)
        case .failure(let status): endStream(id, status)
        }
    }

    func send(_ type: MessageType, _ id: StreamID, flags: FrameFlags, _ data: [UInt8]) {
        output.appendFrame(type, id, flags: flags, dataByteCount: data.count) { $0.copyBytes(from: data) }
        unsent.append(output.bytes)
        output.reset()
        flush()
    }

    private func flush() {
        guard let descriptor = socket?.rawValue else { return }
        while !unsent.isEmpty {
            switch unsent.withBytes({ SystemCalls.send(descriptor, $0) }) {
            case .bytes(let count): unsent.consume(count)
            case .wouldBlock, .endOfStream: return updateInterest()
            case .failed(let error): return brokeWhileSending(error)
            }
        }
        updateInterest()
    }

    /// A server that turns a peer away answers and closes, so its answer may be here already.
    private func brokeWhileSending(_ error: SystemError) {
        unsent = PendingOutput()
        for _ in 0..<Self.lastReadsMax where !read() { break }
        fail(RPCStatus(.unavailable, "The connection broke: \(error)."))
    }

    /// Reads only while every stream's reader keeps up, and waits for room only while something is left to send.
    func updateInterest() {
        var wanted = ReadyEvents()
        if fullStreams.isEmpty { wanted.insert(.readable) }
        if !unsent.isEmpty { wanted.insert(.writable) }
        guard wanted != interest, let registration else { return }
        do throws(SystemError) {
            try loop.change(registration, to: wanted)
            interest = wanted
        } catch {
            fail(RPCStatus(.unavailable, "Cannot watch the connection: \(error)."))
        }
    }
}
