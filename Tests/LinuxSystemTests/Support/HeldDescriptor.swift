import Glibc
import LinuxSystem
import Synchronization

/// A descriptor that a test holds: a copyable face of ``OwnedDescriptor``, for the macros of the tests take no other.
final class HeldDescriptor: Sendable {
    let rawValue: Int32
    private let isClosed = Atomic<Bool>(false)

    init(_ descriptor: Int32) { rawValue = descriptor }

    convenience init(connectingTo path: String) throws(SystemError) {
        self.init(try UnixSocket.connect(to: path).relinquish())
    }

    deinit { close() }

    func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { Glibc.close(rawValue) }
    }

    static func pair() throws(SystemError) -> (HeldDescriptor, HeldDescriptor) {
        let (first, second) = try UnixSocket.pair()
        return (HeldDescriptor(first), HeldDescriptor(second))
    }

    func sendByte() { _ = write(rawValue, "x", 1) }

    /// Takes what there is, and forgets it.
    func drain() {
        var byte: UInt8 = 0
        while read(rawValue, &byte, 1) == 1 {}
    }

    /// Whether the other end was closed.
    var peerHasHungUp: Bool {
        var byte: UInt8 = 0
        return recv(rawValue, &byte, 1, Int32(MSG_DONTWAIT)) == 0
    }

    /// A socket of the Unix domain that is bound to a path; `@` in front names the abstract namespace.
    static func bound(to path: String, type: __socket_type) throws(SystemError) -> HeldDescriptor {
        let descriptor = HeldDescriptor(socket(AF_UNIX, Int32(type.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        if path.hasPrefix("@") { address.sun_path.0 = 0 }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count)
        let result = withUnsafeBytes(of: &address) {
            bind(descriptor.rawValue, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, length)
        }
        guard result == 0 else { throw SystemError(function: "bind", errno: errno) }
        return descriptor
    }
}

extension UnixListener {
    /// Accepts one connection, for the test to hold.
    func acceptHeld() throws(SystemError) -> HeldDescriptor? {
        guard let connection = try accept() else { return nil }
        return HeldDescriptor(connection.relinquish())
    }
}
