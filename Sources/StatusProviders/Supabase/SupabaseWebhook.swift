import FoundationEssentials
package import StatusCore
import StatusModel

/// A delivery of Supabase's (providers.md §5.3). None of them tells how a project stands, but one that came from a project
/// that was down says that it runs again: then it is read.
package struct SupabaseWebhook: Webhook {
    /// Where a database webhook's trigger puts the secret.
    static let secretHeader = "x-webhook-secret"

    private struct AnyBody: Decodable {
        init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: AnyKey.self) }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int?

        init?(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { return nil }
    }

    /// Database webhooks have none.
    package let deliveryID: String

    /// Nil when the body is no JSON object.
    package init?(_ headers: WebhookHeaders, _ body: [UInt8]) {
        guard (try? JSONDecoder().decode(AnyBody.self, from: Data(body))) != nil else { return nil }
        deliveryID = WebhookReader.deliveryID(headers[StandardWebhook.idHeader])
    }

    package func news(of link: Link, known: Reading?, at now: Moment) -> WebhookNews? {
        guard case .supabase = link.target else { return nil }
        return WebhookNews(isToBeRead: known?.status.status(at: now.wall) != .connected)
    }
}
