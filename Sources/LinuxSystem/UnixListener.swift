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
    private let file: FileIdentity?

    /// Which file stands at the path, as long as it exists.
    private struct FileIdentity: Equatable {
        let device: UInt64
        let inode: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// Connections that the kernel completes before they are accepted.
    package static let backlog: Int32 = 512

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - path: At most ``UnixSocket/pathBytesMax`` bytes; missing parent directories are made with mode 0750.
    ///   - mode: The socket file's permissions (0660).
    ///   - group: The group that owns the socket file; nil leaves it as it is.
    /// - Throws: who or what stands in the way; nothing is left behind but the lock file, which nobody holds.
    package init(path: String, mode: mode_t = 0o660, group: gid_t? = nil) throws(UnixListenerError) {
        let lock = try Self.takeLock(beside: path)
        try Self.removeStaleSocket(path)
        let socket = OwnedDescriptor(owning: Int32(try Self.system("socket") { telltale_unix_stream_socket() }))
        let descriptor = socket.rawValue
        try Self.system("bind") { telltale_unix_bind(descriptor, path) }
        do throws(UnixListenerError) {
            file = try Self.open(descriptor, at: path, mode: mode, group: group)
        } catch {
            // The file is ours and of no use.
            unlink(path)
            throw error
        }
        self.path = path
        self.descriptor = socket.relinquish()
        self.lock = lock.relinquish()
    }

    /// Takes a socket that a service manager opened and listens on; its file is never unlinked.
    package init(inherited descriptor: Int32) {
        path = ""
        file = nil
        lock = -1
        self.descriptor = descriptor
    }

    deinit {
        // Only our own file is removed: an operator may have replaced it meanwhile.
        var status = stat()
        if let file, lstat(path, &status) == 0, FileIdentity(status) == file { unlink(path) }
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
        switch SystemCalls.retrying("mkdir", { mkdir(parent, 0o750) }) {
        case .success: return
        case .failure(let error): if error.errno != EEXIST { throw .system(error) }
        }
    }

    /// With the lock in hand, a socket file at the path is either stale or that of a daemon that knows no lock.
    private static func removeStaleSocket(_ path: String) throws(UnixListenerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        guard try !isServed(path) else { throw .inUse(path: path) }
        try system("unlink") { unlink(path) }
    }

    private static func isServed(_ path: String) throws(UnixListenerError) -> Bool {
        do throws(SystemError) {
            _ = try UnixSocket.connect(to: path)
            return true
        } catch {
            switch error.errno {
            case ECONNREFUSED: return false
            // Its backlog is full.
            case EAGAIN: return true
            default: throw .system(error)
            }
        }
    }

    /// Sets the file's owner and permissions, and only then listens: until it does, every connect is refused, so it does
    /// not matter with which permissions `bind` made the file.
    private static func open(
        _ descriptor: Int32, at path: String, mode: mode_t, group: gid_t?
    ) throws(UnixListenerError) -> FileIdentity {
        if let group { try system("chown") { chown(path, uid_t.max, group) } }
        try system("chmod") { chmod(path, mode) }
        var status = stat()
        try system("lstat") { lstat(path, &status) }
        try system("listen") { listen(descriptor, backlog) }
        return FileIdentity(status)
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
