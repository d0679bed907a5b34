import Glibc

/// The `openssl` program as a certificate authority and as a server, where it is installed.
package enum OpenSSL {
    static let path = "/usr/bin/openssl"
    package static let isInstalled = access(path, X_OK) == 0

    package struct Failure: Error {
        package var arguments: [String]
        package var output: String
    }

    /// Starts the program; its output is read from the returned descriptor.
    static func start(_ arguments: [String]) throws -> (process: pid_t, output: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(arguments: arguments, output: "no pipe") }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var words = (["openssl"] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        guard posix_spawn(&process, path, &actions, nil, &words, environ) == 0 else {
            close(ends[0])
            throw Failure(arguments: arguments, output: "no process")
        }
        return (process, ends[0])
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String]) throws {
        let (process, output) = try start(arguments)
        defer { close(output) }
        let text = read(output) { _ in false }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        guard status == 0 else { throw Failure(arguments: arguments, output: text) }
    }

    /// Reads until the end, or until the text has what is wanted.
    static func read(_ descriptor: Int32, until isEnough: (String) -> Bool) -> String {
        var text = ""
        var part = [UInt8](repeating: 0, count: 4096)
        while !isEnough(text) {
            let count = Glibc.read(descriptor, &part, part.count)
            guard count > 0 else { break }
            text += String(decoding: part[0..<count], as: UTF8.self)
        }
        return text
    }
}

/// A private certificate authority in a folder of its own.
package final class TestAuthority {
    package let folder: String
    /// The file to trust.
    package var certificateFile: String { "\(folder)/authority.pem" }

    package init() throws {
        var template = Array("/tmp/telltale-tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw OpenSSL.Failure(arguments: [], output: "no folder") }
        folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        try makeSelfSigned("authority", subject: "/CN=Telltale test authority", host: "DNS:authority.invalid")
    }

    deinit {
        for name in ["authority", "leaf", "self"] {
            for suffix in ["key", "csr", "pem", "srl"] { unlink("\(folder)/\(name).\(suffix)") }
        }
        rmdir(folder)
    }

    /// A certificate that vouches for itself; the host is written like `IP:127.0.0.1`.
    package func makeSelfSigned(_ name: String, subject: String, host: String) throws {
        try OpenSSL.run(
            ["req", "-x509", "-days", "2", "-subj", subject, "-addext", "subjectAltName=\(host)"] + key(name)
                + ["-out", "\(folder)/\(name).pem"])
    }

    /// A certificate that the authority vouches for, good for so many days.
    package func makeLeaf(host: String, days: Int) throws {
        try OpenSSL.run(
            ["req", "-subj", "/CN=leaf", "-addext", "subjectAltName=\(host)"] + key("leaf")
                + ["-out", "\(folder)/leaf.csr"])
        try OpenSSL.run([
            "x509", "-req", "-in", "\(folder)/leaf.csr", "-CA", certificateFile, "-CAkey", "\(folder)/authority.key",
            "-CAcreateserial", "-days", "\(days)", "-copy_extensions", "copy", "-out", "\(folder)/leaf.pem",
        ])
    }

    private func key(_ name: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "\(folder)/\(name).key"]
    }
}

/// `openssl s_server` on a free port, until it is let go.
package final class TLSTestServer {
    package let port: Int
    private let process: pid_t
    private let output: Int32

    package init(_ authority: TestAuthority, certificate: String, options: [String] = []) throws {
        let arguments =
            [
                "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", "\(authority.folder)/\(certificate).pem", "-key",
                "\(authority.folder)/\(certificate).key",
            ] + options
        (process, output) = try OpenSSL.start(arguments)
        let text = OpenSSL.read(output) { $0.split(separator: "ACCEPT ").count > 1 && $0.hasSuffix("\n") }
        let address = text.split(separator: "ACCEPT ").last?.prefix { $0 != "\n" }
        guard let port = address?.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw OpenSSL.Failure(arguments: arguments, output: text)
        }
        self.port = port
    }

    deinit {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        close(output)
    }
}
