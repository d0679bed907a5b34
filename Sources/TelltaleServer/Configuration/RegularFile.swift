import Glibc
import StatusModel

/// Why a file gave no content.
package struct RegularFileError: Error, Hashable, Sendable {
    /// Goes after the file's name: `cannot be opened: Permission denied`.
    package var reason: String
}

/// The content of one file of the host, read whole and within a bound. Blocks for as long as the disk does.
package struct RegularFile: Sendable {
    package let bytes: [UInt8]
    /// Whether users other than the owner and the group may read it.
    package let isReadableByOthers: Bool
    /// Of the file as it was when reading it began.
    package let mark: FileMark

    /// Reads a regular file. A pipe or a device is refused unread, so that nothing waits for a writer.
    package init(path: String, bytesMax: Int) throws(RegularFileError) {
        guard !path.utf8.contains(0) else { throw RegularFileError(reason: "has a NUL character in its path") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
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
