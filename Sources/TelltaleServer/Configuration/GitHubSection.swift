import StatusCore

/// Reads a project's `github`: `{ repo: "owner/name", api: "https://…", credential: "file:/…", enabled: true }`.
enum GitHubSection {
    static let keys = ["repo", "api", "credential", "webhookSecret", "enabled"]

    /// Nil when a mistake, which is recorded, leaves no link.
    static func link(_ section: ConfigSection) -> Link? {
        var target = repository(section)
        if let api = section.string("api") {
            do throws(ConfigComplaint) {
                let base = try APIBase.parse(api)
                target?.baseURL = base
            } catch {
                section.refuse("api", error.sentence)
            }
        }
        let credential = CredentialText.read("credential", in: section)
        let isEnabled = section.boolean("enabled") ?? true
        return target.map { Link(target: .github($0), credential: credential, isEnabled: isEnabled) }
    }

    private static func repository(_ section: ConfigSection) -> GitHubTarget? {
        guard section["repo"] != nil else {
            section.mistakes.add("repo is missing: write repo: \"owner/name\"", at: section.path)
            return nil
        }
        guard let text = section.string("repo") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, isOwner(parts[0]), isRepository(parts[1]) else {
            let hint = text.contains("://") || text.hasPrefix("git@") ? ", not the address of its page" : ""
            section.refuse("repo", "\(PrintableText.quoted(text)) is no repository; write \"owner/name\"\(hint)")
            return nil
        }
        return GitHubTarget(owner: parts[0], repository: parts[1])
    }

    /// Letters, digits and hyphens; an underscore in the short codes of managed users. At most 39 characters on
    /// github.com; an Enterprise host is not held to that.
    private static func isOwner(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && !text.hasPrefix("-")
            && text.utf8.allSatisfy { isNameByte($0) && $0 != UInt8(ascii: ".") }
    }

    /// Letters, digits, `.`, `_` and `-`, at most 100; never a path step.
    private static func isRepository(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text != "." && text != ".." && text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
