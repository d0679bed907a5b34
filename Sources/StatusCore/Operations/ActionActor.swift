package import StatusModel

/// Who wants an action run.
package struct ActionActor: Hashable, Sendable {
    /// Whose keys and whose limit count: two peers that name the same user are two.
    package var identity: String
    /// What is written down and shown.
    package var displayName: String
    package var role: Role

    package init(identity: String, displayName: String, role: Role) {
        self.identity = identity
        self.displayName = displayName
        self.role = role
    }
}
