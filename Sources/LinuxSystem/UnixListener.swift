import CLinux
package import Glibc

/// Why a daemon could not have its socket.
package enum UnixListenerError: Error, Hashable, Sendable {
    /// Another daemon serves this path; it is left alone.
    case inUse(path: String)
    /// Something that is no socket stands at the path; it is left alone.
    case notASocket(path: String)
    case system(SystemError)
}

/// A listening Unix socket that never robs a live daemon of its path and takes over a stale one (SPEC §8).
///
/// Ownership is a lock on `PATH.lock`, held as long as the listener lives: the kernel drops it when the process dies, so of
/// any number of racing starts exactly one gets the path, and the file left by a killed daemon is free to be replaced.
package final class UnixListener: Sendable {
    /// Where it listens; empty for a socket that was passed in.
    package let path: String
    /// The listening descriptor, to be watched by a loop. It belongs to this object.
    package let descriptor: Int32
    private let lock: Int32
    private let inode: UInt64

    /// Connections that the kernel completes before they are accepted.
    package static let backlog: Int32 = 512

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - path: At most ``UnixSocket/pathBytesMax`` bytes; missing parent directories are made with mode 0750.
    ///   - mode: The socket file's permissions (0660).
    ///   - group: The group that owns the socket file; nil leaves it as it is.
    package init(path: String, mode: mode_t = 0o660, group: gid_t? = nil) throws(UnixListenerError) {
        let lock = try Self.takeLock(beside: path)
        try Self.removeStaleSocket(path)
        let socket = try Self.bind(path, mode: mode, group: group)
        let descriptor = socket.rawValue
        try Self.system("listen") { listen(descriptor, Self.backlog) }
        var status = stat()
        try Self.system("stat") { lstat(path, &status) }
        self.path = path
        inode = UInt64(status.st_ino)
        self.descriptor = socket.relinquish()
        self.lock = lock.relinquish()
    }

    /// Takes a socket that a service manager opened and listens on; its file is never unlinked.
    package init(inherited descriptor: Int32) {
        path = ""
        inode = 0
        lock = -1
        self.descriptor = descriptor
    }

    deinit {
        // Only our own file is removed: an operator may have replaced it meanwhile.
        var status = stat()
        if !path.isEmpty, lstat(path, &status) == 0, UInt64(status.st_ino) == inode { unlink(path) }
        close(descriptor)
        if lock >= 0 { close(lock) }
    }

    /// Accepts one connection; nil when none waits.
    package func accept() throws(SystemError) -> OwnedDescriptor? {
        switch SystemCalls.retrying("accept4", { telltale_accept(descriptor) }) {
        case .success(let connection): return OwnedDescriptor(owning: Int32(connection))
        case .failure(let error):
            // A connection that broke before it was accepted is nobody's error.
            if error.errno == EAGAIN || error.errno == ECONNABORTED { return nil }
            throw error
        }
    }

    private static func takeLock(beside path: String) throws(UnixListenerError) -> OwnedDescriptor {
        do throws(SystemError) { try UnixSocket.checkLength(path, function: "bind") } catch { throw .system(error) }
        try makeParentDirectory(of: path)
        let lock = OwnedDescriptor(
            owning: Int32(try system("open") { telltale_open_lock(path + ".lock", 0o600) }))
        let descriptor = lock.rawValue
        switch SystemCalls.retrying("flock", { flock(descriptor, LOCK_EX | LOCK_NB) }) {
        case .success: return lock
        case .failure(let error): throw error.errno == EWOULDBLOCK ? .inUse(path: path) : .system(error)
        }
    }

    private static func makeParentDirectory(of path: String) throws(UnixListenerError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let parent = String(path[..<slash])
        var status = stat()
        if stat(parent, &status) == 0 { return }
        try makeParentDirectory(of: parent)
        if mkdir(parent, 0o750) != 0, errno != EEXIST { throw .system(SystemError(function: "mkdir", errno: errno)) }
    }

    /// With the lock in hand, a socket file at the path is either stale or that of a daemon that knows no lock.
    private static func removeStaleSocket(_ path: String) throws(UnixListenerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        guard case .failure(let error) = Result(catching: { () throws(SystemError) in try UnixSocket.probe(path) })
        else {
            throw .inUse(path: path)
        }
        switch error.errno {
        case ECONNREFUSED, ENOENT: break
        case EAGAIN: throw .inUse(path: path)
        default: throw .system(error)
        }
        try system("unlink") { unlink(path) }
    }

    private static func bind(
        _ path: String, mode: mode_t, group: gid_t?
    ) throws(UnixListenerError) -> OwnedDescriptor {
        let socket = OwnedDescriptor(owning: Int32(try system("socket") { telltale_unix_stream_socket() }))
        let descriptor = socket.rawValue
        // The file must never exist with wider permissions than asked, not even for a moment.
        let previous = umask(0o777 & ~mode)
        defer { umask(previous) }
        try system("bind") { telltale_unix_bind(descriptor, path) }
        if let group { try system("chown") { chown(path, uid_t.max, group) } }
        try system("chmod") { chmod(path, mode) }
        return socket
    }

    @discardableResult
    private static func system<Count: BinaryInteger>(
        _ function: StaticString, _ body: () -> Count
    ) throws(UnixListenerError) -> Int {
        switch SystemCalls.retrying(function, body) {
        case .success(let value): return value
        case .failure(let error): throw .system(error)
        }
    }
}
