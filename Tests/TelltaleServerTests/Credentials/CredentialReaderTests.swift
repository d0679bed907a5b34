import FoundationEssentials
import Glibc
import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("The reader of credentials", .timeLimit(.minutes(1)))
struct CredentialReaderTests {
    private let sink = RecordingLogSink()

    private func reader(_ environment: [String: String] = [:]) -> CredentialReader {
        CredentialReader(environment: environment, logger: Logger(sink: sink) { UnixTime(seconds: 0) })
    }

    private func failure(_ reference: CredentialReference, _ environment: [String: String] = [:]) async throws
        -> ProviderFailure
    {
        try await #require(throws: ProviderFailure.self) { _ = try await reader(environment).secret(for: reference) }
    }

    @Test(
        "one final line break is not part of the secret, and nothing else is taken off",
        arguments: [
            ("token", "token"), ("token\n", "token"), ("token\r\n", "token"), (" to ken ", " to ken "),
            ("tökén\n", "tökén"),
        ])
    func file(content: String, secret: String) async throws {
        let file = try TemporaryFile(Array(content.utf8))
        #expect(try await reader().secret(for: .file(path: file.path)).reveal() == secret)
        #expect(sink.records.isEmpty)
    }

    @Test("a replaced file counts from the next read on")
    func rotation() async throws {
        let file = try TemporaryFile(Array("one\n".utf8))
        let reader = reader()
        #expect(try await reader.secret(for: .file(path: file.path)).reveal() == "one")
        try file.replace(Array("two\n".utf8))
        #expect(try await reader.secret(for: .file(path: file.path)).reveal() == "two")
    }

    @Test(
        "content that is no secret is refused without being told",
        arguments: [
            "", "\n", "\r\n", "canary\nsecond", "canary\n\n", "canary\r", "can\0ary", "canary\t", "canary\u{7f}",
        ])
    func badContent(content: String) async throws {
        let file = try TemporaryFile(Array(content.utf8))
        let reference = CredentialReference.file(path: file.path)
        let failure = try await failure(reference)
        #expect(failure.cause == .host && failure.code == .misconfigured && failure.disposition == .keepsLast)
        #expect(failure.hint.contains(file.path))
        #expect(!failure.hint.contains("canary"))
    }

    @Test("bytes that are no text are refused")
    func notText() async throws {
        let file = try TemporaryFile([0xFF, 0xFE, 0x41])
        #expect(try await failure(.file(path: file.path)).hint.contains("no text"))
    }

    @Test("a secret of 64 KiB is read and a longer one is refused")
    func length() async throws {
        let content = [UInt8](repeating: UInt8(ascii: "x"), count: CredentialReader.secretBytesMax)
        let longest = try TemporaryFile(content)
        #expect(try await reader().secret(for: .file(path: longest.path)).reveal().utf8.count == content.count)
        let tooLong = try TemporaryFile(content + [UInt8(ascii: "x")])
        #expect(try await failure(.file(path: tooLong.path)).hint.contains("longer than 64KiB"))
    }

