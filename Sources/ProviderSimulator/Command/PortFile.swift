import Glibc

/// A file with the port in it, there in full or not at all.
struct PortFile {
    struct WriteError: Error {
        var message: String
    }

    private let path: String

    /// Writes a temporary file beside `path` and moves it there.
    init(path: String, port: UInt16) throws(WriteError) {
        self.path = path
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
        let isWritten = writeAll(Array("\(port)\n".utf8), to: descriptor)
        let isClosed = close(descriptor) == 0
        guard isWritten, isClosed, rename(temporary, path) == 0 else {
            let error = Self.failure(path)
            unlink(temporary)
            throw error
        }
    }

    /// Takes the file away, so that nobody reads the port of a server that is gone.
    func remove() { unlink(path) }

    private static func failure(_ path: String) -> WriteError {
        WriteError(message: "cannot write the port file \(quoted(path)): \(String(cString: strerror(errno)))")
    }
}
