package import StatusCore

/// Secrets that a payload may name: one, or all in a directory.
package enum CredentialPattern: Hashable, Sendable {
    case one(CredentialReference)
    /// `file:/directory/*`: the files right below it, by the path without the final slash.
    case directory(path: String)

    /// Whether it covers a reference. A path is taken as it is written: one with a step that is `.`, `..` or nothing is in no
    /// directory.
    package func covers(_ reference: CredentialReference) -> Bool {
        switch (self, reference) {
        case (.one(let own), _): own == reference
        case (.directory(let directory), .file(let path)):
            path.utf8.starts(with: "\(directory)/".utf8) && Self.isStep(path.utf8.dropFirst(directory.utf8.count + 1))
        case (.directory, _): false
        }
    }

    package var isDirectory: Bool {
        if case .directory = self { true } else { false }
    }

    /// The pattern as the configuration writes it.
    package var text: String {
        switch self {
        case .one(let reference): reference.text
        case .directory(let path): "file:\(path)/*"
        }
    }

    static func parse(_ text: String) throws(ConfigComplaint) -> Self {
        guard text.hasPrefix("file:"), text.hasSuffix("/*") else {
            guard let reference = CredentialText.parse(text) else { throw ConfigComplaint(CredentialText.expected) }
            return .one(reference)
        }
        let path = String(text.dropFirst("file:".count).dropLast("/*".count))
        guard case .file? = CredentialText.parse("file:\(path)"), isNormal(path) else {
            throw ConfigComplaint(
                "is no directory; write its absolute path without . and .., such as \"file:/etc/telltale/tokens/*\"")
        }
        return .directory(path: path)
    }

    private static func isNormal(_ path: String) -> Bool {
        path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isStep)
    }

    /// Whether it is one step of a path, and leads nowhere but down.
    private static func isStep(_ name: Substring.UTF8View) -> Bool {
        !name.isEmpty && !name.contains(UInt8(ascii: "/")) && !name.elementsEqual(".".utf8)
            && !name.elementsEqual("..".utf8)
    }
}
