import CTelltaleProtos
import LinuxSystem
import ProtobufMessages
import TTRPCCore

// What the frames ask for: unary calls.
extension ServerLoop {
    func call(_ id: StreamID, _ data: UnsafeRawBufferPointer, on connection: ServerConnection) {
        connection.wasUsed = true
        let hash = PreparedCalls.hash(data)
        let mark = output.count
        if let prepared = prepared.find(data, tag: connection.peer.tag, hash: hash),
            prepared.answer(Reply(output: output, streamID: id, turn: turn))
        {
            if output.count == mark { respond(id, Self.answerTooLarge) }
            return
        }
        decodeAndCall(id, data, hash: hash, on: connection)
    }

    private func decodeAndCall(
        _ id: StreamID, _ data: UnsafeRawBufferPointer, hash: UInt64, on connection: ServerConnection
    ) {
        arena.scoped {
            guard let message = arena.unpack(data, with: ttrpc__request__unpack) else {
                return respond(id, Self.malformedEnvelope)
            }
            let request = InboundRequest(
                message: message, arena: arena, peer: connection.peer, remoteClosed: true)
            switch methods.find(service: message.pointee.service, method: message.pointee.method) {
            case .found(.unary(let method)):
                answer(id, request, with: method, on: connection)
                prepare(data, request, for: method, hash: hash)
            case .found(.stream): respond(id, Self.needsStream)
            case .unknownMethod: respond(id, Self.unknownMethod(message.pointee))
            case .unknownService: respond(id, Self.unknownService(message.pointee))
            }
        }
    }

    private func answer(
        _ id: StreamID, _ request: InboundRequest, with method: any UnaryMethod, on connection: ServerConnection
    ) {
        let mark = output.count
        switch method.call(request, reply: Reply(output: output, streamID: id, turn: turn)) {
        case .replied:
            if output.count == mark { respond(id, Self.answerTooLarge) }
        case .failed(let status):
            output.truncate(to: mark)
            respond(id, status)
        case .later(let work):
            output.truncate(to: mark)
            begin(id, timeout: request.timeout, on: connection, work)
        }
    }

    private func prepare(
        _ data: UnsafeRawBufferPointer, _ request: InboundRequest, for method: any UnaryMethod, hash: UInt64
    ) {
        guard prepared.note(data, tag: request.peer.tag, hash: hash) else { return }
        prepared.keep(method.prepare(request), for: data, tag: request.peer.tag, hash: hash)
    }

    /// Runs the work of a call as a task that the connection owns: it ends with the connection or at its deadline.
    private func begin(
        _ id: StreamID, timeout: Duration?, on connection: ServerConnection,
        _ work: @escaping @Sendable () async throws(RPCStatus) -> [UInt8]
    ) {
        // A call that timed out is over for its peer, and its work ends when it notices; until then it counts.
        guard connection.taskCount < limits.connection.callsMax else { return respond(id, Self.tooMuchWork) }
        if let status = connection.machine.deferred(id) { return respond(id, status) }
        let patience = min(timeout ?? limits.callTimeoutMax, limits.callTimeoutMax)
        let timer = schedule(.call(connection, id), at: loop.now.advanced(by: patience))
        tasksInFlight += 1
        connection.taskCount += 1
        let task = Task {
            let result: Result<[UInt8], RPCStatus>
            do throws(RPCStatus) { result = .success(try await Self.perform(work)) } catch { result = .failure(error) }
            finish(id, result, on: connection)
        }
        connection.calls[id] = ServerConnection.Call(task: task, timer: timer)
    }

    /// Leaves the loop for the work: what computes there must not keep the other connections waiting.
    @concurrent
    private nonisolated static func perform(
        _ work: @Sendable () async throws(RPCStatus) -> [UInt8]
    ) async throws(RPCStatus) -> [UInt8] {
        try await work()
    }

    private func finish(_ id: StreamID, _ result: Result<[UInt8], RPCStatus>, on connection: ServerConnection) {
        tasksInFlight -= 1
        connection.taskCount -= 1
        defer { drainedIfIdle() }
        guard let call = connection.calls.removeValue(forKey: id) else { return }
        deadlines.remove(call.timer)
        complete(id, result, on: connection)
    }

    func callTimedOut(_ connection: ServerConnection, _ id: StreamID) {
        guard let call = connection.calls.removeValue(forKey: id) else { return }
        call.task.cancel()
        let status = RPCStatus(.deadlineExceeded, "The call's deadline passed before its answer was there.")
        complete(id, .failure(status), on: connection)
    }

    private func complete(_ id: StreamID, _ result: Result<[UInt8], RPCStatus>, on connection: ServerConnection) {
        guard !connection.isClosed, connection.machine.ended(id) else { return }
        connection.wasUsed = true
        switch result {
        case .success(let payload): respond(id, payload)
        case .failure(let status): respond(id, status)
        }
        settle(connection)
    }

    /// Writes a response that ends a call or a stream well.
    func respond(_ id: StreamID, _ payload: [UInt8]) {
        let mark = output.count
        Reply(output: output, streamID: id, turn: turn).send(payload)
        if output.count == mark { respond(id, Self.answerTooLarge) }
    }

    static let tooMuchWork = RPCStatus(
        .resourceExhausted, "Earlier calls of this connection are still being worked on; wait for them.")
    static let answerTooLarge = RPCStatus(
        .resourceExhausted, "The answer is larger than a frame of 4 MiB; ask for less.")
    static let malformedEnvelope = RPCStatus(.invalidArgument, "The frame's data is not a ttrpc request.")
    static let needsStream = RPCStatus(
        .invalidArgument,
        "The method streams: send its request with the flag remote closed (0x01) or remote open (0x02).")

    static func unknownMethod(_ request: Ttrpc__Request) -> RPCStatus {
        RPCStatus(.unimplemented, "The service \(name(request.service)) has no method \(name(request.method)).")
    }

    static func unknownService(_ request: Ttrpc__Request) -> RPCStatus {
        RPCStatus(.unimplemented, "There is no service \(name(request.service)) here.")
    }

    /// A peer's word in our sentence: bounded, and without control characters.
    private static func name(_ text: UnsafePointer<CChar>?) -> String {
        guard let text = String(field: text), !text.isEmpty else { return "‹unnamed›" }
        return String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(64).filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
