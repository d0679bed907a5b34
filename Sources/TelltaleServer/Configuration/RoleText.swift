import StatusModel

/// Roles as the configuration writes them.
enum RoleText {
    /// The role that a value names.
    static func parse(_ value: ConfigValue) throws(ConfigComplaint) -> Role {
        let names = Role.allCases.map(\.rawValue)
        let known = names.joined(separator: ", ")
        guard case .string(let name) = value else {
            throw ConfigComplaint("expected a role (\(known)), found \(value.kind)")
        }
        if let role = Role(rawValue: name) { return role }
        let question = Suggestion.question(about: name, among: names)
        throw ConfigComplaint("\(PrintableText.quoted(name)) is no role; roles are \(known)\(question)")
    }
}
