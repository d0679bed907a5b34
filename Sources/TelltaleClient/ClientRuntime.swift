import LinuxSystem
import Locks
import Synchronization
import TTRPCCore
import TTRPCTransport

/// The thread of one client, and the connections that live on it. It runs as long as anything holds this object.
final class ClientRuntime: Sendable {
    private struct State {
        var isClosed = false
        var connections: [ObjectIdentifier: ClientConnection] = [:]
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiterID: UInt64 = 0
    }

    let configuration: TelltaleClient.Configuration
    let clock: ClientClock
    let loop: EventLoop
    private let state = Lock(State())

    init(configuration: TelltaleClient.Configuration, clock: ClientClock) throws(TelltaleError) {
        self.configuration = configuration
        self.clock = clock
        do throws(SystemError) {
            loop = try EventLoop()
            try loop.start(name: "telltale-client")
        } catch {
            throw TelltaleError(threadOf: error)
        }
    }

    deinit { loop.stop() }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Opens a connection to the first daemon that listens. Only on the loop.
    func connect() throws(TelltaleError) -> OwnedConnection {
        var failures: [(path: String, error: SystemError)] = []
        for path in configuration.socketPaths {
            let descriptor: Int32
            do throws(SystemError) {
                descriptor = try UnixSocket.connect(to: path).relinquish()
            } catch {
                failures.append((path, error))
                continue
            }
            return try start(ClientConnection(owning: descriptor, loop: loop))
        }
        throw TelltaleError(unreachable: failures)
    }

    private func start(_ connection: ClientConnection) throws(TelltaleError) -> OwnedConnection {
        let owned = OwnedConnection(connection, runtime: self)
        let isOpen = state.withLock { state in
            if !state.isClosed { state.connections[ObjectIdentifier(connection)] = connection }
            return !state.isClosed
        }
        guard isOpen else { throw .clientClosed }
        let started = connection.assumeIsolated { connection in
            Result { () throws(RPCStatus) in try connection.start() }
        }
        do throws(RPCStatus) { try started.get() } catch { throw TelltaleError(error) }
        return owned
    }

    /// The connection's owner let go of it.
    func released(_ connection: ClientConnection) {
        state.withLock { $0.connections[ObjectIdentifier(connection)] = nil }
    }

    /// Closes every connection and wakes whoever waits for that.
    func close() {
        let (connections, waiters) = state.withLock { state in
            defer { state.waiters = [:] }
            state.isClosed = true
            return (Array(state.connections.values), Array(state.waiters.values))
        }
        for connection in connections { ConnectionCloser.close(connection) }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when the client was closed, or the task cancelled.
    func waitUntilClosed() async {
        let id = state.withLock { state in
            state.lastWaiterID += 1
            return state.lastWaiterID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    // Asked under the lock: a cancellation that comes later finds the waiter in its place.
                    if state.isClosed || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
    }
}
