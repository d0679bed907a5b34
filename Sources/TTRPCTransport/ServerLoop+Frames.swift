import CTelltaleProtos
import LinuxSystem
import ProtobufMessages
import TTRPCCore

// Bytes in, frames, bytes out.
extension ServerLoop {
    /// Serves what a connection is ready for.
    func serve(_ connection: ServerConnection, _ events: ReadyEvents) {
        if events.contains(.writable) { writePending(connection) }
        if !connection.isClosed, events.contains(.readable), connection.interest.contains(.readable) {
            read(connection)
        } else if !connection.isClosed, events.rawValue & ReadyEvents.broken.rawValue != 0 {
            close(connection, "the peer hung up")
        }
    }

    private func read(_ connection: ServerConnection) {
        switch SystemCalls.receive(connection.descriptor, into: readBuffer.bytes) {
        case .bytes(let count):
            receive(UnsafeRawBufferPointer(rebasing: readBuffer.bytes[..<count]), on: connection)
            settle(connection)
        case .wouldBlock: break
        case .endOfStream: inputEnded(connection)
        case .failed: close(connection, "reading failed")
        }
    }

    /// The peer may have closed only its sending half, and wait for answers and events. One that is gone altogether shows
    /// as broken in the next turn.
    private func inputEnded(_ connection: ServerConnection) {
        guard !connection.isIdle, connection.refusal == nil else { return close(connection, "the peer hung up") }
        connection.inputEnded = true
        connection.input = []
        connection.frameStartedAt = nil
        for id in connection.machine.inputEnded() { deliver(nil, to: id, remoteClosed: true, on: connection) }
        settle(connection)
    }

    /// Takes the frames out of what arrived; what is left of them stays with the connection.
    private func receive(_ bytes: UnsafeRawBufferPointer, on connection: ServerConnection) {
        if connection.input.isEmpty {
            let consumed = takeFrames(from: bytes, on: connection)
            if !connection.isClosed, consumed < bytes.count { connection.input = [UInt8](bytes[consumed...]) }
        } else {
            connection.input.append(contentsOf: bytes)
            takeBufferedFrames(connection)
        }
        noteUnfinishedFrame(connection)
    }

    private func takeBufferedFrames(_ connection: ServerConnection) {
        // Moved out while it is read: a handler may close the connection, which empties it.
        let input = connection.input
        connection.input = []
        let consumed = input.withUnsafeBytes { takeFrames(from: $0, on: connection) }
        guard !connection.isClosed, consumed < input.count else { return }
        // A copy, so that what a large frame needed is given back.
        connection.input = consumed == 0 ? input : [UInt8](input[consumed...])
    }

    private func noteUnfinishedFrame(_ connection: ServerConnection) {
        if connection.input.isEmpty || connection.isPaused {
            connection.frameStartedAt = nil
        } else if connection.frameStartedAt == nil, !connection.isClosed {
            connection.frameStartedAt = loop.now
            watchDeadlines(of: connection)
        }
    }

    /// Handles whole frames until there are no more, or the answers pile up; returns how many bytes they were.
    private func takeFrames(from bytes: UnsafeRawBufferPointer, on connection: ServerConnection) -> Int {
        let span = bytes.bindMemory(to: UInt8.self).span
        var offset = 0
        while !connection.isClosed, !connection.closesWhenWritten {
            guard connection.output.isEmpty, output.count < limits.outputBytesPerWrite else {
                connection.isPaused = true
                break
            }
            do throws(FrameError) {
                guard let frame = try decoder.nextFrame(in: span, at: offset) else { break }
                offset = frame.data.upperBound
                connection.frameStartedAt = nil
                handle(frame.header, UnsafeRawBufferPointer(rebasing: bytes[frame.data]), on: connection)
            } catch {
                close(connection, "a frame over the limit was announced")
            }
        }
        return offset
    }

