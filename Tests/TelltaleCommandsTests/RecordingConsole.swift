import LinuxSystem
import Locks
import Synchronization
import TelltaleCommands

/// A console that remembers what was written.
final class RecordingConsole: Console {
    private struct Written {
        var output = ""
        var errors = ""
        var isReaderGone = false
        var waiters: [(words: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    let terminalSize: StandardStream.TerminalSize?
    private let failure: CommandFailure?
    private let input: [UInt8]
    private let files: [String: [UInt8]]
    private let written = Lock(Written())

    /// - Parameters:
    ///   - terminalSize: Nil for a pipe.
    ///   - failure: What every write meets.
    ///   - input: What stands on standard input.
    ///   - files: What stands in files, by their paths.
    init(
        terminalSize: StandardStream.TerminalSize? = nil, failure: CommandFailure? = nil, input: [UInt8] = [],
        files: [String: [UInt8]] = [:]
    ) {
        self.terminalSize = terminalSize
        self.failure = failure
        self.input = input
        self.files = files
    }

    var output: String { written.withLock { $0.output } }
    var errors: String { written.withLock { $0.errors } }

    func write(_ text: String) throws(CommandFailure) {
        if let failure { throw failure }
        let ready = written.withLock { written in
            written.output += text
            let output = written.output
            defer { written.waiters.removeAll { output.contains($0.words) } }
            return written.waiters.filter { output.contains($0.words) }.map(\.continuation)
        }
        for continuation in ready { continuation.resume() }
    }

    /// Nobody reads what was written from now on.
    func loseReader() { written.withLock { $0.isReaderGone = true } }

    var isReaderGone: Bool { written.withLock { $0.isReaderGone } }

    func readInput(bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        guard input.count <= bytesMax else { throw CommandFailure(.usage, "It is too long.") }
        return input
    }

    func readFile(at path: String, bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        guard let file = files[path] else { throw CommandFailure(.noInput, "There is no \(path).") }
        guard file.count <= bytesMax else { throw CommandFailure(.usage, "It is too long.") }
        return file
    }

    func writeError(_ text: String) { written.withLock { $0.errors += text } }

    /// Returns once the output holds the words.
    func waitForOutput(_ words: String) async {
        await withCheckedContinuation { continuation in
            let isThere = written.withLock { written in
                if written.output.contains(words) { return true }
                written.waiters.append((words, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
