import Locks
import Signatures
package import StatusCore
import StatusModel
import Synchronization

/// Reads secrets where their references say. A secret is read for each use, so a rotated one counts from the next read
/// on, and none is kept.
package final class CredentialReader: CredentialSource {
    /// The longest secret, in bytes.
    package static let secretBytesMax = 64 << 10
    /// Bytes of the digest that marks a variable's value.
    private static let markBytes = 8
    /// About this many files with loose permissions a warning is given.
    private static let warningsMax = 1_024

    private let environment: [String: String]
    private let logger: Logger
    private let oauth: (any CredentialSource)?
    private let directories: [CredentialPattern]
    private let warnedPaths = Lock<Set<String>>([])

    /// - Parameters:
    ///   - environment: the process's own; `CREDENTIALS_DIRECTORY` in it is where systemd put its credentials.
    ///   - logger: hears of files that everybody on the host can read.
    ///   - oauth: has the tokens of `oauth:` references; without it there are none.
    ///   - directories: whose files payloads may name. Who may put a file there must not have any other read for it, so no
    ///     symbolic link is followed there.
    package init(
        environment: [String: String], logger: Logger, oauth: (any CredentialSource)? = nil,
        directories: [CredentialPattern] = []
    ) {
        self.environment = environment
        self.logger = logger
        self.oauth = oauth
        self.directories = directories
    }

    /// Reads a file on the shared pool, never on the caller's executor, which may be an event loop.
    @concurrent
    package func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
        if case .oauth = reference, let oauth { return try await oauth.secret(for: reference) }
        do throws(Unreadable) {
            switch reference {
            case .file(let path): return try Self.secret(in: read(path))
            case .systemd(let name): return try Self.secret(in: read(credentialPath(name)))
            case .environment(let name):
                guard let value = environment[name] else { throw Unreadable("is not set") }
                return try Self.secret(in: Array(value.utf8))
            case .oauth: throw Unreadable("has no entry in the section oauth")
            }
        } catch {
            throw ProviderFailure(
                code: .misconfigured, cause: .host,
                hint: "The credential \(reference.text) \(error.reason); \(error.advice).",
                disposition: .keepsLast)
        }
    }

    package func renew(_ reference: CredentialReference) async throws(ProviderFailure) {
        if case .oauth = reference, let oauth { try await oauth.renew(reference) }
    }

    /// By the file's identity and times, which a rotation changes (``FileMark``), or by a mark of the variable's value:
    /// the environment of a process never changes, but that of the next one may, and what is kept outlives the process.
    @concurrent
    package func version(of reference: CredentialReference) async -> CredentialVersion? {
        switch reference {
        case .file(let path): Self.version(ofFile: path)
        case .systemd(let name): (try? credentialPath(name)).flatMap(Self.version(ofFile:))
        case .environment(let name): environment[name].map(Self.version(ofValue:))
        case .oauth: await oauth?.version(of: reference)
        }
    }

    private static func version(ofFile path: String) -> CredentialVersion? {
        (try? FileMark(path: path)).map { CredentialVersion($0.text) }
    }

    /// Differs with the value and tells nothing of it: tokens are random, so a part of their digest leads nowhere.
    private static func version(ofValue value: String) -> CredentialVersion {
        let digest = SHA256Digest.bytes(of: Array(value.utf8)).prefix(markBytes)
        return CredentialVersion("environment:\(Hexadecimal.encode(Array(digest)))")
    }

    private struct Unreadable: Error {
        /// Goes after the reference, and never quotes the content.
        var reason: String
        var advice: String

        init(_ reason: String, advice: String? = nil) {
            self.reason = reason
            self.advice = advice ?? "the daemon must find the token there"
        }
    }

    private func credentialPath(_ name: String) throws(Unreadable) -> String {
        guard let directory = environment["CREDENTIALS_DIRECTORY"], directory.hasPrefix("/") else {
            throw Unreadable("needs LoadCredential= in the systemd unit: CREDENTIALS_DIRECTORY is not set")
        }
        guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else {
            throw Unreadable("is no name of a systemd credential")
        }
        return "\(directory)/\(name)"
    }

    private func read(_ path: String) throws(Unreadable) -> [UInt8] {
        let file: RegularFile
        do throws(RegularFileError) {
            let isNamedByPayloads = directories.contains { $0.covers(.file(path: path)) }
            file = try RegularFile(path: path, bytesMax: Self.secretBytesMax, followsLinks: !isNamedByPayloads)
        } catch {
            throw Unreadable(error.reason, advice: error.advice)
        }
        if file.isReadableByOthers { warnOnce(path) }
        return file.bytes
    }

    /// Refusing the file would turn a loose permission into an outage, so the operator is told instead.
    private func warnOnce(_ path: String) {
        let isNew = warnedPaths.withLock { $0.count < Self.warningsMax && $0.insert(path).inserted }
        guard isNew else { return }
        logger.warning("credential file is readable by every user of this host; chmod o-r it", [.text("path", path)])
    }

    /// The content without one final line break, which editors add.
    private static func secret(in bytes: [UInt8]) throws(Unreadable) -> Secret {
        var content = bytes[...]
        if content.last == UInt8(ascii: "\n") {
            content.removeLast()
            if content.last == UInt8(ascii: "\r") { content.removeLast() }
        }
        guard !content.isEmpty else { throw Unreadable("is empty") }
        guard content.count <= secretBytesMax else { throw Unreadable("is too long") }
        // It becomes part of a header: a control character would end the header or begin another.
        guard content.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), let text = String(validating: content, as: UTF8.self)
        else { throw Unreadable("holds control characters or no text") }
        return Secret(text)
    }
}
