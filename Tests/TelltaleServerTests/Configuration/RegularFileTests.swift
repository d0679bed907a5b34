import FoundationEssentials
import Glibc
import TelltaleServer
import Testing

@Suite("A file of the host", .timeLimit(.minutes(1)))
struct RegularFileTests {
    @Test("content of any length within the bound is read whole", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func lengths(count: Int) throws {
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let file = try TemporaryFile(content)
        #expect(try RegularFile(path: file.path, bytesMax: count).bytes == content)
        #expect(try RegularFile(path: file.path, bytesMax: 1 << 20).bytes == content)
        guard count > 0 else { return }
        #expect(throws: RegularFileError.self) { try RegularFile(path: file.path, bytesMax: count - 1) }
    }

    @Test(
        "permissions tell whether others may read it",
        arguments: [(0o600, false), (0o640, false), (0o604, true), (0o644, true)])
    func permissions(mode: Int, isReadable: Bool) throws {
        let file = try TemporaryFile([1], permissions: mode)
        #expect(try RegularFile(path: file.path, bytesMax: 1).isReadableByOthers == isReadable)
    }

    @Test("a link is followed to its file")
    func link() throws {
        let file = try TemporaryFile([1, 2])
        let path = file.path + "-link"
        try #require(symlink(file.path, path) == 0)
        defer { unlink(path) }
        #expect(try RegularFile(path: path, bytesMax: 2).bytes == [1, 2])
    }

    @Test(
        "what is no regular file is refused without waiting for it",
        arguments: [
            ("/", "is not a regular file"), ("/dev/zero", "is not a regular file"), ("/a\0b", "NUL"),
            ("", "cannot be opened: No such file or directory"), ("/nonexistent", "cannot be opened"),
        ])
    func refused(path: String, reason: String) throws {
        let error = try #require(throws: RegularFileError.self) { try RegularFile(path: path, bytesMax: 10) }
        #expect(error.reason.contains(reason))
    }

    @Test("reading leaves no descriptor open")
    func descriptors() throws {
        let file = try TemporaryFile([1])
        for _ in 0..<3_000 {
            _ = try RegularFile(path: file.path, bytesMax: 1)
            #expect(throws: RegularFileError.self) { try RegularFile(path: "/", bytesMax: 1) }
        }
    }
}
