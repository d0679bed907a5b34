import StatusCore
import StatusModel
import TestSupport

/// What the tests of the core are about: one project, its readings and failures, at 2026-01-01T00:00:00Z.
enum Samples {
    static let start = Moment(instant: ContinuousClock.now, wall: UnixTime(seconds: 1_767_225_600))

    /// Shows the bytes themselves, so that a failing expectation tells what differs.
    static let digest: DigestFunction = { String(decoding: $0, as: UTF8.self) }

    static let github = ItemKey.provider(.github)
    static let vercel = ItemKey.provider(.vercel)

    static func reading(
        _ key: ItemKey = github, at moment: Moment = start, status: ConnectionState = .connected,
        pushed: Duration = .seconds(-120)
    ) -> Reading {
        var reading = Reading(
            key: key, observedAt: moment, status: StatusTimeline(status),
            summary: Summary([
                .restricted("Linked to main", generic: "Linked"),
                .ago(label: "Last push", start.wall.advanced(by: pushed)),
            ]))
        reading.label = ResourceLabel(full: "octo-org/octo-repo", generic: "Private repository")
        return reading
    }

    static func failure(
        _ code: ProblemCode = .network, cause: ProblemCause = .host,
        _ disposition: ProviderFailure.Disposition = .keepsLast, retryAfter: UnixTime? = nil
    ) -> ProviderFailure {
        ProviderFailure(
            code: code, cause: cause, hint: "Look at octo-org.", disposition: disposition, retryAfter: retryAfter)
    }

    static let revoked = failure(.oauthRevoked, cause: .refused, .replaces)
    static let throttled = failure(.rateLimited, cause: .throttled)

    static func record(
        _ key: ItemKey = github, reading: Reading? = nil, failure: ProviderFailure? = nil, failedAt: Moment = start
    ) -> ItemRecord {
        var record = ItemRecord(key: key, link: .linked)
        record.reading = reading
        record.failure = failure.map {
            FailureRecord(failure: $0, firstSeenAt: failedAt, lastSeenAt: failedAt, attempts: 1)
        }
        return record
    }

    static func definition(
        _ keys: [ItemKey], hidden: [ItemKey: Set<Role>] = [:], repository: String = "octo-repo"
    ) -> ProjectDefinition {
        let link = Link(target: .github(GitHubTarget(owner: "octo-org", repository: repository)))
        guard let id = ProjectID("shop") else { preconditionFailure("the sample's name is well-formed") }
        return ProjectDefinition(
            id: id, links: Dictionary(uniqueKeysWithValues: keys.map { ($0, link) }), hidden: hidden)
    }

    static func project(_ keys: [ItemKey] = [github], hidden: [ItemKey: Set<Role>] = [:]) -> ProjectSnapshot {
        ProjectSnapshot(definition: definition(keys, hidden: hidden))
    }

    static func view(_ record: ItemRecord, role: Role = .owner, at now: Moment = start) -> ItemView {
        ItemView(of: record, isHidden: false, role: role, now: now)
    }

    static func render(_ snapshot: ProjectSnapshot, role: Role = .owner, at now: Moment = start) -> RenderedView {
        ViewRenderer.render(snapshot, role: role, now: now, digest: digest)
    }
}

extension Moment {
    func after(_ seconds: Double) -> Moment { advanced(by: .seconds(seconds)) }
}
