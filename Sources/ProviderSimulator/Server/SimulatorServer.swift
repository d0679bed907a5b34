import CMicroHTTPD
import Glibc
import Locks
import Synchronization

/// The simulator behind a port of 127.0.0.1, from `init` until ``stop()``.
///
/// libmicrohttpd reads the requests, one thread per connection, so that a hanging answer holds up nobody but its own
/// client. What is said is decided by ``Simulator``; here it is only carried out.
package final class SimulatorServer: Sendable {
    /// How many clients are served at once; more wait to be accepted.
    package static let connectionsMax = 256

    package let simulator: Simulator
    /// The port it listens on.
    package let port: UInt16
    private let context: ServerContext
    private let daemon: Lock<Daemon?>

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - simulator: What to play.
    ///   - port: The port of 127.0.0.1; 0 takes a free one.
    ///   - log: Is handed one line per request, without a line break, on the connection's own thread.
    /// - Throws: ``StartError`` when the port is taken, or the system refuses.
    package init(
        simulator: Simulator, port: UInt16 = 0, log: (@Sendable (String) -> Void)? = nil
    ) throws(StartError) {
        let context = ServerContext(simulator: simulator, log: log)
        let limits = CMicroHTTPD_limits(
            connections: UInt32(Self.connectionsMax), connection_memory_bytes: 64 << 10,
            thread_stack_bytes: 1 << 20, idle_seconds: 300)
        let callbacks = CMicroHTTPD_callbacks(
            context: Unmanaged.passUnretained(context).toOpaque(), request_started: requestStarted,
            request_arrived: requestArrived, request_ended: requestEnded)
        var error: Int32 = 0
        guard let pointer = CMicroHTTPD_start(port, limits, callbacks, &error) else {
            throw StartError(port: port, errno: error)
        }
        self.simulator = simulator
        self.context = context
        self.port = CMicroHTTPD_port(pointer)
        self.daemon = Lock(Daemon(pointer: pointer))
    }

    /// Where clients reach it: `http://127.0.0.1:49152`, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Breaks off every connection, hanging ones too, and returns when no thread of it is left. May be called again.
    package func stop() {
        // Out of the lock before the daemon ends: its threads are waited for.
        let daemon = self.daemon.withLock { daemon in daemon.take() }
        _ = consume daemon
    }

    deinit { stop() }

    /// Why the server could not start.
    package struct StartError: Error, Hashable, Sendable, CustomStringConvertible {
        package var port: UInt16
        /// 0 when libmicrohttpd gave no reason.
        package var errno: Int32

        package var isPortTaken: Bool { errno == EADDRINUSE }

        package var description: String {
            if isPortTaken {
                "port \(port) is in use; choose another, or 0 for any that is free"
            } else if errno == EACCES {
                "port \(port) may not be opened by this user; choose one above 1023"
            } else {
                "cannot listen on 127.0.0.1:\(port): \(errno == 0 ? "no reason given" : String(cString: strerror(errno)))"
            }
        }
    }
}

/// What the callbacks need; lives as long as the server, which stops the daemon before it lets go.
final class ServerContext: Sendable {
    let simulator: Simulator
    let log: (@Sendable (String) -> Void)?

    init(simulator: Simulator, log: (@Sendable (String) -> Void)?) {
        self.simulator = simulator
        self.log = log
    }
}

/// A running daemon; its end stops it.
// Unchecked: the pointer is only ever handed to MHD_stop_daemon, once, which any thread but the daemon's own may call.
private struct Daemon: ~Copyable, @unchecked Sendable {
    let pointer: OpaquePointer

    deinit { MHD_stop_daemon(pointer) }
}

private func requestStarted(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    let exchange = Exchange(target: target.map { String(cString: $0) } ?? "")
    return Unmanaged.passRetained(exchange).toOpaque()
}

private func requestArrived(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ path: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
    _ uploadBytes: UnsafeMutablePointer<Int>?, _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let uploadBytes, let exchange = request?.pointee else { return .NO }
    let goesOn = Unmanaged<Exchange>.fromOpaque(exchange).takeUnretainedValue().advance(
        connection: ClientConnection(connection), method: method.map { String(cString: $0) } ?? "",
        upload: UnsafeRawBufferPointer(start: upload, count: uploadBytes.pointee),
        context: Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue())
    uploadBytes.pointee = 0
    return goesOn ? .YES : .NO
}

private func requestEnded(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ request: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let exchange = request?.pointee else { return }
    Unmanaged<Exchange>.fromOpaque(exchange).release()
    request?.pointee = nil
}
