import CTelltaleProtos
import LinuxSystem
import ProtobufMessages
import Synchronization
import TTRPCCore

/// Tells a stream's loop, from any thread, that the stream may have data. Calls before the loop looks count as one.
package final class StreamWaker: Sendable {
    private let server: ServerLoop
    private let token: UInt64
    fileprivate let isPending = Atomic<Bool>(false)

    init(server: ServerLoop, connectionIndex: Int, streamID: StreamID) {
        self.server = server
        // An index reused by another connection costs that one a needless pull, and nothing else.
        token = UInt64(connectionIndex) << 32 | UInt64(streamID.rawValue)
    }

    package func wake() {
        guard !isPending.exchange(true, ordering: .sequentiallyConsistent) else { return }
        server.loop.signal(server, token: token)
    }
}

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
            connection.streams[id] = ServerConnection.Stream(session: session, waker: waker)
            pull(connection, id)
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
        pull(connection, id)
    }

    /// Forgets a stream and tells its session.
    func end(_ connection: ServerConnection, _ id: StreamID) {
        // A unary call can be aborted by data sent on it; its task ends like a stream's session.
        if let call = connection.calls.removeValue(forKey: id) {
            call.task.cancel()
            deadlines.remove(call.timer)
        }
        let stream = connection.streams.removeValue(forKey: id)
        if let timer = stream?.timer { deadlines.remove(timer) }
        _ = connection.machine.ended(id)
        connection.wasUsed = true
        stream?.session.closed()
    }

    func wakeStream(_ token: UInt64) {
        let index = Int(token >> 32)
        guard index < connections.count, let connection = connections[index] else { return }
        wakeStream(of: connection, StreamID(UInt32(truncatingIfNeeded: token)))
    }

    func wakeStream(of connection: ServerConnection, _ id: StreamID) {
        guard let stream = connection.streams[id] else { return }
        enqueue(stream, id, on: connection)
        pump(connection)
    }

    func wakeStreams(of connection: ServerConnection) {
        guard !connection.streams.isEmpty else { return }
        for (id, stream) in connection.streams { enqueue(stream, id, on: connection) }
        pump(connection)
    }

    private func enqueue(_ stream: ServerConnection.Stream, _ id: StreamID, on connection: ServerConnection) {
        guard !stream.isQueued else { return }
        stream.isQueued = true
        connection.pullQueue.append(id)
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
        connection.pullQueue.lazy.compactMap { connection.streams[$0] }.first?.waker.wake()
    }

    /// Gives each queued stream one turn, in their order, as long as there is room. One that has more queues up again at
    /// the end, so none starves behind another that always has more.
    private func pullQueued(_ connection: ServerConnection) {
        var served = 0
        for index in connection.pullQueue.indices where output.count < limits.outputBytesPerWrite {
            let id = connection.pullQueue[index]
            connection.streams[id]?.isQueued = false
            pull(connection, id)
            served += 1
        }
        connection.pullQueue.removeFirst(served)
    }

    /// Asks one session for data, into the loop's output buffer.
    private func pull(_ connection: ServerConnection, _ id: StreamID) {
        guard let stream = connection.streams[id] else { return }
        guard connection.output.isEmpty, output.count < limits.outputBytesPerWrite else {
            return enqueue(stream, id, on: connection)
        }
        stream.waker.isPending.store(false, ordering: .sequentiallyConsistent)
        let sink = StreamSink(output: output, streamID: id, limit: limits.outputBytesPerWrite)
        output.hasRefused = false
        let outcome = stream.session.pull(into: sink, now: loop.now)
        switch output.hasRefused ? .failed(Self.messageTooLarge) : outcome {
        case .idle(let instant): setPullTimer(connection, id, stream, instant)
        case .more: enqueue(stream, id, on: connection)
        case .finished:
            end(connection, id)
            sendEnd(of: id)
        case .responded(let payload):
            end(connection, id)
            respond(id, payload)
        case .failed(let status):
            end(connection, id)
            respond(id, status)
        }
    }

    private static let messageTooLarge = RPCStatus(
        .resourceExhausted, "A message of the stream is larger than a frame of 4 MiB.")

    private func setPullTimer(
        _ connection: ServerConnection, _ id: StreamID, _ stream: ServerConnection.Stream, _ instant: LoopInstant?
    ) {
        if let timer = stream.timer { deadlines.remove(timer) }
        stream.timer = instant.map { schedule(.pull(connection, id), at: $0) }
    }

    private func sendEnd(of id: StreamID) {
        output.appendFrame(.data, id, flags: .lastData, dataByteCount: 0) { _ in }
    }
}
