package import StatusCore
import StatusModel

/// A delivery of Sanity's (providers.md §4.5). Its body is whatever the hook's projection says, and never read: that it came
/// is the news.
///
/// The instant is the one that was signed. The headers beside it are not, so they say no more than whom it is for.
package struct SanityWebhook: Webhook {
    static let signatureHeader = "sanity-webhook-signature"

    /// The same each time the delivery is tried.
    package let deliveryID: String
    private let signedAt: UnixTime
    private let project: String?
    private let dataset: String?
    private let hook: String?

    /// Nil when it bears no instant.
    package init?(_ headers: WebhookHeaders) {
        guard let signature = headers[Self.signatureHeader].flatMap(SanitySignature.init) else { return nil }
        signedAt = signature.signedAt
        deliveryID = WebhookReader.deliveryID(headers["idempotency-key"])
        project = headers["sanity-project-id"]
        dataset = headers["sanity-dataset"]
        hook = headers["sanity-webhook-id"]
    }

    package var names: [String] { project.map { [$0] } ?? [] }

    package func news(of link: Link, known: Reading?, at now: Moment) -> WebhookNews? {
        guard case .sanity(let target) = link.target, concerns(target) else { return nil }
        let milestone = Milestone(
            kind: EventKind.sanityWebhook, at: min(signedAt, now.wall), message: SanityRecord.deliveredWords,
            isTold: true)
        guard let known else { return WebhookNews(milestones: [milestone]) }
        guard known.milestones.allSatisfy({ milestone.isNews(after: $0) }) else { return .known }
        return WebhookNews(milestones: [milestone], reading: reading(known, with: milestone, at: now))
    }

    /// An alias (`~name`) may stand for any dataset.
    private func concerns(_ target: SanityTarget) -> Bool {
        let isProject = project.map { $0 == target.projectID } ?? true
        return isProject && (target.dataset.hasPrefix("~") || dataset.map { $0 == target.dataset } ?? true)
    }

    /// A delivery proves that a document changed, and that this hook's deliveries arrive.
    private func reading(_ known: Reading, with milestone: Milestone, at now: Moment) -> Reading {
        var reading = known
        reading.observedAt = now
        if var record = SanityRecord(confirming: known) {
            if let hook { record.webhooks.noteArrival(at: milestone.at, of: hook) }
            reading.memo = record.memo
            if known.problem == nil { record.render(changeAt: milestone.at, into: &reading) }
        }
        reading.milestones = [milestone]
        return reading
    }
}
