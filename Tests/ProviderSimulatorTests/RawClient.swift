import Glibc

/// A tiny HTTP client on a bare socket, so that a test sees what the wire really carried.
///
/// One request per connection; it sends `connection: close` and reads until the end, whatever that end is.
struct RawClient: Sendable {
    enum Ending: Hashable, Sendable {
        /// The server closed in order.
        case closed
        /// The server broke off (RST).
        case reset
        /// The client gave up, because it had what it came for.
        case left
        case failed(Int32)
    }

    /// What came back, and how it ended.
    struct Reply: Sendable {
        var bytes: [UInt8]
        var ending: Ending

        private var parts: (head: [Substring], body: [UInt8]) {
            let end = bytes.indices.first { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) } ?? bytes.count
            let head = String(decoding: bytes[..<end], as: UTF8.self)
            return (head.split(separator: "\r\n"), Array(bytes[end...].dropFirst(4)))
        }

        /// 0 when what came is no HTTP.
        var status: Int {
            guard let line = parts.head.first, line.hasPrefix("HTTP/1.1 ") else { return 0 }
            return Int(line.dropFirst(9).prefix(3)) ?? 0
        }

        var body: [UInt8] { parts.body }
        var text: String { String(decoding: parts.body, as: UTF8.self) }

        subscript(name: String) -> String? {
            for line in parts.head.dropFirst() where line.lowercased().hasPrefix(name.lowercased() + ":") {
                return String(line.dropFirst(name.count + 1).drop { $0 == " " })
            }
            return nil
        }
    }

    var port: UInt16

    /// Sends a request as GitHub wants it, with `token` as a bearer token, and reads the answer to its end or until
    /// `leaveAfter` bytes are there. Fields with an empty value are left out, `host` and `user-agent` too.
    func send(
        _ method: String = "GET", _ target: String, token: String? = nil, headers: [String: String] = [:],
        body: String = "", leaveAfter: Int = .max
    ) -> Reply {
        var fields = ["host": "127.0.0.1:\(port)", "user-agent": "tests", "connection": "close"]
        if let token { fields["authorization"] = "Bearer \(token)" }
        if !body.isEmpty { fields["content-length"] = String(body.utf8.count) }
        fields.merge(headers) { $1 }
        let head = fields.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }
        return exchange(Array(("\(method) \(target) HTTP/1.1\r\n" + head.joined() + "\r\n" + body).utf8), leaveAfter)
    }

    /// Sends any bytes, and an end of them when `endsAfterwards`; then reads what comes of it.
    func exchange(_ request: [UInt8], _ leaveAfter: Int = .max, endsAfterwards: Bool = false) -> Reply {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        // A server that says nothing fails its test here, and does not keep a thread from all the others.
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return Reply(bytes: [], ending: .failed(errno)) }
        var rest = request[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A server that refuses a long body may close before it has read it all; its answer counts all the same.
            guard written > 0 else { break }
            rest = rest.dropFirst(written)
        }
        if endsAfterwards { shutdown(socket, Int32(SHUT_WR)) }
        return read(from: socket, leaveAfter)
    }

    private func read(from socket: Int32, _ leaveAfter: Int) -> Reply {
        var reply = Reply(bytes: [], ending: .left)
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while reply.bytes.count < leaveAfter {
            let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
            guard count > 0 else {
                reply.ending = count == 0 ? .closed : errno == ECONNRESET ? .reset : .failed(errno)
                break
            }
            reply.bytes += buffer.prefix(count)
        }
        return reply
    }
}
