import FoundationEssentials
package import StatusCore
import StatusModel

/// A delivery of GitHub's (providers.md §2.3): https://docs.github.com/webhooks/webhook-events-and-payloads
package struct GitHubWebhook: Webhook {
    private enum Event: String {
        case push, repository
        /// An app's access to some repositories has changed.
        case installation
        case repositories = "installation_repositories"
    }

    /// The same each time the delivery is tried.
    package let deliveryID: String
    /// Nil for what says nothing of a status, such as a ping.
    private let event: Event?
    private let body: GitHubWebhookBody

    /// Nil when the body is no JSON object.
    package init?(_ headers: WebhookHeaders, _ body: [UInt8]) {
        guard let body = try? JSONDecoder().decode(GitHubWebhookBody.self, from: Data(body)) else { return nil }
        deliveryID = WebhookReader.deliveryID(headers["x-github-delivery"])
        event = headers["x-github-event"].flatMap(Event.init)
        self.body = body
    }

    /// The repositories that it is about, under the names of links. One that was renamed has two.
    package var names: [String] { body.fullNames.map { $0.lowercased() } }

    package func news(of link: Link, known: Reading?, at now: Moment) -> WebhookNews? {
        guard let event, concerns(link, known) else { return nil }
        switch event {
        case .push: return push(known, at: now)
        case .repository: return repository(known, at: now)
        case .installation, .repositories: return .mereHint
        }
    }

    /// A link may have the repository's former name, which reads have found the new one by.
    private func concerns(_ link: Link, _ known: Reading?) -> Bool {
        let linked = [link.target.webhookName, known.flatMap(GitHubRecord.init(confirming:))?.repository.path.fullName]
        return linked.contains { $0.map { names.contains($0.lowercased()) } ?? false }
    }

    /// The newest push to any branch or tag, as the status counts it.
    private func push(_ known: Reading?, at now: Moment) -> WebhookNews {
        guard let pushedAt = body.repository?.pushedAt, pushedAt.since(now.wall) <= WebhookNews.clockAheadMax else {
            return .mereHint
        }
        var milestone = GitHubRecord.push(at: pushedAt)
        milestone.isTold = true
        guard let known else { return WebhookNews(milestones: [milestone]) }
        guard known.milestones.allSatisfy({ milestone.isNews(after: $0) }) else { return .known }
        guard var record = GitHubRecord(confirming: known) else {
            var reading = known
            reading.milestones = [milestone]
            return WebhookNews(milestones: [milestone], reading: reading)
        }
        record.repository.pushedAt = pushedAt
        // There is a commit now.
        if record.commits == .empty { record.commits = nil }
        var reading = reading(of: record, known, at: now)
        reading.milestones = [milestone]
        return WebhookNews(milestones: [milestone], reading: reading)
    }

    /// Renamed, archived, made private and the like. What was read after the change knows better.
    private func repository(_ known: Reading?, at now: Moment) -> WebhookNews {
        guard let known, let record = GitHubRecord(confirming: known), let changedAt = body.repository?.updatedAt,
            changedAt > known.observedAt.wall(asOf: now), !["deleted", "transferred"].contains(body.action)
        else { return .mereHint }
        return WebhookNews(reading: reading(of: record, known, at: now))
    }

    private func reading(of record: GitHubRecord, _ known: Reading, at now: Moment) -> Reading {
        var record = record
        if let told = body.repository { record.repository.note(told) }
        var reading = record.reading(at: now, budget: known.budget)
        reading.notBefore = known.notBefore
        return reading
    }
}

extension GitHubRepository {
    /// Takes in what a delivery says of the repository as it is.
    fileprivate mutating func note(_ told: GitHubWebhookBody.Repository) {
        if let path = told.fullName.flatMap(GitHubRepositoryPath.init(fullName:)) { self.path = path }
        if let branch = told.defaultBranch, branch.utf8.count <= Self.branchBytesMax, branch.isPrintable {
            defaultBranch = branch
        }
        isPrivate = told.isPrivate ?? isPrivate
        isArchived = told.isArchived ?? isArchived
        isDisabled = told.isDisabled ?? isDisabled
    }
}
