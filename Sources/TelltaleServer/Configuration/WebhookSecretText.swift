import StatusCore

/// Reads `webhookSecret` of a provider's section: where the secret is found that signs its webhooks, or a list of such
/// places while it is changed.
enum WebhookSecretText {
    /// The most secrets of one link.
    static let secretsMax = 4

    /// Nil when there is none, or it is mistaken, which is recorded.
    static func read(_ section: ConfigSection) -> [CredentialReference]? {
        guard case .array(let elements)? = section[key] else {
            return CredentialText.read(key, in: section).flatMap { checked([$0], in: section) }
        }
        guard (1...secretsMax).contains(elements.count) else {
            section.refuse(key, "expected 1 to \(secretsMax) secrets, found \(elements.count)")
            return nil
        }
        var secrets: [CredentialReference] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element, let secret = CredentialText.parse(text) else {
                section.mistakes.add(
                    CredentialText.expected, at: section.path.appending(key).appending(index))
                return nil
            }
            secrets.append(secret)
        }
        return checked(secrets, in: section)
    }

    /// A token that the daemon renews by itself signs nobody's webhooks.
    private static func checked(
        _ secrets: [CredentialReference], in section: ConfigSection
    ) -> [CredentialReference]? {
        let isToken = secrets.contains { if case .oauth = $0 { true } else { false } }
        if isToken { section.refuse(key, "a webhook's secret is no access token; name a file:, env: or credential:") }
        return isToken ? nil : secrets
    }

    private static let key = "webhookSecret"
}
