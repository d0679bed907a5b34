package import StatusModel

/// A genuine delivery, understood. What it means for a project is a pure function of what is known of it.
package protocol Webhook: Sendable {
    /// By what the provider tells its deliveries apart, the same each time one is tried; empty when it has no such name.
    var deliveryID: String { get }

    /// What it says of a link.
    ///
    /// - Parameters:
    ///   - link: One of the provider's.
    ///   - known: The newest reading of the link.
    ///   - now: When the delivery came.
    /// - Returns: What is to be told and done, which may be nothing if all of it is known; nil when it is not about the link,
    ///   or of a kind that says nothing of a status.
    func news(of link: Link, known: Reading?, at now: Moment) -> WebhookNews?
}

/// What a webhook says of one item.
///
/// It comes from signed words alone, and what is older than what is known is no part of it: a delivery that is played again
/// under another name changes nothing.
package struct WebhookNews: Hashable, Sendable {
    /// What happened, in order. Each is an event unless it is known.
    package var milestones: [Milestone]
    /// The reading as it is with that; nil when it stays, or when there was none.
    package var reading: Reading?
    /// Whether the item is read again, to confirm it and to learn the rest.
    package var isToBeRead: Bool

    package init(milestones: [Milestone] = [], reading: Reading? = nil, isToBeRead: Bool = true) {
        self.milestones = milestones
        self.reading = reading
        self.isToBeRead = isToBeRead
    }

    /// Nothing to tell; the item is to be read.
    package static let mereHint = WebhookNews()

    /// Nothing that is not known.
    package static let known = WebhookNews(isToBeRead: false)

    /// How far ahead of this host's clock a provider may date what it tells.
    package static let clockAheadMax = Duration.seconds(300)
}

/// A link for whose webhooks the configuration names secrets.
package struct WebhookLink: Hashable, Sendable {
    package var project: ProjectID
    package var link: Link
    /// Any of them may have signed: during a rotation there are two.
    package var secrets: [CredentialReference]

    package init(project: ProjectID, link: Link, secrets: [CredentialReference]) {
        self.project = project
        self.link = link
        self.secrets = secrets
    }
}

extension Link.Target {
    /// By what deliveries name what is linked; nil for a service, which sends none. GitHub's names have no case.
    package var webhookName: String? {
        switch self {
        case .github(let target): "\(target.owner)/\(target.repository)".lowercased()
        case .vercel(let target): target.project
        case .sanity(let target): target.projectID
        case .supabase(let target): target.reference
        case .service: nil
        }
    }
}
