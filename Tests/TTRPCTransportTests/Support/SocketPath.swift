import Glibc

/// A path for the socket of one test, in a directory of its own that goes with it.
final class SocketPath: Sendable {
    private let directory: String

    init() {
        var template = Array("/tmp/telltale-XXXXXX".utf8CString)
        directory = template.withUnsafeMutableBufferPointer { buffer in
            guard let name = buffer.baseAddress.flatMap({ mkdtemp($0) }) else {
                preconditionFailure("Cannot make a temporary directory")
            }
            return String(cString: name)
        }
    }

    deinit {
        unlink(path)
        unlink(path + ".lock")
        rmdir(directory)
    }

    var path: String { directory + "/socket" }
}
