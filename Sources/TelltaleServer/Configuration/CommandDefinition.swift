package import StatusCore

/// A local program that runs in the place of an action, as the configuration says.
package struct CommandDefinition: Hashable, Sendable {
    /// The program, by its absolute path.
    package var path: String
    /// What it is given beside its name.
    package var arguments: [String]
    /// How long it may take.
    package var timeout: Duration = .seconds(60)
    /// Its variables: these, those of ``secrets``, and no others.
    package var environment: [String: String] = [:]
    /// Variables whose values are secrets.
    package var secrets: [String: CredentialReference] = [:]

    package init(path: String, arguments: [String] = []) {
        self.path = path
        self.arguments = arguments
    }
}

/// Which actions a local program carries out.
package struct CommandTable: Hashable, Sendable {
    private var definitions: [ItemReference: [IntegrationAction: CommandDefinition]] = [:]

    package init() {}

    package var isEmpty: Bool { definitions.isEmpty }

    package subscript(item: ItemReference, action: IntegrationAction) -> CommandDefinition? {
        get { definitions[item]?[action] }
        set { definitions[item, default: [:]][action] = newValue }
    }
}
