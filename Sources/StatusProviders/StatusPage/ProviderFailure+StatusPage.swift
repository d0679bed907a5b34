package import StatusCore
import StatusModel

extension ProviderFailure {
    /// Whether a status page could explain it: the provider is at fault, and was asked.
    package var isExplicable: Bool {
        guard cause == .provider, heldUntil == nil else { return false }
        return code == .unknown || code == .timeout || code == .network
    }

    /// The same failure with what the provider's status page says of it; unchanged where no page could explain it.
    ///
    /// An outage that the page agrees with gets a code of its own; a failure that has one keeps it. When to ask again
    /// and what becomes of the last reading stay, for those are about our own probe (providers.md §7, §8). `provider` is
    /// the name people know it by, and `page` where a person reads its page.
    package func explained(by trouble: StatusPageTrouble, provider: String, page: String) -> Self {
        guard isExplicable else { return self }
        var explained = self
        if code == .unknown {
            explained.code = .providerOutage
            explained.hint = "\(provider) reports \(trouble.words) (\(page)); wait until it is over."
        } else {
            let advice = hint.hasSuffix(".") ? hint.dropLast() : hint[...]
            explained.hint = "\(advice); \(provider) reports \(trouble.words) (\(page))."
        }
        return explained
    }
}

extension StatusPageTrouble {
    /// What is reported, to follow "GitHub reports".
    fileprivate var words: String {
        switch subject {
        case .incident(let title): title.isEmpty ? "\(article) incident" : "\(article) incident, “\(title)”"
        case .maintenance(let title): title.isEmpty ? "maintenance" : "maintenance, “\(title)”"
        case .component(let name): severity == .maintenance ? "maintenance of “\(name)”" : "trouble with “\(name)”"
        case .everything: severity == .maintenance ? "maintenance" : "trouble"
        }
    }

    private var article: String {
        switch severity {
        case .none, .maintenance: "an"
        case .minor: "a minor"
        case .major: "a major"
        case .critical: "a critical"
        }
    }
}
