package import StatusModel

/// What an action has made of a link, in the place of what the configuration says. It lasts until the configuration says
/// something else of that link: the newest word counts.
package struct StoredLinkChange: Hashable, Sendable {
    package var project: ProjectID
    package var key: ItemKey
    /// What is linked since; nil when nothing is.
    package var link: Link?
    /// What the configuration said then.
    package var configured: Link?

    package init(project: ProjectID, key: ItemKey, link: Link?, configured: Link?) {
        self.project = project
        self.key = key
        self.link = link
        self.configured = configured
    }

    package var reference: ItemReference { ItemReference(project: project, key: key) }
}

extension ProjectDefinition {
    /// The definition with those changes that still count. `self` is as the configuration says.
    package func applying(_ changes: some Sequence<StoredLinkChange>) -> ProjectDefinition {
        var definition = self
        for change in changes where counts(change) { definition.links[change.key] = change.link }
        return definition
    }

    /// Whether a change was made to what the configuration says now. What is switched off there no action changes.
    package func counts(_ change: StoredLinkChange) -> Bool {
        guard change.configured?.isEnabled != false else { return false }
        return change.project == id && links[change.key] == change.configured && change.link != change.configured
    }
}
