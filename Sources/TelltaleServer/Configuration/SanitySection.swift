import StatusCore

/// Reads a project's `sanity`: `{ project: "abcd1234", dataset: "production", credential: "file:/…" }`, with `api` and
/// `dataApi` for the bases of Sanity's two hosts.
enum SanitySection {
    static let keys = ["project", "dataset", "api", "dataApi", "credential", "webhookSecret", "enabled"]

    /// Nil when a mistake, which is recorded, leaves no link.
    static func link(_ section: ConfigSection) -> Link? {
        let project = projectID(section)
        let dataset = dataset(section)
        let managementURL = base("api", in: section)
        let dataURL = base("dataApi", in: section)
        let credential = CredentialText.read("credential", in: section)
        let isEnabled = section.boolean("enabled") ?? true
        guard let project else { return nil }
        var target = SanityTarget(projectID: project, dataset: dataset ?? "production", dataURL: dataURL)
        if let managementURL { target.managementURL = managementURL }
        return Link(target: .sanity(target), credential: credential, isEnabled: isEnabled)
    }

    /// The project's id is a part of its host's name: letters, digits and hyphens.
    private static func projectID(_ section: ConfigSection) -> String? {
        guard section["project"] != nil else {
            section.mistakes.add("project is missing: write project: \"abcd1234\", the project's id", at: section.path)
            return nil
        }
        guard let text = section.string("project") else { return nil }
        guard (1...63).contains(text.utf8.count), !text.hasPrefix("-"), !text.hasSuffix("-"),
            text.utf8.allSatisfy({ isLowerOrDigit($0) || $0 == UInt8(ascii: "-") })
        else {
            section.refuse(
                "project",
                "\(PrintableText.quoted(text)) is no project id; it is on the project's page at sanity.io/manage")
            return nil
        }
        return text
    }

    /// Lower-case letters, digits, `_` and `-`, at most 64; `~` begins an alias.
    private static func dataset(_ section: ConfigSection) -> String? {
        guard let text = section.string("dataset") else { return nil }
        let name = text.hasPrefix("~") ? text.dropFirst() : text[...]
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ isLowerOrDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else {
            section.refuse("dataset", "\(PrintableText.quoted(text)) is no dataset; write one such as \"production\"")
            return nil
        }
        return text
    }

    private static func base(_ key: String, in section: ConfigSection) -> String? {
        guard let text = section.string(key) else { return nil }
        do throws(ConfigComplaint) {
            return try APIBase.parse(text)
        } catch {
            section.refuse(key, error.sentence)
            return nil
        }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
