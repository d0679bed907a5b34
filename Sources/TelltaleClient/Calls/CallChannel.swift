import LinuxSystem
import ProtobufMessages
import StatusWire
import TTRPCCore
import TTRPCTransport

/// The one connection that carries all calls of a client: opened by the first call, and anew when it is found broken.
///
/// It lives on the client's loop, as its connection does: looking whether the connection is open and replacing it is
/// one step.
actor CallChannel {
    nonisolated let runtime: ClientRuntime
    nonisolated var unownedExecutor: UnownedSerialExecutor { runtime.loop.asUnownedSerialExecutor() }

    private var connection: OwnedConnection?
    private let arena = MessageArena(firstBlockBytes: 4 << 10)

    init(runtime: ClientRuntime) { self.runtime = runtime }

    /// Makes a call, whose request the closure encodes. It may take as long as the timeout, which is the client's own
    /// unless given; a second attempt is included. There is none for a call that `isRepeatable` says must not be made
    /// twice: then a connection that breaks is the caller's to know.
    func call<Answer: WirePayload & Sendable>(
        _ method: RPCMethod, timeout: Duration?, isRepeatable: Bool = true,
        request: @Sendable (MessageArena) -> [UInt8] = { _ in [] }
    ) async throws(TelltaleError) -> Answer {
        let payload = request(arena)
        let deadline = LoopInstant.now().advanced(by: timeout ?? runtime.configuration.timeout)
        var attempt = await attempt(method, payload, until: deadline)
        if case .connectionBroke = attempt, isRepeatable {
            // A daemon that closed an idle connection, or was restarted, is there again. A second break is the caller's
            // to know.
            attempt = await self.attempt(method, payload, until: deadline)
        }
        switch attempt {
        case .failed(let error), .connectionBroke(let error): throw error
        case .answered(let bytes):
            do throws(WireError) {
                return try Answer(decoding: bytes, in: arena)
            } catch {
                throw TelltaleError(unreadable: error)
            }
        }
    }

    private enum Attempt {
        case answered([UInt8])
        case failed(TelltaleError)
        /// The connection ended under the call; the daemon may have seen the call or not.
        case connectionBroke(TelltaleError)
    }

    private func attempt(_ method: RPCMethod, _ payload: [UInt8], until deadline: LoopInstant) async -> Attempt {
        let owned: OwnedConnection
        do throws(TelltaleError) { owned = try openConnection() } catch { return .failed(error) }
        do throws(RPCStatus) {
            return .answered(
                try await owned.connection.call(
                    service: method.service, method: method.name, payload: payload,
                    timeout: max(.zero, deadline.duration(since: .now())),
                    metadata: runtime.configuration.metadata))
        } catch {
            if runtime.isClosed { return .failed(.clientClosed) }
            let broke = error.code == .unavailable && !owned.isOpen
            return broke ? .connectionBroke(TelltaleError(error)) : .failed(TelltaleError(error))
        }
    }

    private func openConnection() throws(TelltaleError) -> OwnedConnection {
        if let connection, connection.isOpen { return connection }
        connection = nil
        let opened = try runtime.connect()
        connection = opened
        return opened
    }
}