    private func handle(_ header: FrameHeader, _ data: UnsafeRawBufferPointer, on connection: ServerConnection) {
        if let refusal = connection.refusal {
            respond(header.streamID, refusal)
            connection.closesWhenWritten = true
            return
        }
        switch connection.machine.frameReceived(header) {
        case .call(let id): call(id, data, on: connection)
        case .open(let id, let remoteClosed): open(id, remoteClosed: remoteClosed, data, on: connection)
        case .data(let id, let hasData, let remoteClosed):
            deliver(hasData ? data : nil, to: id, remoteClosed: remoteClosed, on: connection)
        case .reject(let id, let status): respond(id, status)
        case .abort(let id, let status):
            end(connection, id)
            respond(id, status)
        case .ignore: break
        case .close(let reason): close(connection, reason)
        }
    }

    func respond(_ id: StreamID, _ status: RPCStatus) {
        let response = Envelope.response(status: status, arena: arena)
        guard response.count <= FrameDecoder.dataBytesLimit else {
            return respond(id, RPCStatus(status.code, "The reason is larger than a frame of 4 MiB."))
        }
        output.appendFrame(.response, id, dataByteCount: response.count) { $0.copyBytes(from: response) }
    }

    /// Sends what was written for a connection, and goes on with its streams if they have more.
    func settle(_ connection: ServerConnection) {
        flush(connection)
        if !connection.pullQueue.isEmpty { pump(connection) }
    }

    /// Sends what was written for a connection; then takes up the requests that waited for room, as long as the socket
    /// takes their answers.
    func flush(_ connection: ServerConnection) {
        while !connection.isClosed {
            sendOutput(of: connection)
            guard !connection.isClosed else { break }
            guard connection.output.isEmpty else { return updateInterest(connection) }
            if connection.isFinished { return close(connection, "done") }
            guard connection.isPaused else {
                updateInterest(connection)
                return drainedIfIdle()
            }
            connection.isPaused = false
            takeBufferedFrames(connection)
            noteUnfinishedFrame(connection)
        }
        output.reset()
    }

    /// Sends the loop's output in one call if the socket takes it; what it does not take is queued.
    private func sendOutput(of connection: ServerConnection) {
        defer { output.reset() }
        guard output.count > 0 else { return }
        let bytes = output.bytes
        guard connection.output.isEmpty else { return queue(bytes, on: connection) }
        switch SystemCalls.send(connection.descriptor, bytes) {
        case .bytes(let count) where count == bytes.count: break
        case .bytes(let count): queue(UnsafeRawBufferPointer(rebasing: bytes[count...]), on: connection)
        case .wouldBlock, .endOfStream: queue(bytes, on: connection)
        case .failed: close(connection, "writing failed")
        }
    }

    private func queue(_ bytes: UnsafeRawBufferPointer, on connection: ServerConnection) {
        guard connection.output.isEmpty || connection.output.count + bytes.count <= limits.queuedBytesMax else {
            return close(connection, "too much output waits for the peer")
        }
        connection.output.append(bytes)
        if connection.writeProgressAt == nil {
            connection.writeProgressAt = loop.now
            watchDeadlines(of: connection)
        }
    }

    func writePending(_ connection: ServerConnection) {
        switch connection.output.withBytes({ SystemCalls.send(connection.descriptor, $0) }) {
        case .bytes(let count):
            connection.output.consume(count)
            connection.writeProgressAt = connection.output.isEmpty ? nil : loop.now
            // Requests that waited come first: a stream with endless data would never leave them room.
            if connection.output.isEmpty { settle(connection) }
        case .wouldBlock, .endOfStream: break
        case .failed: close(connection, "writing failed")
        }
    }

    /// Watches for what can be dealt with: nothing is read while answers pile up, and writing is only waited for while
    /// something is left to write.
    func updateInterest(_ connection: ServerConnection) {
        let reads = !connection.isPaused && !connection.inputEnded && !connection.closesWhenWritten
        let writes = !connection.output.isEmpty
        let wanted = ReadyEvents(
            rawValue: (reads ? ReadyEvents.readable.rawValue : 0) | (writes ? ReadyEvents.writable.rawValue : 0))
        guard wanted.rawValue != connection.interest.rawValue, let registration = connection.registration else {
            return
        }
        do throws(SystemError) {
            try loop.change(registration, to: wanted)
            connection.interest = wanted
        } catch {
            close(connection, "cannot be watched")
        }
    }
}
