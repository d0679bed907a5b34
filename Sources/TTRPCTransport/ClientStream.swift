import LinuxSystem
package import TTRPCCore

/// One stream of a client: a sequence of messages with one reader. Read it to its end or ``cancel()`` it; until then
/// the connection keeps what arrived for it.
package struct ClientStream: Sendable {
    private let connection: ClientConnection
    private let id: StreamID

    init(connection: ClientConnection, id: StreamID) {
        self.connection = connection
        self.id = id
    }

    /// The next message; nil after the last. Throws the status with which the stream ended, and `CANCELLED` when the
    /// task was cancelled, which leaves the stream as it is.
    package func next() async throws(RPCStatus) -> [UInt8]? { try await connection.next(of: id) }

    /// Sends one message; only on a stream that was opened `remoteOpen`.
    package func send(_ message: [UInt8]) async throws(RPCStatus) { try await connection.sendMessage(message, on: id) }

    /// Sends no more; most methods then end.
    package func closeSending() async { await connection.closeSending(id) }

    /// Gives the stream up. The protocol has no word for it: a server learns it only where the stream was opened
    /// `remoteOpen`, by the closed half, or by the end of the connection.
    package func cancel() async { await connection.abandon(id) }
}

/// What a stream has received and its reader has not taken yet, or the reader who waits.
struct StreamState {
    var messages: [[UInt8]] = []
    var waiter: CheckedContinuation<Result<[UInt8]?, RPCStatus>, Never>?
    /// How many waits there were: tells the one that is to be cancelled from a later one.
    var waitCount: UInt32 = 0
    /// Set once the server has ended the stream: nil within for a good end.
    var end: RPCStatus??
}

// What ``ClientStream`` asks for, and what its frames bring.
extension ClientConnection {
    func next(of id: StreamID) async throws(RPCStatus) -> [UInt8]? {
        guard case .stream(var state) = pending[id] else { throw closedBy ?? Self.cancelled }
        precondition(state.waiter == nil, "A stream has one reader")
        if !state.messages.isEmpty {
            let message = state.messages.removeFirst()
            if state.messages.count < limits.streamMessagesMax { fullStreams.remove(id) }
            pending[id] = .stream(state)
            updateInterest()
            return message
        }
        if let end = state.end {
            pending[id] = nil
            if let end { throw end }
            return nil
        }
        state.waitCount &+= 1
        pending[id] = .stream(state)
        let token = UInt64(state.waitCount) << 32 | UInt64(id.rawValue)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<[UInt8]?, RPCStatus>, Never>) in
                if Task.isCancelled { return continuation.resume(returning: .failure(Self.cancelled)) }
                state.waiter = continuation
                pending[id] = .stream(state)
            }
        } onCancel: {
            loop.signal(self, token: token)
        }
        return try result.get()
    }

    func sendMessage(_ message: [UInt8], on id: StreamID) throws(RPCStatus) {
        try checkSendable(message)
        guard machine.isSendable(id) else {
            if case .stream(let state) = pending[id], case .some(.some(let status)) = state.end { throw status }
            throw RPCStatus(.failedPrecondition, "The stream takes no more messages.")
        }
        send(.data, id, flags: FrameFlags(), message)
    }

    func closeSending(_ id: StreamID) {
        if machine.closeLocally(id), closedBy == nil { send(.data, id, flags: .lastData, []) }
    }

    /// Gives a stream up: tells the server if it can be told, and ignores what still comes.
    func abandon(_ id: StreamID) {
        closeSending(id)
        machine.abandon(id)
        guard case .stream(let state) = pending.removeValue(forKey: id) else { return }
        fullStreams.remove(id)
        state.waiter?.resume(returning: .failure(Self.cancelled))
        updateInterest()
    }

    func cancelWait(_ number: UInt32, of id: StreamID) {
        guard case .stream(var state) = pending[id], state.waitCount == number, let waiter = state.waiter else {
            return
        }
        state.waiter = nil
        pending[id] = .stream(state)
        waiter.resume(returning: .failure(Self.cancelled))
    }

    func deliver(_ message: [UInt8], to id: StreamID) {
        guard case .stream(var state) = pending[id] else { return }
        if let waiter = state.waiter {
            state.waiter = nil
            pending[id] = .stream(state)
            waiter.resume(returning: .success(message))
        } else {
            // Moved out while it grows, so that it is not copied.
            pending[id] = nil
            state.messages.append(message)
            if state.messages.count >= limits.streamMessagesMax { fullStreams.insert(id) }
            pending[id] = .stream(state)
        }
    }

    func endStream(_ id: StreamID, _ status: RPCStatus?) {
        guard case .stream(var state) = pending[id], state.end == nil else { return }
        if let waiter = state.waiter {
            // Its reader learns it now and has nothing more to ask.
            pending[id] = nil
            waiter.resume(returning: status.map { .failure($0) } ?? .success(nil))
        } else {
            state.end = .some(status)
            pending[id] = .stream(state)
        }
    }
}
