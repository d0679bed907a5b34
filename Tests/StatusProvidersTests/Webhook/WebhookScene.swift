import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import TestSupport

/// What deliveries say of links at 2026-01-15T12:00:00Z.
struct WebhookScene {
    static let now = Moment(instant: ContinuousClock.now, wall: UnixTime(seconds: 1_768_478_400))

    static let github = Link(target: .github(GitHubTarget(owner: "octo", repository: "hello")))
    static let vercel = Link(target: .vercel(VercelTarget(project: "prj_shop", teamID: "team_1")))
    static let sanity = Link(target: .sanity(SanityTarget(projectID: "n1f7yabc")))
    static let supabase = Link(target: .supabase(SupabaseTarget(reference: "abcdefghijklmnopqrst")))

    static func ago(_ seconds: Int64) -> UnixTime { now.wall.advanced(by: .seconds(-seconds)) }

    /// What a delivery says; nil when it says nothing of the link, or cannot be read.
    static func news(
        _ delivery: WebhookDelivery, of link: Link, known: Reading?, at now: Moment = Self.now
    ) -> WebhookNews? {
        WebhookReader.webhook(in: delivery)?.news(of: link, known: known, at: now)
    }

    static func push(
        to repository: String = "octo/hello", at time: UnixTime, isPrivate: Bool = false
    ) -> WebhookDelivery {
        WebhookSamples.github(body: WebhookSamples.push(to: repository, at: time, isPrivate: isPrivate))
    }
}

extension Reading {
    /// The line that people read.
    func words() -> String { summary.parts.map(Self.word).joined(separator: " · ") }

    private static func word(_ part: Summary.Part) -> String {
        switch part {
        case .text(let text), .restricted(let text, _), .measured(let text): text
        case .ago(let label, let time): "\(label) \(WebhookScene.now.wall.since(time).components.seconds)s ago"
        }
    }
}
