import FoundationEssentials
package import StatusCore
import StatusModel

/// A delivery of Vercel's (providers.md §3.3): https://vercel.com/docs/webhooks/webhooks-api
///
/// Vercel keeps no order between deliveries, so each is judged by the instant it was made at, and one deployment's begin and
/// end are known by its id.
package struct VercelWebhook: Webhook {
    fileprivate enum Event {
        case created, succeeded, failed
        /// Only asking tells what became of it.
        case changed
    }

    private static let events: [String: Event] = [
        "deployment.created": .created, "deployment.succeeded": .succeeded, "deployment.promoted": .succeeded,
        "deployment.error": .failed, "deployment.canceled": .changed, "deployment.rollback": .changed,
        "deployment.cleanup": .changed, "project.removed": .changed, "project.renamed": .changed,
        "integration-configuration.removed": .changed, "integration-configuration.permission-upgraded": .changed,
        "integration-configuration.scope-change-confirmed": .changed,
    ]

    /// Stands in the signed body.
    package let deliveryID: String
    /// Nil for what says nothing of a status.
    private let event: Event?
    private let body: VercelWebhookBody

    /// Nil when the body is no JSON object.
    package init?(_ body: [UInt8]) {
        guard let body = try? JSONDecoder().decode(VercelWebhookBody.self, from: Data(body)) else { return nil }
        deliveryID = WebhookReader.deliveryID(body.id)
        event = Self.events[body.type]
        self.body = body
    }

    /// The projects that it is about, by their ids and names: links have either.
    package var names: [String] { body.projects }

    package func news(of link: Link, known: Reading?, at now: Moment) -> WebhookNews? {
        guard let event, case .vercel(let target) = link.target, concerns(target) else { return nil }
        guard let kind = event.kind, body.isProduction, let deployment = body.deployment,
            let createdAt = body.createdAt, createdAt.since(now.wall) <= WebhookNews.clockAheadMax
        else { return .mereHint }
        let milestone = Milestone(
            kind: kind, at: createdAt, message: event.message, subject: deployment.id, isTold: true)
        // There is nothing yet that could remember that its end was told, if that came first.
        guard let known else { return event == .created ? .mereHint : WebhookNews(milestones: [milestone]) }
        guard known.milestones.allSatisfy({ milestone.isNews(after: $0) }) else { return .known }
        var reading = known
        reading.observedAt = now
        reading.milestones.removeAll { $0.kind == kind }
        reading.milestones.append(milestone)
        switch event {
        case .created: reading.noteBegin()
        case .succeeded: reading.noteEnd(.connected, at: createdAt, url: deployment.url)
        case .failed: reading.noteEnd(.warning, at: createdAt, url: "")
        case .changed: break
        }
        return WebhookNews(milestones: [milestone], reading: reading)
    }

    /// Teams may have projects of one name. A slug cannot be compared with an id.
    private func concerns(_ target: VercelTarget) -> Bool {
        guard names.contains(target.project) else { return false }
        guard let team = target.teamID, team.hasPrefix("team_"), let told = body.team else { return true }
        return team == told
    }
}

extension VercelWebhook.Event {
    fileprivate var kind: String? {
        switch self {
        case .created: EventKind.deployStarted
        case .succeeded, .failed: EventKind.deployFinished
        case .changed: nil
        }
    }

    fileprivate var message: String {
        switch self {
        case .created: VercelStanding.startedWords
        case .succeeded: VercelStanding.succeededWords
        case .failed: VercelStanding.failedWords
        case .changed: ""
        }
    }
}

/// What a production deployment changes in a reading, until it is read again.
extension Reading {
    private static let deploying = Summary.Part.text("Deploying")
    private static let production = VercelDeployment.Environment.production.name

    fileprivate mutating func noteBegin() {
        guard !summary.parts.contains(Self.deploying) else { return }
        summary.parts.append(Self.deploying)
        guard let index = environments.firstIndex(where: { $0.name == Self.production }) else { return }
        environments[index].summary.parts.append(Self.deploying)
    }

    /// A deployment ended. One that failed leaves the earlier one live, if there was one.
    fileprivate mutating func noteEnd(_ state: ConnectionState, at time: UnixTime, url: String) {
        let isLive = state == .connected
        // What stands beside the deployments, such as a project that cannot be had, still does.
        status = StatusTimeline(problem == nil ? state : .warning)
        var words = [isLive ? "Live" : "Production failing"]
        var environment =
            environments.first { $0.name == Self.production }
            ?? EnvironmentReading(name: Self.production, status: StatusTimeline(.error), summary: Summary([]))
        let hadServed = environment.status.initial != .error
        if !isLive, hadServed { words.append("Earlier one live") }
        summary.parts = Array(summary.parts.prefix(1)) + words.map(Summary.Part.text)
        environment.status = StatusTimeline(isLive ? .connected : hadServed ? .warning : .error)
        environment.summary = Summary(
            isLive ? [.text("Live"), .ago(label: "Deployed", time)] : [.ago(label: "Failed", time)])
        if !isLive, hadServed { environment.summary.parts.append(.text("Earlier one live")) }
        environment.lastDeployAt = time
        if !url.isEmpty { environment.url = url }
        environments.removeAll { $0.name == Self.production }
        environments.insert(environment, at: 0)
    }
}
