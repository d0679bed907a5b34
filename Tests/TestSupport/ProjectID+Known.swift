package import StatusModel

extension ProjectID {
    /// A name that a test writes in its own source.
    package init(known name: String) {
        guard let id = ProjectID(name) else { preconditionFailure("\(name) is no project id") }
        self = id
    }

    package static let shop = ProjectID(known: "shop")
}
