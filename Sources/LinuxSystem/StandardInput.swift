import Glibc

/// What is handed to a program.
package enum StandardInput {
    /// Reads to the end of standard input.
    ///
    /// - Parameter bytesMax: How much is kept. One byte more is read to tell, and the rest is left.
    /// - Returns: What was read; nil when it is longer.
    /// - Throws: What the system said, but for interruptions.
    package static func read(bytesMax: Int) throws(SystemError) -> [UInt8]? {
        try InputFile.read(STDIN_FILENO, bytesMax: bytesMax)
    }
}

/// A file that is handed to a program by its path.
package enum InputFile {
    private static let chunkBytes = 64 << 10

    /// Reads a file to its end, as ``StandardInput/read(bytesMax:)`` does.
    package static func read(path: String, bytesMax: Int) throws(SystemError) -> [UInt8]? {
        let descriptor = Int32(try SystemCalls.checked("open") { open(path, O_RDONLY | O_CLOEXEC) })
        // Nothing was written, so there is no error of close to tell.
        defer { _ = close(descriptor) }
        return try read(descriptor, bytesMax: bytesMax)
    }

    fileprivate static func read(_ descriptor: Int32, bytesMax: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while bytes.count <= bytesMax {
            let wanted = min(chunkBytes, bytesMax + 1 - bytes.count)
            let count = chunk.withUnsafeMutableBytes { buffer in
                SystemCalls.retrying("read", { Glibc.read(descriptor, buffer.baseAddress, wanted) })
            }
            switch count {
            case .success(0): return bytes
            case .success(let count): bytes += chunk[..<count]
            case .failure(let error): throw error
            }
        }
        return nil
    }
}
