import LinuxSystem
import TTRPCTransport

/// A connection that closes once nothing holds this object: an event loop keeps what it watches, so a connection that
/// was merely dropped would stay open.
final class OwnedConnection: Sendable {
    let connection: ClientConnection
    private let runtime: ClientRuntime

    init(_ connection: ClientConnection, runtime: ClientRuntime) {
        self.connection = connection
        self.runtime = runtime
    }

    deinit {
        runtime.released(connection)
        ConnectionCloser.close(connection)
    }

    /// Whether it can still be used. Only on the loop.
    var isOpen: Bool { connection.assumeIsolated { $0.isOpen } }
}

/// Closes a connection on its loop, from any thread and without waiting. The loop still does so when it is stopped next.
final class ConnectionCloser: EventLoopDelegate {
    private let connection: ClientConnection

    private init(_ connection: ClientConnection) { self.connection = connection }

    static func close(_ connection: ClientConnection) {
        connection.loop.signal(ConnectionCloser(connection), token: 0)
    }

    func signalled(_ token: UInt64) { connection.assumeIsolated { $0.close() } }

    func ready(_ token: UInt64, _ events: ReadyEvents) {}

    func timerFired(_ token: UInt64) {}
}
