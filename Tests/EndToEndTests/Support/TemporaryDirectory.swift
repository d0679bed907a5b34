import FoundationEssentials
import Glibc
import LinuxSystem

/// A directory of one test, with a path short enough for sockets; it goes with the test.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/telltale-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(function: "mkdtemp", errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // What cannot be removed is left to whoever cleans /tmp.
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file that only its owner reads, and gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let path = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: path))
        guard chmod(path, 0o600) == 0 else { throw SystemError(function: "chmod", errno: errno) }
        return path
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(path)/\(name)")), as: UTF8.self)
    }
}
