import Glibc
import StatusModel

/// Why a file gave no content.
package struct RegularFileError: Error, Hashable, Sendable {
    /// Goes after the file's name: `cannot be opened: Permission denied`.
    package var reason: String
    /// What to do, where the reason does not say it.
    package var advice: String?
}

/// The content of one file of the host, read whole and within a bound. Blocks for as long as the disk does.
package struct RegularFile: Sendable {
    package let bytes: [UInt8]
    /// Whether users other than the owner and the group may read it.
    package let isReadableByOthers: Bool
    /// Of the file as it was when reading it began.
    package let mark: FileMark

    /// Reads a regular file. A pipe or a device is refused unread, so that nothing waits for a writer.
    ///
    /// - Parameters:
    ///   - path: Its absolute path.
    ///   - bytesMax: The most bytes; a longer file is refused.
    ///   - followsLinks: Whether it, or the directory that it is in, may be a symbolic link. Those above always may.
    /// - Throws: ``RegularFileError``, in words that fit behind the file's name.
    package init(path: String, bytesMax: Int, followsLinks: Bool = true) throws(RegularFileError) {
        guard !path.utf8.contains(0) else { throw RegularFileError(reason: "has a NUL character in its path") }
        let descriptor = followsLinks ? open(path, Self.flags) : try Self.openUnlinked(path)
        guard descriptor >= 0 else { throw Self.failure("cannot be opened") }
        // Nothing was written, so there is no error of close to tell.
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure("cannot be examined") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw RegularFileError(reason: "is not a regular file") }
        isReadableByOthers = status.st_mode & S_IROTH != 0
        mark = FileMark(status)
        bytes = try Self.read(descriptor, bytesMax: bytesMax)
    }

    private static let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY

    /// `O_PATH` of asm-generic/fcntl.h, which the module Glibc leaves out: the directory need not be readable for that.
    private static let pathOnly: Int32 = 0o10000000

    /// Opens the very directory that was looked at, so that nobody puts a link in its place in between.
    private static func openUnlinked(_ path: String) throws(RegularFileError) -> Int32 {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            throw RegularFileError(reason: "is no absolute path")
        }
        let directory = open(slash == path.startIndex ? "/" : String(path[..<slash]), pathOnly | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else { throw failure("is in a directory that cannot be opened") }
        defer { _ = close(directory) }
        var status = stat()
        guard fstat(directory, &status) == 0 else { throw failure("is in a directory that cannot be examined") }
        guard status.st_mode & S_IFMT != S_IFLNK else {
            throw RegularFileError(
                reason: "is in a directory that is a symbolic link, which is not followed",
                advice: "name the directory that it leads to")
        }
        let descriptor = openat(directory, String(path[path.utf8.index(after: slash)...]), flags | O_NOFOLLOW)
        guard descriptor >= 0 || errno != ELOOP else {
            throw RegularFileError(
                reason: "is a symbolic link, which is not followed in that directory",
                advice: "put the file itself in its place")
        }
        return descriptor
    }

    private static func read(_ descriptor: Int32, bytesMax: Int) throws(RegularFileError) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(bytesMax + 1, 64 << 10))
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot be read") }
            if count == 0 { return content }
            content.append(contentsOf: chunk[..<count])
            guard content.count <= bytesMax else {
                throw RegularFileError(reason: "is longer than \(ByteCountText.render(bytesMax))")
            }
        }
    }

    private static func failure(_ what: String) -> RegularFileError {
        RegularFileError(reason: "\(what): \(String(cString: strerror(errno)))")
    }
}
