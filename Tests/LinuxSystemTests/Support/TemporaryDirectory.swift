import Glibc

/// A directory of one test, short enough for a socket's path, removed at its end with everything in it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/telltale-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            guard let name = buffer.baseAddress.flatMap({ mkdtemp($0) }) else {
                preconditionFailure("Cannot make a temporary directory")
            }
            return String(cString: name)
        }
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        if let directory = opendir(path) {
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != ".", name != ".." { remove(path + "/" + name) }
            }
        }
        rmdir(path)
    }

    subscript(name: String) -> String { path + "/" + name }
}

/// What stands at a path; nil when nothing does.
struct FileStatus: Equatable {
    var kind: mode_t
    var permissions: mode_t
    var inode: UInt64

    init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        kind = status.st_mode & S_IFMT
        permissions = status.st_mode & 0o7777
        inode = UInt64(status.st_ino)
    }
}

/// How many descriptors this process has open. Only of use in a process that does nothing else meanwhile.
///
/// - Parameter excluded: What not to count, by what `/proc/self/fd` says of it. The Swift runtime opens descriptors
///   without a name of its own accord (epoll, eventfd), so a test of named things leaves these out.
/// - Returns: the count, without the descriptor that reads it; -1 when `/proc` cannot be read.
func openDescriptorCount(excluding excluded: (String) -> Bool = { _ in false }) -> Int {
    guard let directory = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(directory) }
    var targets: [String] = []
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var target = [UInt8](repeating: 0, count: 256)
        let length = readlink("/proc/self/fd/\(name)", &target, target.count)
        if length > 0 { targets.append(String(decoding: target[..<length], as: UTF8.self)) }
    }
    return targets.count { !excluded($0) }
}
