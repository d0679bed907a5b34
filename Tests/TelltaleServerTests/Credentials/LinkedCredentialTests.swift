import Glibc
import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("Symbolic links to secrets", .timeLimit(.minutes(1)))
struct LinkedCredentialTests {
    private let home: TemporaryDirectory
    private let tokens: String

    init() throws {
        home = try TemporaryDirectory()
        tokens = home.path("tokens")
        try #require(mkdir(tokens, 0o700) == 0)
        for path in [home.path("other"), "\(tokens)/own"] {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            try #require(write(descriptor, "canary", 6) == 6)
            close(descriptor)
        }
    }

    @Test("of a directory that payloads may name the files are read, and no link in it")
    func linkedFile() async throws {
        let link = "\(tokens)/link"
        for target in [home.path("other"), "\(tokens)/own", "/nonexistent"] {
            unlink(link)
            try #require(symlink(target, link) == 0)
            #expect(
                await hint(of: link, trusting: tokens)
                    == "The credential file:\(link) is a symbolic link, which is not followed in that directory; "
                    + "put the file itself in its place.")
        }
        #expect(await hint(of: "\(tokens)/own", trusting: tokens) == nil)
        #expect(await hint(of: "\(tokens)/none", trusting: tokens)?.contains("No such file") == true)
    }

    @Test("a link in the place of such a directory is not followed either")
    func linkedDirectory() async throws {
        let alias = home.path("alias")
        try #require(symlink(tokens, alias) == 0)
        #expect(
            await hint(of: "\(alias)/own", trusting: alias)
                == "The credential file:\(alias)/own is in a directory that is a symbolic link, which is not followed; "
                + "name the directory that it leads to.")
        // One above it is the operator's own.
        let above = home.path("above")
        try #require(symlink(home.path, above) == 0)
        #expect(await hint(of: "\(above)/tokens/own", trusting: "\(above)/tokens") == nil)
    }

    @Test("a link that the configuration alone may name is followed, for so secrets are rotated")
    func elsewhere() async throws {
        let link = home.path("link")
        try #require(symlink(home.path("other"), link) == 0)
        #expect(await hint(of: link, trusting: tokens) == nil)
        #expect(await hint(of: link, trusting: nil) == nil)
    }

    /// Why the file cannot be read; nil where it can.
    private func hint(of path: String, trusting directory: String?) async -> String? {
        let reader = CredentialReader(
            environment: [:], logger: Logger(sink: RecordingLogSink()) { UnixTime(seconds: 0) },
            directories: directory.map { [.directory(path: $0)] } ?? [])
        do throws(ProviderFailure) {
            _ = try await reader.secret(for: .file(path: path))
            return nil
        } catch {
            #expect(!error.hint.contains("canary"))
            return error.hint
        }
    }
}
