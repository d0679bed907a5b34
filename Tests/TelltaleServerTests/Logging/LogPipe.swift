import Glibc
import Testing

/// Both ends of a pipe, closed with it.
final class LogPipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Fills it with empty lines until it takes no more, and leaves it non-blocking.
    func fill() {
        _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK)
        let blank = [UInt8](repeating: UInt8(ascii: "\n"), count: 4_096)
        while write(writeEnd, blank, blank.count) > 0 {}
        while write(writeEnd, blank, 1) > 0 {}
    }

    /// Reads until `isEnough` of what came.
    func read(until isEnough: (String) -> Bool) -> String {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while !isEnough(String(decoding: content, as: UTF8.self)) {
            let count = Glibc.read(readEnd, &chunk, chunk.count)
            guard count > 0 else { break }
            content.append(contentsOf: chunk[..<count])
        }
        return String(decoding: content, as: UTF8.self)
    }
}
