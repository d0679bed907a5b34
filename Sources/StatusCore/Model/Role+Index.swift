package import StatusModel

extension Role {
    /// Where a role stands in `allCases`.
    package var index: Int {
        switch self {
        case .owner: 0
        case .admin: 1
        case .editor: 2
        case .viewer: 3
        }
    }
}
