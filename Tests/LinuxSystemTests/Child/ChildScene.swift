import Glibc
import LinuxSystem

/// Runs shell scripts, and looks at what they leave behind.
struct ChildScene {
    static let minute = Duration.seconds(60)

    let runner: ChildRunner

    init(childrenMax: Int = ChildRunner.childrenMax, written: Int = 16 << 20, grace: Duration = .seconds(2)) {
        var limits = ChildLimits()
        limits.writtenBytesMax = written
        limits.grace = grace
        runner = ChildRunner(childrenMax: childrenMax, limits: limits)
    }

    func shell(
        _ script: String, _ arguments: [String] = [], input: String = "", environment: [String: String] = [:],
        timeLimit: Duration = Self.minute
    ) async throws(ChildFailure) -> ChildOutcome {
        try await runner.run(
            ChildCommand(
                path: "/bin/sh", arguments: ["-c", script, "sh"] + arguments, environment: environment,
                input: Array(input.utf8), timeLimit: timeLimit))
    }

    /// Whether a process runs; a zombie does not.
    static func isAlive(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0, let file = fopen("/proc/\(process)/stat", "r") else { return false }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let text = String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
        return text.split(separator: ")").last?.split(separator: " ").first != "Z"
    }
}

extension ChildOutcome {
    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
}

extension ChildScene {
    /// Whether this process has no child, not even a dead one.
    static func hasNoChild() -> Bool {
        var info = siginfo_t()
        return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD
    }
}
