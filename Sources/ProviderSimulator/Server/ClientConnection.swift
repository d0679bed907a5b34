import CMicroHTTPD
import Glibc
import StatusModel

/// One client's connection, while its thread is within a callback of libmicrohttpd and so owns the socket.
///
/// What HTTP allows goes through the library; what it does not (half an answer, silence, a reset) is written to the
/// socket here, after which the callback has the connection closed.
struct ClientConnection {
    private let connection: OpaquePointer
    private let socket: Int32

    init(_ connection: OpaquePointer) {
        self.connection = connection
        socket = CMicroHTTPD_socket(connection)
    }

    /// The header fields of the request.
    func headers() -> HeaderFields {
        var headers: HeaderFields = [:]
        withUnsafeMutablePointer(to: &headers) { pointer in
            _ = MHD_get_connection_values(connection, .HEADER_KIND, appendHeader, pointer)
        }
        return headers
    }

    /// Hands a whole answer to the library; false when it refuses, and the connection must close.
    func queue(_ answer: SimulatedAnswer) -> Bool {
        let body = answer.body.withUnsafeBytes { bytes in
            // The library copies at once, so that it never writes through this pointer.
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let body else { return false }
        defer { MHD_destroy_response(body) }
        for field in answer.headers.fields {
            // A value that may not stand in a field (a line break) is refused, and the field left out.
            _ = MHD_add_response_header(body, field.name, field.value)
        }
        return MHD_queue_response(connection, UInt32(clamping: answer.status), body) == .YES
    }

    /// Waits, and tells whether the client was still there at the end. A half-closed client counts as gone.
    func outlasts(_ duration: Duration?) -> Bool {
        wait(for: CMicroHTTPD_peer_closed, until: duration.map { ContinuousClock.now.advanced(by: $0) }) == 0
    }

    /// Carries out one step; false when the client has gone.
    func perform(_ step: Transmission.Step) -> Bool {
        switch step {
        case .send(let bytes): return send(bytes)
        case .silence: return outlasts(nil)
        case .drip(let bytes, let interval):
            return bytes.allSatisfy { send([$0]) && outlasts(interval) }
        case .blanks(let count):
            let block = [UInt8](repeating: UInt8(ascii: " "), count: 64 << 10)
            return stride(from: 0, to: count, by: block.count).allSatisfy {
                send(block.prefix(min(block.count, count - $0)))
            }
        }
    }

    /// Breaks the connection off with an RST.
    func reset() { _ = CMicroHTTPD_reset(socket) }

    private func send(_ bytes: some Collection<UInt8>) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { buffer in
                Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                let events = wait(for: Int16(POLLOUT) | CMicroHTTPD_peer_closed, until: nil)
                guard events & Int16(POLLOUT) != 0 else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Waits for something to happen to the socket; 0 when time ran out first. The server's stop shuts the socket down,
    /// which ends any wait.
    private func wait(for events: Int16, until deadline: ContinuousClock.Instant?) -> Int16 {
        while true {
            var entry = pollfd(fd: socket, events: events, revents: 0)
            let left = deadline.map { ContinuousClock.now.duration(to: $0).saturatedNanoseconds }
            // Rounded up, so that a wait never ends early.
            let milliseconds = left.map { Int32(clamping: max(0, $0 / 1_000_000 + ($0 > 0 ? 1 : 0))) } ?? -1
            let ready = poll(&entry, 1, milliseconds)
            if ready > 0 { return entry.revents }
            if ready < 0, errno != EINTR { return Int16(POLLERR) }
            if let deadline, ready == 0, ContinuousClock.now >= deadline { return 0 }
        }
    }
}

private func appendHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
    _ value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let context, let name else { return .NO }
    context.assumingMemoryBound(to: HeaderFields.self).pointee.append(
        name: String(cString: name), value: value.map { String(cString: $0) } ?? "")
    return .YES
}
