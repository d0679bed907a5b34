import Glibc

/// What is handed to a program.
package enum StandardInput {
    private static let chunkBytes = 64 << 10

    /// Reads to the end of standard input.
    ///
    /// - Parameter bytesMax: How much is kept. One byte more is read to tell, and the rest is left.
    /// - Returns: What was read; nil when it is longer.
    /// - Throws: What the system said, but for interruptions.
    package static func read(bytesMax: Int) throws(SystemError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: chunkBytes)
        while bytes.count <= bytesMax {
            let wanted = min(chunkBytes, bytesMax + 1 - bytes.count)
            let count = chunk.withUnsafeMutableBytes { buffer in
                SystemCalls.retrying("read", { Glibc.read(STDIN_FILENO, buffer.baseAddress, wanted) })
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
