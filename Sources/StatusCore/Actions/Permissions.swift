package import StatusModel

/// Who may do what (SPEC §7): one table, closed by default.
package enum Permissions {
    /// Whether the role may perform the action, whatever the state.
    ///
    /// Owner and admin may do everything. An editor may push, synchronise content and deploy previews, and besides do
    /// what changes nothing elsewhere: read again, open the studio, test a connection. A viewer may look.
    package static func allows(_ action: IntegrationAction, for role: Role) -> Bool {
        switch role {
        case .owner, .admin: true
        case .editor: editorActions.contains(action)
        case .viewer: false
        }
    }

    /// Who may do the same as this role: the first of them, in the order of `Role.allCases`.
    package static func first(equalTo role: Role) -> Role { role == .admin ? .owner : role }

    private static let editorActions: Set<IntegrationAction> = [
        .push, .sync, .deployPreview, .pull, .openStudio, .testConnection,
    ]
}
