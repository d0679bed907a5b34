import Glibc
import LinuxSystem
import TestSupport

/// A bare connection to a daemon's socket: what goes out and comes back is bytes, whatever the client library thinks.
final class RawConnection: Sendable {
    /// A server that says nothing more fails its test after this.
    private static let patienceMilliseconds: Int32 = 20_000

    private let descriptor: Int32

    init(_ path: String) throws { descriptor = try UnixSocket.connect(to: path).relinquish() }

    deinit { close(descriptor) }

    /// Sends the bytes; false when the other side has closed. Only for what a socket's buffer holds.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// What comes until the server closes; nil when it does not.
    func bytesUntilClosed() async -> [UInt8]? {
        await onItsOwnThread { [self] in
            var received: [UInt8] = []
            while let part = receive() {
                if part.isEmpty { return received }
                received += part
            }
            return nil
        }
    }

    /// The data of the next frame; nil when none comes.
    func nextFrame() async -> [UInt8]? {
        await onItsOwnThread { [self] in
            var received: [UInt8] = []
            while true {
                if received.count >= 10 {
                    let count = received[..<4].reduce(0) { $0 << 8 | Int($1) }
                    if received.count >= 10 + count { return Array(received[10..<10 + count]) }
                }
                guard let part = receive(), !part.isEmpty else { return nil }
                received += part
            }
        }
    }

    /// All that comes, until it is enough; nil when no more comes before.
    func bytes(until isEnough: @escaping @Sendable ([UInt8]) -> Bool) async -> [UInt8]? {
        await onItsOwnThread { [self] in
            var received: [UInt8] = []
            while !isEnough(received) {
                guard let part = receive(), !part.isEmpty else { return nil }
                received += part
            }
            return received
        }
    }

    /// Empty at the end of the stream; nil when nothing comes in time.
    private func receive() -> [UInt8]? {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, Self.patienceMilliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        // A reset is an end like any other.
        return count > 0 ? Array(buffer[..<count]) : []
    }
}

/// Frames of the ttrpc protocol, written by hand after its PROTOCOL.md rather than by the code under test.
enum RawFrame {
    /// A request frame: its header, and a `ttrpc.Request` in protobuf. The first field of its message is the project,
    /// which it is in every method used here.
    static func request(
        _ method: String, project: String, metadata: [(String, String)] = [], flags: UInt8 = 0
    ) -> [UInt8] {
        var data = field(1, Array("telltale.v1.StatusService".utf8)) + field(2, Array(method.utf8))
        data += field(3, field(1, Array(project.utf8)))
        for (key, value) in metadata { data += field(5, field(1, Array(key.utf8)) + field(2, Array(value.utf8))) }
        return header(dataByteCount: UInt32(data.count), type: 1, flags: flags) + data
    }

    /// Ten bytes: data length and stream id big-endian, then type and flags.
    static func header(dataByteCount: UInt32, streamID: UInt32 = 1, type: UInt8, flags: UInt8 = 0) -> [UInt8] {
        [dataByteCount, streamID].flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
            + [type, flags]
    }

    /// A length-delimited field of less than 128 bytes.
    private static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 128)
        return [number << 3 | 2, UInt8(bytes.count)] + bytes
    }
}
