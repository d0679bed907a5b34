package import LinuxSystem
import ProtobufMessages
package import TTRPCCore

/// The client's end of one connection: any number of calls and streams at once, each waiting for its own answer.
///
/// The actor lives on its event loop. A connection that breaks fails everything on it with `UNAVAILABLE` and is of no
/// further use; its owner makes a new one. Once started it lives until it breaks or ``close()``.
package actor ClientConnection {
    /// Bounds of one client connection.
    package struct Limits: Hashable, Sendable {
        /// Bytes of requests that the server has not taken yet.
        package var queuedBytesMax = 8 << 20
        /// Messages of one stream that its reader has not taken yet; beyond it the connection is not read, so what one
        /// read brings, 64 KiB, may come on top.
        package var streamMessagesMax = 64

        package init() {}
    }

    /// Who waits on a stream of this connection.
    enum Pending {
        case call(CheckedContinuation<Result<[UInt8], RPCStatus>, Never>, TimerID?)
        case stream(StreamState)
    }

    package nonisolated let loop: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    let limits: Limits
    let arena = MessageArena()
    let output = OutputBuffer()
    let readBuffer = ReadBuffer()
    let decoder = FrameDecoder()
    var machine = ClientConnectionMachine()
    var socket: OwnedDescriptor?
    var registration: Registration?
    var interest: ReadyEvents = .readable
    /// The beginning of a frame whose end has not come.
    var input: [UInt8] = []
    var unsent = PendingOutput()
    var pending: [StreamID: Pending] = [:]
    /// Streams whose reader lags.
    var fullStreams: Set<StreamID> = []
    /// Why the connection is of no further use.
    var closedBy: RPCStatus?

    /// Takes over a connected socket; nothing happens before ``start()``.
    package init(owning descriptor: Int32, loop: EventLoop, limits: Limits = Limits()) {
        self.loop = loop
        self.limits = limits
        socket = OwnedDescriptor(owning: descriptor)
    }

    /// Connects to a server's socket.
    ///
    /// - Throws: `UNAVAILABLE` with a sentence that names the path.
    package static func connect(
        to path: String, loop: EventLoop, limits: Limits = Limits()
    ) async throws(RPCStatus) -> ClientConnection {
        let descriptor: Int32
        do throws(SystemError) {
            descriptor = try UnixSocket.connect(to: path).relinquish()
        } catch {
            throw RPCStatus(.unavailable, "Cannot reach a daemon at \(path): \(error). Is telltaled running?")
        }
        let connection = ClientConnection(owning: descriptor, loop: loop, limits: limits)
        try await connection.start()
        return connection
    }

    /// Begins to read.
    package func start() throws(RPCStatus) {
        guard let descriptor = socket?.rawValue, registration == nil else { return }
        do throws(SystemError) {
            registration = try loop.watch(descriptor, for: .readable, token: 0, delegate: self)
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
    /// - Parameters:
    ///   - service: Full name of the service.
    ///   - method: Name of the method within it.
    ///   - payload: The encoded request message.
    ///   - timeout: Told to the server, and kept here as well.
    ///   - metadata: Pairs that travel beside the payload.
    /// - Returns: the encoded response message.
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
    /// - Parameters:
    ///   - service: Full name of the service.
    ///   - method: Name of the method within it.
    ///   - payload: The encoded request message.
    ///   - remoteOpen: Whether this side goes on sending; ``ClientStream/closeSending()`` ends that.
    ///   - metadata: Pairs that travel beside the payload.
    /// - Returns: the stream, to be read to its end or cancelled.
    /// - Throws: why it cannot be sent; what the server thinks of it comes from the stream.
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

    /// Ends a call, if it has not ended yet.
    func finishCall(_ id: StreamID, _ result: Result<[UInt8], RPCStatus>) {
        guard case .call(let continuation, let timer) = pending[id] else { return }
        pending[id] = nil
        machine.abandon(id)
        if let timer { loop.cancelTimer(timer) }
        continuation.resume(returning: result)
    }

    /// Ends the connection, and everything on it with the status. What streams have received can still be read.
    func fail(_ status: RPCStatus) {
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

    func checkSendable(_ data: [UInt8]) throws(RPCStatus) {
        if let closedBy { throw closedBy }
        guard data.count <= FrameDecoder.dataBytesLimit else {
            throw RPCStatus(.invalidArgument, "The message is larger than a frame of 4 MiB.")
        }
        guard unsent.count + data.count <= limits.queuedBytesMax else {
            throw RPCStatus(.resourceExhausted, "Too much waits to be sent; the daemon does not read.")
        }
    }

    static let cancelled = RPCStatus(.cancelled, "The caller gave up.")
    static let hungUp = RPCStatus(.unavailable, "The daemon closed the connection.")
    static let exhausted = RPCStatus(.unavailable, "The connection has used all its stream ids; open another.")
}
