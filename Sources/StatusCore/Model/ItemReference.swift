package import StatusModel

/// One item of one project.
package struct ItemReference: Hashable, Sendable {
    package var project: ProjectID
    package var key: ItemKey

    package init(project: ProjectID, key: ItemKey) {
        self.project = project
        self.key = key
    }
}
