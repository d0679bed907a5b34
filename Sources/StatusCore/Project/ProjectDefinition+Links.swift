package import StatusModel

/// One link that another configuration adds, changes or takes away.
package struct LinkChange: Hashable, Sendable {
    package var key: ItemKey
    /// The event that it is.
    package var kind: String
    /// One line for people. It names nothing that a role may not see.
    package var message: String
}

extension ProjectDefinition {
    /// What becomes of the links under another definition of the project, in the order of the items. One that is switched off
    /// or on again has changed.
    package func linkChanges(to new: ProjectDefinition) -> [LinkChange] {
        Set(links.keys + new.links.keys).sorted().compactMap { key in
            switch (links[key], new.links[key]) {
            case (nil, _?):
                LinkChange(key: key, kind: EventKind.linkConnected, message: "\(key.words) linked")
            case (_?, nil):
                LinkChange(key: key, kind: EventKind.linkRemoved, message: "\(key.words) no longer linked")
            case (let before?, let after?) where before != after:
                LinkChange(key: key, kind: EventKind.linkChanged, message: "\(key.words) linked differently")
            default: nil
            }
        }
    }

    /// Whether policy hides an item from a role.
    package func hides(_ key: ItemKey, from role: Role) -> Bool { hidden[key]?.contains(role) ?? false }
}

extension ItemKey {
    /// What people call it: `GitHub`, `Service worker`.
    package var words: String {
        switch self {
        case .provider(let provider): provider.displayName
        case .service(let name): "Service \(name)"
        }
    }
}
