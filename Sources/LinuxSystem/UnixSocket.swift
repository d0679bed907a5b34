import CLinux
import Glibc

/// Who is at the other end, as the kernel recorded it at connect (SO_PEERCRED).
package struct PeerCredentials: Hashable, Sendable {
    package var pid: Int32
    package var uid: UInt32
    package var gid: UInt32
    /// Its further groups, where somebody has asked for them (``withGroups(of:)``).
    package private(set) var groups: [UInt32] = []

    package init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }

    /// This process itself, as its peers see it.
    package static var own: Self { Self(pid: getpid(), uid: getuid(), gid: getgid()) }

    /// Reads the credentials of a connected Unix socket.
    package init(of socket: Int32) throws(SystemError) {
        var peer = telltale_peer()
        try SystemCalls.checked("getsockopt") { telltale_peer_credentials(socket, &peer) }
        self.init(pid: peer.pid, uid: peer.uid, gid: peer.gid)
    }
}

extension PeerCredentials {
    /// The most further groups of a peer that are looked at: Linux has no more of them (NGROUPS_MAX).
    private static let groupsMax = 65_536

    /// The same, with the further groups of the process at the other end of the socket, as they were at connect.
    package func withGroups(of socket: Int32) -> Self {
        var credentials = self
        credentials.groups = Self.groups(of: socket)
        return credentials
    }

    /// None where the kernel does not tell.
    private static func groups(of socket: Int32) -> [UInt32] {
        // Most peers have a handful.
        for capacity in [64, groupsMax] {
            let groups = [UInt32](unsafeUninitializedCapacity: capacity) { buffer, count in
                count = Int(max(0, telltale_peer_groups(socket, buffer.baseAddress, Int32(capacity))))
            }
            if !groups.isEmpty || errno != ERANGE { return groups }
        }
        return []
    }
}

/// Stream sockets of the Unix domain, non-blocking and closed on exec.
package enum UnixSocket {
    /// The longest path that `sockaddr_un` holds, without its terminating zero.
    package static let pathBytesMax = 107

    /// Connects to a listening socket. On a Unix socket this either succeeds or fails at once; `EAGAIN` means that the
    /// listener's backlog is full.
    package static func connect(to path: String) throws(SystemError) -> OwnedDescriptor {
        try checkLength(path, function: "connect")
        let socket = OwnedDescriptor(
            owning: Int32(try SystemCalls.checked("socket") { telltale_unix_stream_socket() }))
        let descriptor = socket.rawValue
        try SystemCalls.checked("connect") { telltale_unix_connect(descriptor, path) }
        return socket
    }

    /// Two sockets connected to each other: a server and a client within one process. Both belong to the caller.
    package static func pair() throws(SystemError) -> (Int32, Int32) {
        var pair: (Int32, Int32) = (-1, -1)
        try SystemCalls.checked("socketpair") {
            withUnsafeMutableBytes(of: &pair) {
                telltale_unix_stream_pair($0.baseAddress?.assumingMemoryBound(to: Int32.self))
            }
        }
        return pair
    }

    /// Enlarges the buffer of what is sent until it has room for so many bytes, as the kernel counts them, beside those that
    /// wait in it. False when the system grants less (`net.core.wmem_max`).
    package static func makeRoom(in socket: Int32, for byteCount: Int) -> Bool {
        telltale_make_room(socket, byteCount) >= byteCount
    }

    static func checkLength(_ path: String, function: String) throws(SystemError) {
        guard !path.isEmpty, path.utf8.count <= pathBytesMax, !path.utf8.contains(0) else {
            throw SystemError(function: function, errno: ENAMETOOLONG)
        }
    }
}
