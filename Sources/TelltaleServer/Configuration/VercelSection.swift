import StatusCore

/// Reads a project's `vercel`: `{ project: "shop", team: "team_…", api: "https://…", credential: "file:/…",
/// enabled: true }`.
enum VercelSection {
    static let keys = ["project", "team", "api", "credential", "webhookSecret", "enabled"]

    /// Nil when a mistake, which is recorded, leaves no link.
    static func link(_ section: ConfigSection) -> Link? {
        var target = project(section)
        if let team = section.string("team") {
            if isName(team) {
                target?.teamID = team
            } else {
                section.refuse(
                    "team", "\(PrintableText.quoted(team)) is no team; write its id, \"team_…\", or its slug")
            }
        }
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
        return target.map { Link(target: .vercel($0), credential: credential, isEnabled: isEnabled) }
    }

    private static func project(_ section: ConfigSection) -> VercelTarget? {
        guard section["project"] != nil else {
            section.mistakes.add("project is missing: write project: \"prj_…\" or its name", at: section.path)
            return nil
        }
        guard let text = section.string("project") else { return nil }
        guard isName(text) else {
            let hint = text.contains("/") ? ", not the address of its page" : ""
            section.refuse(
                "project", "\(PrintableText.quoted(text)) is no project; write its id, \"prj_…\", or its name\(hint)")
            return nil
        }
        return VercelTarget(project: text)
    }

    /// Letters, digits, `.`, `_` and `-`, at most 100; never a path step.
    private static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
