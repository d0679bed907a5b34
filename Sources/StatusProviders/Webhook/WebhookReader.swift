package import StatusCore
package import StatusModel

/// What deliveries say, of each provider.
package enum WebhookReader {
    /// The longest name of a delivery that is believed, in bytes.
    package static let deliveryIDBytesMax = 256

    /// By what a delivery names what it is about, as ``StatusCore/Link/Target/webhookName`` does. Nothing is believed of it
    /// yet: it says whose secret to try.
    package static func names(in delivery: WebhookDelivery) -> [String] {
        let headers = WebhookHeaders(delivery.headers)
        return switch delivery.provider {
        case .github: GitHubWebhook(headers, delivery.body)?.names ?? []
        case .vercel: VercelWebhook(delivery.body)?.names ?? []
        case .sanity: SanityWebhook(headers)?.names ?? []
        case .supabase: []
        }
    }

    /// A genuine delivery, understood; nil when it is not written as the provider documents it.
    package static func webhook(in delivery: WebhookDelivery) -> (any Webhook)? {
        let headers = WebhookHeaders(delivery.headers)
        return switch delivery.provider {
        case .github: GitHubWebhook(headers, delivery.body)
        case .vercel: VercelWebhook(delivery.body)
        case .sanity: SanityWebhook(headers)
        case .supabase: SupabaseWebhook(headers, delivery.body)
        }
    }

    /// A name that is short and can be shown; empty for any other.
    static func deliveryID(_ text: String?) -> String {
        guard let text, text.utf8.count <= deliveryIDBytesMax, text.isPrintable else { return "" }
        return text
    }
}
