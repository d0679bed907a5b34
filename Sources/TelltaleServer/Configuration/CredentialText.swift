package import StatusCore

/// References to secrets as the configuration writes them (SPEC §5).
package enum CredentialText {
    /// How a reference may be written, for messages. A refused value is never quoted: it may be the secret itself.
    static let expected =
        "write where the secret is found, \"file:/absolute/path\", \"env:NAME\", \"credential:NAME\" or \"oauth:NAME\", "
        + "and never the secret itself"

    /// The reference that a text writes; nil when it writes none.
    package static func parse(_ text: String) -> CredentialReference? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = String(text[text.index(after: colon)...])
        guard !rest.isEmpty, rest.unicodeScalars.allSatisfy(PrintableText.isPrintable) else { return nil }
        switch text[..<colon] {
        case "file": return isFilePath(rest) ? .file(path: rest) : nil
        case "env": return isVariable(rest) ? .environment(name: rest) : nil
        case "credential": return isFileName(rest) ? .systemd(name: rest) : nil
        case "oauth": return isFileName(rest) ? .oauth(name: rest) : nil
        default: return nil
        }
    }

    /// The member `key` of a section; nil when it is absent, or mistaken, which is recorded.
    static func read(_ key: String, in section: ConfigSection) -> CredentialReference? {
        guard let text = section.string(key) else { return nil }
        guard let reference = parse(text) else {
            let isRelative = text.hasPrefix("file:") && !text.hasPrefix("file:/")
            section.refuse(key, isRelative ? "the path after file: must be absolute; \(expected)" : expected)
            return nil
        }
        if case .oauth(let name) = reference {
            section.mistakes.expectOAuthEntry(name, at: section.path.appending(key))
        }
        return reference
    }

    private static func isFilePath(_ path: String) -> Bool {
        path.hasPrefix("/") && !path.hasSuffix("/") && path.utf8.count < 4_096
    }

    private static func isVariable(_ name: String) -> Bool {
        let isLetter = { (byte: UInt8) in
            (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF) || byte == UInt8(ascii: "_")
        }
        guard name.utf8.count <= 255, let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// One step below `$CREDENTIALS_DIRECTORY`, never out of it.
    private static func isFileName(_ name: String) -> Bool {
        name.utf8.count <= 255 && !name.contains("/") && name != "." && name != ".."
    }
}

extension CredentialReference {
    /// The reference as the configuration writes it. It tells where a secret is, not what it is.
    package var text: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .environment(let name): "env:\(name)"
        case .systemd(let name): "credential:\(name)"
        case .oauth(let name): "oauth:\(name)"
        }
    }
}
