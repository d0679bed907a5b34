import StatusModel

/// Roles as the configuration writes them.
enum RoleText {
    struct Complaint: Error {
        var sentence: String
    }

    static func parse(_ value: ConfigValue) -> Result<Role, Complaint> {
        let known = Role.allCases.map(\.rawValue)
        guard case .string(let name) = value else {
            return .failure(
                Complaint(sentence: "expected a role (\(known.joined(separator: ", "))), found \(value.kind)"))
        }
        if let role = Role(rawValue: name) { return .success(role) }
        let question = Suggestion.question(about: name, among: known)
        return .failure(
            Complaint(
                sentence:
                    "\(PrintableText.quoted(name)) is no role; roles are \(known.joined(separator: ", "))\(question)"))
    }
}
