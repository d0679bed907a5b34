package import StatusModel

/// Who answers the reads of an item. Bounds and budgets are kept for each, so that one that is slow or down takes
/// nothing from the others.
package enum Upstream: Hashable, Sendable, CaseIterable, LosslessStringConvertible {
    case provider(ProviderKey)
    /// The projects' own HTTP workers.
    case services

    package init(_ key: ItemKey) {
        switch key {
        case .provider(let provider): self = .provider(provider)
        case .service: self = .services
        }
    }

    package static let allCases = ProviderKey.allCases.map(Self.provider) + [.services]

    /// The name under which a store keeps what belongs to it: `github`, …, `services`.
    package var description: String {
        switch self {
        case .provider(let provider): provider.rawValue
        case .services: "services"
        }
    }

    /// Reads what ``description`` writes.
    package init?(_ description: String) {
        if let provider = ProviderKey(rawValue: description) {
            self = .provider(provider)
        } else if description == "services" {
            self = .services
        } else {
            return nil
        }
    }
}
