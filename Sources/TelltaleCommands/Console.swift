import Glibc
package import LinuxSystem

/// Where a command writes.
package protocol Console: Sendable {
    /// The size of the terminal that shows the output; nil when none does.
    var terminalSize: StandardStream.TerminalSize? { get }
    /// Whether nobody can read standard output any more.
    var isReaderGone: Bool { get }
    /// Writes to standard output.
    func write(_ text: String) throws(CommandFailure)
    /// All of standard input, at most `bytesMax`; more than that is refused.
    func readInput(bytesMax: Int) throws(CommandFailure) -> [UInt8]
    /// All of a file, at most `bytesMax`; more than that is refused.
    func readFile(at path: String, bytesMax: Int) throws(CommandFailure) -> [UInt8]
    /// Writes to standard error. What cannot be written there cannot be told anywhere.
    func writeError(_ text: String)
}

/// The streams of this process.
package struct StandardConsole: Console {
    package init() {}

    package var terminalSize: StandardStream.TerminalSize? { StandardStream.output.terminalSize }

    package var isReaderGone: Bool { StandardStream.output.isReaderGone }

    package func write(_ text: String) throws(CommandFailure) {
        let written = Array(text.utf8).withUnsafeBytes { bytes in
            Result { () throws(SystemError) in try StandardStream.output.write(bytes) }
        }
        do throws(SystemError) {
            try written.get()
        } catch {
            throw CommandFailure(output: error, isBrokenPipe: error.errno == EPIPE)
        }
    }

    package func readInput(bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try StandardInput.read(bytesMax: bytesMax)
        } catch {
            throw CommandFailure(.inputOutput, "Cannot read standard input: \(error).")
        }
        guard let bytes else {
            throw CommandFailure(.usage, "Standard input is longer than \(bytesMax) bytes.")
        }
        return bytes
    }

    package func readFile(at path: String, bytesMax: Int) throws(CommandFailure) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try InputFile.read(path: path, bytesMax: bytesMax)
        } catch {
            throw CommandFailure(.noInput, "Cannot read \(path): \(error).")
        }
        guard let bytes else { throw CommandFailure(.usage, "\(path) is longer than \(bytesMax) bytes.") }
        return bytes
    }

    package func writeError(_ text: String) { StandardStream.error.write(text) }
}
