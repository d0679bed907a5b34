package import LinuxSystem
import ProtobufMessages
import Synchronization
package import TTRPCCore

/// The client's end of one connection: any number of calls and streams at once, each waiting for its own answer.
///
/// The actor lives on its event loop. A connection that breaks fails everything on it with `UNAVAILABLE` and is of no
/// further use; its owner makes a new one.
package actor ClientConnection: EventLoopDelegate {
    /// Bounds of one client connection.
    package struct Limits: Hashable, Sendable {
        /// Bytes of requests that the server has not taken yet.
        package var queuedBytesMax = 8 << 20
        /// Messages of one stream that its reader has not taken yet; beyond it the connection is not read.
        package var streamMessagesMax = 64

        package init() {}
    }

    private enum Pending {
        case call(CheckedContinuation<Result<[UInt8], RPCStatus>, Never>, TimerID?)
        case stream(StreamState)
    }

    private struct StreamState {
        var messages: [[UInt8]] = []
        var waiter: CheckedContinuation<Result<[UInt8]?, RPCStatus>, Never>?
        /// Set once the server has ended the stream: nil for a good end.
        var end: RPCStatus??
    }

    package nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    private let limits: Limits
    private let arena = MessageArena()
    private let output = OutputBuffer()
    private let readBuffer = ReadBuffer()
    private let decoder = FrameDecoder()
    private var machine = ClientConnectionMachine()
    private var socket: OwnedDescriptor?
    private var registration: Registration?
    private var interest: ReadyEvents = .readable
    private var input: [UInt8] = []
    private var unsent = PendingOutput()
    private var pending: [StreamID: Pending] = [:]
    private var closedBy: RPCStatus?

    /// Tokens of the loop: stream ids for timers and cancellations, and one for the descriptor.
    private static let socketToken = UInt64.max - 1

    /// Takes over a connected socket; nothing happens before ``start()``.
    package init(owning descriptor: Int32, loop: EventLoop, limits: Limits = Limits()) {
        self.loop = loop
        self.limits = limits
        socket = OwnedDescriptor(owning: descriptor)
    }

    /// Connects to a server's socket.
    ///
    /// - Throws: `UNAVAILABLE` with a sentence that names the path.
    package static func connect(to path: String, loop: EventLoop) async throws(RPCStatus) -> ClientConnection {
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try UnixSocket.connect(to: path).relinquish()
        } catch {
            throw RPCStatus(.unavailable, "Cannot reach a daemon at \(path): \(error). Is telltaled running?")
        }
        let connection = ClientConnection(owning: descriptor, loop: loop)
        try await connection.start()
        return connection
    }

    /// Begins to read.
    package func start() throws(RPCStatus) {
        guard let descriptor = socket?.rawValue, registration == nil else { return }
        do throws(SystemError) {
            registration = try loop.watch(descriptor, for: .readable, token: Self.socketToken, delegate: self)
        } catch {
            throw RPCStatus(.unavailable, "Cannot watch the connection: \(error).")
        }
    }

    /// Whether the connection can still be used.
    package var isOpen: Bool { closedBy == nil && socket != nil }

    /// Ends the connection; everything on it fails with `CANCELLED`.
    package func close() { fail(RPCStatus(.cancelled, "The connection was closed by its owner.")) }

    /// Makes a unary call.
    ///
    /// - Parameter timeout: Told to the server, and kept here as well.
    /// - Throws: the status that the server answered, `DEADLINE_EXCEEDED`, `UNAVAILABLE` when the connection broke, or
    ///   `CANCELLED` when the task was cancelled.
    package func call(
        service: String, method: String, payload: [UInt8], timeout: Duration? = nil,
        metadata: [(key: String, value: String)] = []
    ) async throws(RPCStatus) -> [UInt8] {
        let request = Envelope.request(
            service: service, method: method, payload: payload, timeout: timeout, metadata: metadata, arena: arena)
        try checkSendable(request)
        guard let id = machine.openUnary() else { throw Self.exhausted }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<[UInt8], RPCStatus>, Never>) in
                if Task.isCancelled {
                    machine.abandon(id)
                    return continuation.resume(returning: .failure(Self.cancelled))
                }
                let timer = timeout.map {
                    loop.setTimer(at: LoopInstant.now().advanced(by: $0), token: UInt64(id.rawValue), delegate: self)
                }
                pending[id] = .call(continuation, timer)
                send(.request, id, flags: FrameFlags(), request)
            }
        } onCancel: {
            loop.signal(self, token: UInt64(id.rawValue))
        }
        return try result.get()
    }

    /// Opens a stream with its request.
    ///
    /// - Parameter remoteOpen: Whether this side goes on sending; ``ClientStream/closeSending()`` ends that.
    package func openStream(
        service: String, method: String, payload: [UInt8], remoteOpen: Bool,
        metadata: [(key: String, value: String)] = []
    ) throws(RPCStatus) -> ClientStream {
        let request = Envelope.request(
            service: service, method: method, payload: payload, timeout: nil, metadata: metadata, arena: arena)
        try checkSendable(request)
        guard let id = machine.openStream(localClosed: !remoteOpen) else { throw Self.exhausted }
        pending[id] = .stream(StreamState())
        send(.request, id, flags: remoteOpen ? .remoteOpen : .remoteClosed, request)
        return ClientStream(connection: self, id: id)
    }

    // What ``ClientStream`` asks for.

    func next(of id: StreamID) async throws(RPCStatus) -> [UInt8]? {
        guard case .stream(var state) = pending[id] else { throw closedBy ?? Self.cancelled }
        precondition(state.waiter == nil, "A stream has one reader")
        if !state.messages.isEmpty {
            let message = state.messages.removeFirst()
            pending[id] = .stream(state)
            updateInterest()
            return message
        }
        if let end = state.end {
            pending[id] = nil
            if let end { throw end }
            return nil
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<[UInt8]?, RPCStatus>, Never>) in
                if Task.isCancelled { return continuation.resume(returning: .failure(Self.cancelled)) }
                state.waiter = continuation
                pending[id] = .stream(state)
            }
        } onCancel: {
            loop.signal(self, token: UInt64(id.rawValue))
        }
        return try result.get()
    }

    func sendMessage(_ message: [UInt8], on id: StreamID) throws(RPCStatus) {
        guard closedBy == nil else { throw closedBy ?? Self.cancelled }
        try checkSendable(message)
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
        state.waiter?.resume(returning: .failure(Self.cancelled))
        updateInterest()
    }

    // The loop's callbacks.

    package nonisolated func ready(_ token: UInt64, _ events: ReadyEvents) {
        assumeIsolated { client in
            if events.contains(.writable) { client.flush() }
            if events.contains(.readable) {
                client.read()
            } else if !events.isDisjoint(with: .broken) {
                client.fail(Self.hungUp)
            }
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
        assumeIsolated { client in client.cancelled(StreamID(UInt32(truncatingIfNeeded: token))) }
    }

    private func cancelled(_ id: StreamID) {
        if case .stream(var state) = pending[id] {
            let waiter = state.waiter
            state.waiter = nil
            pending[id] = .stream(state)
            waiter?.resume(returning: .failure(Self.cancelled))
        } else {
            finishCall(id, .failure(Self.cancelled))
        }
    }

    private func finishCall(_ id: StreamID, _ result: Result<[UInt8], RPCStatus>) {
        guard case .call(let continuation, let timer) = pending[id] else { return }
        pending[id] = nil
        machine.abandon(id)
        if let timer { loop.cancelTimer(timer) }
        continuation.resume(returning: result)
    }

    private func read() {
        guard let descriptor = socket?.rawValue else { return }
        switch SystemCalls.receive(descriptor, into: readBuffer.bytes) {
        case .bytes(let count):
            input.append(contentsOf: readBuffer.bytes[..<count])
            takeFrames()
        case .wouldBlock: break
        case .endOfStream: fail(Self.hungUp)
        case .failed(let error): fail(RPCStatus(.unavailable, "The connection broke: \(error)."))
        }
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

    private func deliver(_ message: [UInt8], to id: StreamID) {
        guard case .stream(var state) = pending[id] else { return }
        if let waiter = state.waiter {
            state.waiter = nil
            pending[id] = .stream(state)
            waiter.resume(returning: .success(message))
        } else {
            state.messages.append(message)
            pending[id] = .stream(state)
        }
    }

    private func endStream(_ id: StreamID, _ status: RPCStatus?) {
        guard case .stream(var state) = pending[id], state.end == nil else { return }
        state.end = .some(status)
        let waiter = state.waiter
        state.waiter = nil
        pending[id] = .stream(state)
        waiter?.resume(returning: status.map { .failure($0) } ?? .success(nil))
    }

    private func checkSendable(_ data: [UInt8]) throws(RPCStatus) {
        if let closedBy { throw closedBy }
        guard data.count <= FrameDecoder.dataBytesLimit else {
            throw RPCStatus(.invalidArgument, "The message is larger than a frame of 4 MiB.")
        }
        guard unsent.count + data.count <= limits.queuedBytesMax else {
            throw RPCStatus(.resourceExhausted, "Too much waits to be sent; the daemon does not read.")
        }
    }

    private func send(_ type: MessageType, _ id: StreamID, flags: FrameFlags, _ data: [UInt8]) {
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
            case .failed(let error): return fail(RPCStatus(.unavailable, "The connection broke: \(error)."))
            }
        }
        updateInterest()
    }

    /// Reads only while every stream's reader keeps up.
    private func updateInterest() {
        var wanted = ReadyEvents()
        let isFull = pending.values.contains { pending in
            if case .stream(let state) = pending { state.messages.count >= limits.streamMessagesMax } else { false }
        }
        if !isFull { wanted.insert(.readable) }
        if !unsent.isEmpty { wanted.insert(.writable) }
        guard wanted != interest, let registration else { return }
        do throws(SystemError) {
            try loop.change(registration, to: wanted)
            interest = wanted
        } catch {
            fail(RPCStatus(.unavailable, "Cannot watch the connection: \(error)."))
        }
    }

    private func fail(_ status: RPCStatus) {
        guard closedBy == nil else { return }
        closedBy = status
        if let registration { loop.forget(registration) }
        registration = nil
        socket = nil
        input = []
        unsent = PendingOutput()
        for id in pending.keys {
            finishCall(id, .failure(status))
            endStream(id, status)
        }
    }

    private static let cancelled = RPCStatus(.cancelled, "The caller gave up.")
    private static let hungUp = RPCStatus(.unavailable, "The daemon closed the connection.")
    private static let exhausted = RPCStatus(.unavailable, "The connection has used all its stream ids; open another.")
}

/// One stream of a client: a sequence of messages with one reader.
package struct ClientStream: Sendable {
    private let connection: ClientConnection
    private let id: StreamID

    init(connection: ClientConnection, id: StreamID) {
        self.connection = connection
        self.id = id
    }

    /// The next message; nil after the last. Throws the status with which the stream ended.
    package func next() async throws(RPCStatus) -> [UInt8]? { try await connection.next(of: id) }

    /// Sends one message; only on a stream that was opened `remoteOpen`.
    package func send(_ message: [UInt8]) async throws(RPCStatus) { try await connection.sendMessage(message, on: id) }

    /// Sends no more; most methods then end.
    package func closeSending() async { await connection.closeSending(id) }

    /// Gives the stream up.
    package func cancel() async { await connection.abandon(id) }
}
