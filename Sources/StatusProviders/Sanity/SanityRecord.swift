package import StatusCore
package import StatusModel

/// What is kept of one linked project from read to read, in the reading's memo. Documents are asked for each time.
package struct SanityRecord: Hashable, Sendable {
    /// How long the project is not asked for again: its name hardly changes, and its being blocked may.
    package static let projectInterval = Duration.seconds(5 * 60)
    /// How long a name stands that could not be confirmed (SPEC §4).
    package static let nameStands = Duration.seconds(24 * 60 * 60)

    /// Which token and addresses the record holds for.
    package var validator: String
    package var projectName: String?
    /// When the project was asked for.
    package var projectAskedAt: UnixTime?
    /// When it answered.
    package var projectSeenAt: UnixTime?
    package var webhooks = SanityWebhooks()

    package init(validator: String) { self.validator = validator }

    package func isProjectDue(at now: UnixTime) -> Bool {
        !(projectAskedAt.map { (.zero..<Self.projectInterval).contains(now.since($0)) } ?? false)
    }

    /// Takes in the project, or that it could not be had: a robot's token need not be allowed to read it.
    package mutating func note(project: SanityProject?, now: UnixTime) {
        projectAskedAt = now
        if let project {
            (projectName, projectSeenAt) = (project.name, now)
        } else if let seenAt = projectSeenAt, !(.zero..<Self.nameStands).contains(now.since(seenAt)) {
            (projectName, projectSeenAt) = (nil, nil)
        }
    }
}

/// The reading (providers.md §4.2, §8 SN1, SN2, SN5).
extension SanityRecord {
    /// The record and the newest documents as a reading of that moment.
    package func reading(documents: SanityDocuments, of target: SanityTarget, at now: Moment) -> Reading {
        let problem = problem(documents, now: now.wall)
        var reading = Reading(
            key: .provider(.sanity), observedAt: now, status: timeline(documents, hasProblem: problem != nil),
            summary: summary(Self.activity(documents, now: now.wall)))
        reading.label = ResourceLabel(full: projectName ?? target.projectID, generic: "Sanity project")
        reading.problem = problem
        if let arrivedAt = webhooks.newestSuccess {
            reading.milestones = [
                Milestone(kind: EventKind.sanityWebhook, at: arrivedAt, message: Self.deliveredWords)
            ]
        }
        reading.isPartial = webhooks.isPartial
        reading.memo = memo
        return reading
    }

    static let deliveredWords = "Webhook delivered"

    /// Puts a change that a webhook told of into a reading that has no problem. How many documents changed today only
    /// asking tells.
    func render(changeAt time: UnixTime, into reading: inout Reading) {
        guard !webhooks.isDisabledBySanity, !webhooks.isFailing else { return }
        reading.status = Self.connected(since: time)
        let newest = Summary.Part.ago(label: Self.lastChange, time)
        switch reading.summary.parts.first {
        case .ago?, .text(Self.noChanges)?, nil: reading.summary = summary(newest)
        case let counted?: reading.summary = summary(counted)
        }
    }

    private static let lastChange = "Last change"

    private func problem(_ documents: SanityDocuments, now: UnixTime) -> ReadingProblem? {
        guard documents.isMissingPermission else { return webhooks.problem(at: now) }
        let failure = SanityClassifier.missingPermission
        return ReadingProblem(code: failure.code, cause: failure.cause, hint: failure.hint)
    }

    /// Connected until the newest change or delivery is out of the window. A mere count tells of no instant; it holds
    /// until the next read.
    private func timeline(_ documents: SanityDocuments, hasProblem: Bool) -> StatusTimeline {
        if hasProblem || webhooks.isDisabledBySanity || webhooks.isFailing { return StatusTimeline(.warning) }
        if (documents.count ?? 0) > 0 { return StatusTimeline(.connected) }
        let newest = [documents.newest, webhooks.newestSuccess].compactMap(\.self).max()
        return newest.map(Self.connected(since:)) ?? StatusTimeline(.warning)
    }

    private static func connected(since newest: UnixTime) -> StatusTimeline {
        let end = newest.advanced(by: SanityRequests.activityWindow)
        return StatusTimeline(.connected, turns: [StatusTimeline.Turn(at: end, to: .warning)])
    }

    private func summary(_ activity: Summary.Part) -> Summary {
        var parts = [activity]
        if webhooks.isDisabledBySanity { parts.append(.text("Webhook disabled by Sanity")) }
        if webhooks.isFailing {
            parts.append(.text("Webhook failing"))
        } else if webhooks.isHealthy, !webhooks.isDisabledBySanity {
            parts.append(.text("Live sync"))
        }
        return Summary(parts)
    }

    private static func activity(_ documents: SanityDocuments, now: UnixTime) -> Summary.Part {
        let today = documents.changed(onDayOf: now)
        if today > 0 {
            let isCut = documents.changes.count >= SanityRequests.documentsMax
            return .text("\(today)\(isCut ? "+" : "") \(today == 1 ? "doc" : "docs") updated today")
        }
        if let newest = documents.newest { return .ago(label: lastChange, newest) }
        if let count = documents.count, count > 0 {
            return .text("\(count) \(count == 1 ? "doc" : "docs") updated this week")
        }
        return .text(noChanges)
    }

    private static let noChanges = "No changes in 7 days"
}
