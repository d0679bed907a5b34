import StatusModel

/// Who answers the reads of an item. Bounds and budgets are kept for each, so that one that is slow or down takes
/// nothing from the others.
enum Upstream: Hashable {
    case provider(ProviderKey)
    /// The projects' own HTTP workers.
    case services

    init(_ key: ItemKey) {
        switch key {
        case .provider(let provider): self = .provider(provider)
        case .service: self = .services
        }
    }
}
