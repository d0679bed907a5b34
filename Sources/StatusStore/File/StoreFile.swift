import Glibc
import LinuxSystem

/// What stands in the way of a file.
enum StoreFileError: Error {
    case system(SystemError)
    /// What is at the path is no regular file; the words say what it is.
    case notAFile(String)
    /// Another process holds the lock.
    case inUse
}

/// The store's file as the file system has it: made privately, and never through a symbolic link.
struct StoreFile {
    let path: StorePath

    /// Finds the file's directory, and makes it with mode 0700 where it is missing.
    init(_ name: String) throws(StoreFileError) {
        let slash = name.lastIndex(of: "/")
        let parent = slash.map { String(name[...$0]) } ?? "./"
        try Self.makeDirectory(parent)
        guard let resolved = realpath(parent, nil) else {
            throw .system(SystemError(function: "realpath", errno: errno))
        }
        defer { free(resolved) }
        let directory = String(cString: resolved)
        let last = slash.map { String(name[name.index(after: $0)...]) } ?? name
        path = StorePath(file: directory == "/" ? "/\(last)" : "\(directory)/\(last)")
    }

    /// Takes the lock that tells one daemon's file from another's. The kernel gives it back when the process ends.
    func takeLock() throws(StoreFileError) -> OwnedDescriptor {
        let name = path.lock
        let lock = OwnedDescriptor(
            owning: Int32(
                try Self.system("open") { open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600)) }))
        let descriptor = lock.rawValue
        switch SystemCalls.retrying("flock", { flock(descriptor, LOCK_EX | LOCK_NB) }) {
        case .success: return lock
        case .failure(let error): throw error.errno == EWOULDBLOCK ? .inUse : .system(error)
        }
    }

    /// Makes an empty file for its owner alone, unless one is there that may be read and written.
    func prepare() throws(StoreFileError) {
        let name = path.file
        if try identity() == nil {
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let made = OwnedDescriptor(
                owning: Int32(try Self.system("open") { open(name, flags, mode_t(0o600)) }))
            _ = consume made
        }
        try Self.system("access") { access(name, R_OK | W_OK) }
    }

    /// Which file stands at the path; nil for none.
    func identity() throws(StoreFileError) -> FileIdentity? {
        var status = stat()
        guard lstat(path.file, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .system(SystemError(function: "lstat", errno: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(Self.kind(status.st_mode)) }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// How many bytes the file and its log take.
    var bytes: UInt64 { Self.bytes(path.file) + Self.bytes(path.log) }

    /// Makes renames durable.
    func synchronizeDirectory() throws(StoreFileError) {
        let name = path.directory
        let directory = OwnedDescriptor(
            owning: Int32(try Self.system("open") { open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }))
        let descriptor = directory.rawValue
        try Self.system("fsync") { fsync(descriptor) }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    @discardableResult
    static func system<Count: BinaryInteger>(
        _ function: StaticString, _ body: () -> Count
    ) throws(StoreFileError) -> Int {
        switch SystemCalls.retrying(function, body) {
        case .success(let value): return value
        case .failure(let error): throw .system(error)
        }
    }

    private static func bytes(_ path: String) -> UInt64 {
        var status = stat()
        return lstat(path, &status) == 0 ? UInt64(clamping: status.st_size) : 0
    }

    private static func makeDirectory(_ path: String) throws(StoreFileError) {
        let name = path.last == "/" ? String(path.dropLast()) : path
        var status = stat()
        guard !name.isEmpty, stat(name, &status) != 0 else { return }
        if let slash = name.lastIndex(of: "/") { try makeDirectory(String(name[..<slash])) }
        switch SystemCalls.retrying("mkdir", { mkdir(name, 0o700) }) {
        case .success: return
        case .failure(let error): if error.errno != EEXIST { throw .system(error) }
        }
    }

    private static func kind(_ mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFLNK: "a symbolic link"
        case S_IFDIR: "a directory"
        case S_IFSOCK: "a socket"
        case S_IFIFO: "a pipe"
        default: "a device"
        }
    }
}

/// Which file stands at a path, as long as it exists.
struct FileIdentity: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
}
