import Glibc

/// The programs of the package. The build leaves them beside the bundle that these tests run from.
enum Program: String {
    case telltale, telltaled
    case simulator = "telltale-sim"

    var path: String { "\(Self.directory)/\(rawValue)" }

    /// The directory of the program that runs the tests, such as `.build/debug`.
    static let directory: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }()

    /// What a program inherits of the tests' own environment: what it needs to be found and loaded. Sockets, runtime
    /// directories and notification sockets of the person who runs the tests stay out.
    static let environment: [String: String] = {
        var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8"]
        for name in ["PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        return environment
    }()
}