    @Test("what is no regular file is refused at once, even a pipe that nobody writes to")
    func notRegular() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "telltale-\(UUID().uuidString)").path
        try #require(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        for path in [path, "/dev/zero", "/"] {
            #expect(try await failure(.file(path: path)).hint.contains("is not a regular file"))
        }
    }

    @Test("a missing file is named with the reason")
    func missing() async throws {
        let failure = try await failure(.file(path: "/nonexistent/token"))
        #expect(failure.hint.hasPrefix("The credential file:/nonexistent/token cannot be opened: No such file"))
        #expect(!failure.isRetryable)
    }

    @Test("a file that everybody may read is used, and warned of once")
    func readableByOthers() async throws {
        let file = try TemporaryFile(Array("token".utf8), permissions: 0o644)
        let reader = reader()
        for _ in 0..<3 { _ = try await reader.secret(for: .file(path: file.path)) }
        #expect(sink.records.map(\.level) == [.warning])
        #expect(sink.records[0].fields == [.text("path", file.path)])
    }

    @Test("a variable is read from the environment that was given")
    func environment() async throws {
        let reader = reader(["TOKEN": "abc", "EMPTY": "", "BAD": "a\nb"])
        #expect(try await reader.secret(for: .environment(name: "TOKEN")).reveal() == "abc")
        let hint = try await failure(.environment(name: "HOME")).hint
        #expect(hint.hasPrefix("The credential env:HOME is not set"))
        for name in ["EMPTY", "BAD"] {
            await #expect(throws: ProviderFailure.self, "\(name)") {
                try await reader.secret(for: .environment(name: name))
            }
        }
    }

    @Test("a systemd credential is read below its directory and never outside of it")
    func systemd() async throws {
        let file = try TemporaryFile(Array("abc\n".utf8))
        let url = URL(filePath: file.path)
        let environment = ["CREDENTIALS_DIRECTORY": url.deletingLastPathComponent().path]
        let reference = CredentialReference.systemd(name: url.lastPathComponent)
        #expect(try await reader(environment).secret(for: reference).reveal() == "abc")
        #expect(try await failure(reference).hint.contains("LoadCredential="))
        for name in ["../etc/hostname", "..", ".", ""] {
            let hint = try await failure(.systemd(name: name), environment).hint
            #expect(hint.contains("is no name of a systemd credential"), "\(name)")
        }
    }

    @Test("the version of a file changes when it is replaced or written to, and not by reading")
    func fileVersion() async throws {
        let file = try TemporaryFile(Array("one".utf8))
        let reference = CredentialReference.file(path: file.path)
        let reader = reader()
        let first = try #require(await reader.version(of: reference))
        _ = try await reader.secret(for: reference)
        #expect(await reader.version(of: reference) == first)
        try file.replace(Array("two".utf8))
        let second = try #require(await reader.version(of: reference))
        #expect(second != first)
        // In place, and to another length: the times alone are no finer than the kernel's tick.
        try Data("two!".utf8).write(to: URL(filePath: file.path))
        #expect(await reader.version(of: reference) != second)
    }

    @Test("the version of a variable is that of its value, in whichever process, and tells nothing of it")
    func variableVersion() async throws {
        let reference = CredentialReference.environment(name: "TOKEN")
        let version = try #require(await reader(["TOKEN": "canary-one"]).version(of: reference))
        #expect(await reader(["TOKEN": "canary-one", "OTHER": "x"]).version(of: reference) == version)
        #expect(await reader(["TOKEN": "canary-two"]).version(of: reference) != version)
        #expect(await reader([:]).version(of: reference) == nil)
        // printf %s canary-one | sha256sum
        #expect(version == CredentialVersion("environment:b67633a47ebabda7"))
    }

    @Test("the version of a symbolic link is that of what it leads to, as in secrets that are mounted")
    func linkVersion() async throws {
        let directory = try TemporaryDirectory()
        let (path, link) = (directory.path("token"), directory.path("link"))
        try Data("one".utf8).write(to: URL(filePath: path))
        try #require(symlink(path, link) == 0)
        let reader = reader()
        let version = await reader.version(of: .file(path: link))
        #expect(await reader.version(of: .file(path: path)) == version)
        try Data("two".utf8).write(to: URL(filePath: path), options: .atomic)
        #expect(await reader.version(of: .file(path: link)) != version)
    }

    @Test("what is missing has no version, and what never changes a constant one")
    func otherVersions() async throws {
        let file = try TemporaryFile(Array("abc".utf8))
        let url = URL(filePath: file.path)
        let reader = reader(["CREDENTIALS_DIRECTORY": url.deletingLastPathComponent().path, "TOKEN": "abc"])
        for missing in [
            CredentialReference.file(path: "/nonexistent/token"), .environment(name: "OTHER"),
            .systemd(name: "nonexistent"), .systemd(name: "../etc/hostname"), .oauth(name: "acme"),
        ] {
            #expect(await reader.version(of: missing) == nil, "\(missing)")
        }
        let environment = await reader.version(of: .environment(name: "TOKEN"))
        #expect(environment != nil)
        #expect(await reader.version(of: .environment(name: "TOKEN")) == environment)
        let systemd = await reader.version(of: .systemd(name: url.lastPathComponent))
        #expect(systemd != nil)
        #expect(await reader.version(of: .file(path: file.path)) == systemd)
    }
}
