import StatusCore

/// What callers may do with actions (SPEC §7), beyond what a project says of its own.
package struct ActionsConfiguration: Hashable, Sendable {
    /// How many actions a user may ask for in one project, in any minute.
    package var perMinute = 5
    /// Which secrets a payload may name beside those that the project's own links name.
    package var credentials: [CredentialPattern] = []
    /// Which addresses a payload may name beside those of the providers and of the configured links.
    package var apis: [String] = []

    package init() {}
}

extension ActionsConfiguration: TabularSection {
    package static var fields: [ConfigField<Self>] {
        [
            .count("perMinute", \.perMinute, 1...1_000),
            .list(
                "credentials", \.credentials, bounds: "references, or `\"file:/directory/*\"`", render: \.text,
                parse: CredentialPattern.parse),
            .list("apis", \.apis, bounds: "https:// URLs", render: { $0 }, parse: APIBase.parse),
        ]
    }

    package var conflicts: [(key: String, message: String)] { [] }
}

extension ActionsConfiguration {
    /// What payloads may name has to be there.
    func expectOAuthEntries(at path: ConfigPath, _ mistakes: MistakeCollector) {
        for (index, pattern) in credentials.enumerated() {
            guard case .one(.oauth(let name)) = pattern else { continue }
            mistakes.expectOAuthEntry(name, at: path.appending("credentials").appending(index))
        }
    }
}
