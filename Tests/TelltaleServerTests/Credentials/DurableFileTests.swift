import FoundationEssentials
import Glibc
import LinuxSystem
import TelltaleServer
import Testing

@Suite("A file that is replaced", .timeLimit(.minutes(1)))
struct DurableFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { directory.path("token.json") }
    private var temporary: String { path + DurableFile.temporarySuffix }

    private func content(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func replace(_ text: String) throws { try DurableFile.replace(path, with: Array(text.utf8)) }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : 0
    }

    @Test("is readable by its owner alone, whatever it was before")
    func permissions() throws {
        try replace("one")
        #expect(content(path) == "one" && mode(path) & 0o777 == 0o600)
        chmod(path, 0o644)
        try replace("two")
        #expect(content(path) == "two" && mode(path) & 0o777 == 0o600)
        #expect(mode(temporary) == 0)
    }

    @Test("is another file, so that whoever has the old one open reads the old content")
    func anotherFile() throws {
        try replace("one")
        let before = try FileMark(path: path)
        try replace("two")
        #expect(try FileMark(path: path) != before)
    }

    @Test("holds the old content or the new whichever call fails, and the next attempt succeeds")
    func faults() async {
        await #expect(processExitsWith: .success) {
            let directory = try TemporaryDirectory()
            let path = directory.path("token.json")
            let content = { FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } }
            for (errno, calls) in [(EIO, 6), (ENOSPC, 6)] {
                var call = 0
                while true {
                    try DurableFile.replace(path, with: Array("old".utf8))
                    var hasFailed = false
                    let wasReached = FaultPlan.failing(call: call, errno: errno) {
                        do { try DurableFile.replace(path, with: Array("new".utf8)) } catch { hasFailed = true }
                    }.reached
                    precondition(hasFailed == wasReached, "call \(call) failed in silence")
                    // The last two calls come after the rename.
                    precondition(content() == (call < 4 ? "old" : "new"), "call \(call) left \(content() ?? "nothing")")
                    precondition(access(path + DurableFile.temporarySuffix, F_OK) != 0, "call \(call) left its file")
                    try DurableFile.replace(path, with: Array("newer".utf8))
                    precondition(content() == "newer")
                    if !wasReached { break }
                    call += 1
                }
                precondition(call == calls, "\(call) calls were made to fail")
            }
        }
    }

    @Test("does not lead the new content through a symbolic link at the temporary path")
    func temporaryLink() throws {
        let victim = directory.path("victim")
        try Data("untouched".utf8).write(to: URL(filePath: victim))
        try #require(symlink(victim, temporary) == 0)
        try replace("secret")
        #expect(content(victim) == "untouched" && content(path) == "secret")
        #expect(mode(path) & S_IFMT == S_IFREG)
    }

    @Test("is left alone while something that cannot be removed stands at the temporary path")
    func blocked() throws {
        try replace("old")
        try #require(mkdir(temporary, 0o700) == 0)
        #expect(throws: SystemError(function: "open", errno: EEXIST)) { try replace("new") }
        #expect(content(path) == "old")
    }

    @Test("stays where a symbolic link leads to")
    func link() throws {
        let target = directory.path("target")
        try Data("old".utf8).write(to: URL(filePath: target))
        try #require(symlink(target, path) == 0)
        try replace("new")
        #expect(content(target) == "new" && mode(path) & S_IFMT == S_IFLNK)
    }
}
