import StatusCore
import StatusModel

/// Reads a project's `actions`: item → action → `{ command: ["/path", "argument"], timeout: "60s", environment: { … },
/// secrets: { … } }`.
package enum CommandsSection {
    /// How many words a command may have, the program's path included.
    static let wordsMax = 32
    /// The longest word of a command, and the longest value of a variable, in bytes.
    static let wordBytesMax = 4 << 10
    /// How many variables a command may be given, secret ones included.
    static let variablesMax = 32

    static let keys = ["command", "timeout", "environment", "secrets"]

    /// The time that stands beside the rest; `docs/configuration.md` lists it. A deploy, which is followed for as long, is
    /// the longest of all actions.
    package static let times: [ConfigField<CommandDefinition>] = [
        .duration("timeout", \.timeout, .seconds(1)...(.seconds(45 * 60)))
    ]

    /// Puts the commands of one project into the table. What is mistaken is recorded and left out.
    static func read(
        _ value: ConfigValue, of project: ProjectDefinition, at path: ConfigPath, mistakes: MistakeCollector,
        into table: inout CommandTable
    ) {
        guard let section = ConfigSection(anyKeysOf: value, at: path, mistakes: mistakes) else { return }
        for name in section.names {
            guard let key = item(name, of: project, in: section),
                let part = ConfigSection(
                    section[name] ?? .null, at: path.appending(name), keys: actions(of: key).map(\.rawValue),
                    mistakes: mistakes)
            else { continue }
            for action in actions(of: key) {
                guard let value = part[action.rawValue],
                    let entry = ConfigSection(
                        value, at: part.path.appending(action.rawValue), keys: keys, mistakes: mistakes)
                else { continue }
                table[ItemReference(project: project.id, key: key), action] = definition(entry)
            }
        }
    }

    /// What a program can do in the daemon's place. To connect is none of it: the stored link is the daemon's own.
    private static func actions(of key: ItemKey) -> [IntegrationAction] {
        IntegrationAction.all(for: key).filter { ![.connect, .disconnect, .reconnect].contains($0) }
    }

    /// Providers may be linked later, services are there or not.
    private static func item(_ name: String, of project: ProjectDefinition, in section: ConfigSection) -> ItemKey? {
        let known = ProviderKey.allCases.map { ItemKey.provider($0) } + project.links.keys.filter(\.isService)
        if let key = ItemKey(name), known.contains(key) { return key }
        let names = known.map(\.description)
        section.refuse(
            name,
            "is no item of this project; known here: \(names.joined(separator: ", "))"
                + Suggestion.question(about: name, among: names))
        return nil
    }

    /// Nil when a mistake, which is recorded, leaves nothing to run.
    private static func definition(_ section: ConfigSection) -> CommandDefinition? {
        guard var definition = command(section) else { return nil }
        for field in times {
            guard let value = section[field.key] else { continue }
            do throws(ConfigComplaint) {
                try field.read(value, &definition)
            } catch {
                section.refuse(field.key, error.sentence)
            }
        }
        definition.environment = environment(section)
        definition.secrets = secrets(section, beside: definition.environment)
        if definition.environment.count + definition.secrets.count > variablesMax {
            section.mistakes.add(
                "environment and secrets hold more than the \(variablesMax) variables of one command", at: section.path)
        }
        return definition
    }

    private static func command(_ section: ConfigSection) -> CommandDefinition? {
        guard let value = section["command"] else {
            section.mistakes.add("command is missing: write command: [\"/usr/local/bin/program\"]", at: section.path)
            return nil
        }
        guard case .array(let elements) = value, (1...wordsMax).contains(elements.count) else {
            section.refuse("command", "expected a list of 1 to \(wordsMax) texts: the program's path and its arguments")
            return nil
        }
        var words: [String] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let word) = element, isWord(word) else {
                section.mistakes.add(
                    "expected a text of at most \(wordBytesMax >> 10) KiB without NUL",
                    at: section.path.appending("command").appending(index))
                return nil
            }
            words.append(word)
        }
        guard words[0].hasPrefix("/"), !words[0].hasSuffix("/") else {
            section.mistakes.add(
                "expected the absolute path of a program; there is no shell that would look for it",
                at: section.path.appending("command").appending(0))
            return nil
        }
        return CommandDefinition(path: words[0], arguments: Array(words.dropFirst()))
    }

    private static func isWord(_ text: String) -> Bool {
        text.utf8.count <= wordBytesMax && !text.utf8.contains(0)
    }
}

// Its variables.
extension CommandsSection {
    private static func environment(_ section: ConfigSection) -> [String: String] {
        var variables: [String: String] = [:]
        guard let part = fields("environment", in: section) else { return variables }
        for name in part.names where isVariable(name, in: part) {
            guard let value = part.string(name) else { continue }
            variables[name] = value
            if !isWord(value) { part.refuse(name, "expected a text of at most \(wordBytesMax >> 10) KiB without NUL") }
        }
        return variables
    }

    private static func secrets(
        _ section: ConfigSection, beside plain: [String: String]
    ) -> [String: CredentialReference] {
        var references: [String: CredentialReference] = [:]
        guard let part = fields("secrets", in: section) else { return references }
        for name in part.names where isVariable(name, in: part) {
            if plain[name] != nil { part.refuse(name, "stands in environment as well; keep one of them") }
            references[name] = CredentialText.read(name, in: part)
        }
        return references
    }

    private static func fields(_ key: String, in section: ConfigSection) -> ConfigSection? {
        section[key].flatMap {
            ConfigSection(anyKeysOf: $0, at: section.path.appending(key), mistakes: section.mistakes)
        }
    }

    private static func isVariable(_ name: String, in part: ConfigSection) -> Bool {
        if case .environment? = CredentialText.parse("env:\(name)") { return true }
        part.refuse(name, "is no name of a variable: letters, digits and _, and no digit first")
        return false
    }
}

extension ItemKey {
    fileprivate var isService: Bool { if case .service = self { true } else { false } }
}
