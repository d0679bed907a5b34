import CTelltaleProtos
import LinuxSystem
import ProtobufMessages
import TTRPCCore

// What the frames ask for: streams.
extension ServerLoop {
    /// Rounds of filling and sending that one connection gets in a turn of the loop.
    private static let pumpRoundsMax = 8

    func open(_ id: StreamID, remoteClosed: Bool, _ data: UnsafeRawBufferPointer, on connection: ServerConnection) {
        arena.scoped {
            guard let message = arena.unpack(data, with: ttrpc__request__unpack) else {
                return respond(id, Self.malformedEnvelope)
            }
            let request = InboundRequest(
                message: message, arena: arena, peer: connection.peer, remoteClosed: remoteClosed)
            switch methods.find(service: message.pointee.service, method: message.pointee.method) {
            case .found(.stream(let method)): start(id, remoteClosed: remoteClosed, request, method, on: connection)
            // A unary method needs nothing of the stream but its one response.
            case .found(.unary): call(id, data, on: connection)
            case .unknownMethod: respond(id, Self.unknownMethod(message.pointee))
            case .unknownService: respond(id, Self.unknownService(message.pointee))
            }
        }
    }

    private func start(
        _ id: StreamID, remoteClosed: Bool, _ request: InboundRequest, _ method: any StreamMethod,
        on connection: ServerConnection
    ) {
        connection.wasUsed = true
        let waker = StreamWaker(server: self, connectionIndex: connection.index, streamID: id)
        do throws(RPCStatus) {
            let session = try method.open(request, waker: waker)
            connection.machine.opened(id, remoteClosed: remoteClosed)
            let stream = ServerConnection.Stream(id: id, session: session)
            connection.streams.insert(stream, as: id)
            pull(connection, stream)
        } catch {
            respond(id, error)
        }
    }

    func deliver(
        _ data: UnsafeRawBufferPointer?, to id: StreamID, remoteClosed: Bool, on connection: ServerConnection
    ) {
        guard let stream = connection.streams[id] else { return }
        do throws(RPCStatus) {
            if let data { try stream.session.received(data) }
        } catch {
            end(connection, id)
            return respond(id, error)
        }
        if remoteClosed, stream.session.remoteClosed() {
            end(connection, id)
            return sendEnd(of: id)
        }
        pull(connection, stream)
    }

    /// Forgets a stream and tells its session.
    func end(_ connection: ServerConnection, _ id: StreamID) {
        // A unary call can be aborted by data sent on it; its task ends like a stream's session.
        if let call = connection.calls.removeValue(forKey: id) {
            call.task.cancel()
            deadlines.remove(call.timer)
        }
        let stream = connection.streams.remove(id)
        if let timer = stream?.timer { deadlines.remove(timer.id) }
        _ = connection.machine.ended(id)
        connection.wasUsed = true
        stream?.hasEnded = true
        stream?.session.closed()
    }

    func wakeStreams(of connection: ServerConnection) {
        guard !connection.streams.isEmpty else { return }
        for stream in connection.streams.all { enqueue(stream, on: connection) }
        pump(connection)
    }

    func enqueue(_ stream: ServerConnection.Stream, on connection: ServerConnection) {
        guard !stream.isQueued else { return }
        stream.isQueued = true
        connection.pullQueue.append(stream)
    }

    /// Fills the socket from the streams that have something to say, until it is full or they have not.
    func pump(_ connection: ServerConnection) {
        for _ in 0..<Self.pumpRoundsMax {
            guard !connection.isClosed, connection.output.isEmpty else { return }
            pullQueued(connection)
            flush(connection)
            if connection.pullQueue.isEmpty { return }
        }
        // Others have waited long enough; the rest follows in the next turn.
        planPump(connection)
    }

    /// Gives each queued stream one turn, in their order, as long as there is room. One that has more queues up again at
    /// the end, so none starves behind another that always has more.
    private func pullQueued(_ connection: ServerConnection) {
        let waiting = connection.pullQueue.count
        var served = 0
        // What is pulled may close the connection, and so empty the queue.
        while served < min(waiting, connection.pullQueue.count), output.count < limits.streamBytesPerWrite {
            let stream = connection.pullQueue[served]
            stream.isQueued = false
            served += 1
            pull(connection, stream)
        }
        connection.pullQueue.removeFirst(min(served, connection.pullQueue.count))
    }

    /// Asks one session for data, into the loop's output buffer.
    private func pull(_ connection: ServerConnection, _ stream: ServerConnection.Stream) {
        guard !stream.hasEnded else { return }
        guard connection.output.isEmpty, output.count < limits.streamBytesPerWrite else {
            return enqueue(stream, on: connection)
        }
        let sink = StreamSink(output: output, streamID: stream.id, limit: limits.streamBytesPerWrite)
        output.hasRefused = false
        let outcome = stream.session.pull(into: sink, now: loop.now)
        if output.hasRefused { return failTooLarge(stream.id, on: connection) }
        switch outcome {
        case .idle(let instant): setPullTimer(connection, stream, instant)
        case .more: enqueue(stream, on: connection)
        case .finished:
            end(connection, stream.id)
            sendEnd(of: stream.id)
        case .responded(let payload):
            end(connection, stream.id)
            respond(stream.id, payload)
        case .failed(let status):
            end(connection, stream.id)
            respond(stream.id, status)
        }
    }

    /// Ends a stream that has said more than a frame holds.
    func failTooLarge(_ id: StreamID, on connection: ServerConnection) {
        end(connection, id)
        respond(id, RPCStatus(.resourceExhausted, "A message of the stream is larger than a frame of 4 MiB."))
    }

    /// A timer that comes earlier stays: the stream is asked then, and names its instant again. So a busy stream, which
    /// puts its next heartbeat off with every message, costs the heap nothing.
    private func setPullTimer(
        _ connection: ServerConnection, _ stream: ServerConnection.Stream, _ instant: LoopInstant?
    ) {
        guard let instant else { return }
        if let timer = stream.timer {
            guard instant < timer.instant else { return }
            deadlines.remove(timer.id)
        }
        stream.timer = (schedule(.pull(connection, stream.id), at: instant), instant)
    }

    private func sendEnd(of id: StreamID) {
        output.appendFrame(.data, id, flags: .lastData, dataByteCount: 0) { _ in }
    }
}
