import StatusModel

/// A section that is a table of independent values.
package protocol TabularSection: Sendable {
    /// Every key of it.
    static var fields: [ConfigField<Self>] { get }
    /// The defaults.
    init()
    /// Values that are each in bounds and do not go together: the key to blame, and why.
    var conflicts: [(key: String, message: String)] { get }
}

/// One object of the configuration while it is validated. A key that it does not know is a mistake at once.
package struct ConfigSection {
    package let path: ConfigPath
    package let mistakes: MistakeCollector
    private let members: [String: ConfigValue]

    /// Nil, with the mistake recorded, when the value is no object.
    package init?(_ value: ConfigValue, at path: ConfigPath, keys: [String], mistakes: MistakeCollector) {
        self.init(anyKeysOf: value, at: path, mistakes: mistakes)
        for key in names where !keys.contains(key) {
            let question = Suggestion.question(about: key, among: keys)
            mistakes.add(
                "unknown key\(question.isEmpty ? "; known here: \(keys.joined(separator: ", "))" : question)",
                at: path.appending(key))
        }
    }

    /// An object whose keys are names that people chose.
    package init?(anyKeysOf value: ConfigValue, at path: ConfigPath, mistakes: MistakeCollector) {
        guard case .object(let members) = value else {
            mistakes.add("expected an object { … }, found \(value.kind)", at: path)
            return nil
        }
        self.path = path
        self.mistakes = mistakes
        self.members = members
    }

    /// The names in it, in the order of their bytes.
    package var names: [String] { members.keys.sorted() }

    package subscript(key: String) -> ConfigValue? { members[key] }

    /// Records a mistake about one member.
    package func refuse(_ key: String, _ message: String) { mistakes.add(message, at: path.appending(key)) }

    /// The member as text; nil when it is absent, or no text, which is recorded.
    package func string(_ key: String) -> String? {
        switch members[key] {
        case nil: return nil
        case .string(let text)?: return text
        case let other?:
            refuse(key, "expected a string, found \(other.kind)")
            return nil
        }
    }

    /// The member as a boolean; nil when it is absent, or none, which is recorded.
    package func boolean(_ key: String) -> Bool? {
        switch members[key] {
        case nil: return nil
        case .boolean(let flag)?: return flag
        case let other?:
            refuse(key, "expected true or false, found \(other.kind)")
            return nil
        }
    }

    /// The member as a section of its own; its defaults when it is absent.
    package func table<Section: TabularSection>(_ key: String, _: Section.Type = Section.self) -> Section {
        var result = Section()
        let fields = Section.fields
        guard let value = members[key],
            let section = ConfigSection(
                value, at: path.appending(key), keys: fields.map(\.key), mistakes: mistakes)
        else { return result }
        for field in fields {
            guard let value = section[field.key] else { continue }
            do throws(ConfigComplaint) {
                try field.read(value, &result)
            } catch {
                section.refuse(field.key, error.sentence)
            }
        }
        for conflict in result.conflicts { section.refuse(conflict.key, conflict.message) }
        return result
    }
}
