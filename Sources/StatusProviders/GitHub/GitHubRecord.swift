package import HTTPClient
package import StatusCore
package import StatusModel

/// All that is known of one linked repository: kept in the reading's memo between reads, and rendered into a reading.
///
/// A 200 replaces it and a 304 confirms it, so both give the reading by the same way.
package struct GitHubRecord: Hashable, Sendable {
    /// How long after its last push a repository counts as in use (SPEC §2).
    package static let activityWindow = Duration.seconds(7 * 86_400)
    /// How long the commits are not asked for again once they were refused.
    package static let refusalStands = Duration.seconds(15 * 60)
    /// How long a new name is asked for before the linked one is tried again (SPEC §4): by then the linked name may belong
    /// to another repository.
    package static let renameStands = Duration.seconds(24 * 60 * 60)
    /// Longer ETags are not kept. GitHub's have 70.
    package static let etagBytesMax = 256

    /// Which token, URL, media type and version the record holds for.
    package var validator: String
    package var repository: GitHubRepository
    package var token: GitHubToken
    /// The repository's ETag, exactly as received.
    package var etag: String?
    /// Nil while the probe has no answer.
    package var commits: GitHubCommits?
    package var commitsETag: String?
    /// When the probe had that answer.
    package var commitsAt: UnixTime?
    /// Where a permanent redirect led: the name to ask for from then on.
    package var renamedTo: GitHubRepositoryPath?
    /// When the linked name led there.
    package var renamedAt: UnixTime?

    package init(validator: String, repository: GitHubRepository, token: GitHubToken = GitHubToken()) {
        self.validator = validator
        self.repository = repository
        self.token = token
    }

    /// Reads a repository's answer; nil when it is none.
    package init?(_ answer: HTTPResponse, validator: String) {
        guard let repository = GitHubRepository(json: answer.body) else { return nil }
        self.init(validator: validator, repository: repository, token: GitHubToken(answer.headers))
        etag = Self.usableETag(answer.headers["etag"])
    }

    /// An ETag that can be sent back; nil for one that cannot.
    package static func usableETag(_ value: String?) -> String? {
        guard let value, !value.isEmpty, value.utf8.count <= etagBytesMax,
            value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        return value
    }

    /// The name to ask for in place of the linked one; nil when there is none, or the linked one is to be tried again.
    package func rename(standingAt now: UnixTime) -> GitHubRepositoryPath? {
        guard let renamedAt, (.zero..<Self.renameStands).contains(now.since(renamedAt)) else { return nil }
        return renamedTo
    }

    /// Whether the answer about commits still stands beside a newer record of the repository: until the next push, and
    /// a refusal only for a while, for a permission can be granted without one.
    package func commitsStand(beside newer: GitHubRepository, now: UnixTime) -> Bool {
        guard repository.path == newer.path, repository.pushedAt == newer.pushedAt,
            repository.defaultBranch == newer.defaultBranch
        else { return false }
        switch commits {
        case .present, .empty: return true
        case .refused, .inconclusive:
            return commitsAt.map { (.zero..<Self.refusalStands).contains(now.since($0)) } ?? false
        case nil: return false
        }
    }
}

extension GitHubRecord {
    /// Takes in what the probe of the commits was answered. What settles nothing leaves the probe to be made again.
    package mutating func note(commits answer: HTTPResponse, sentETag: String?, now: UnixTime) {
        commitsAt = now
        if answer.status == 304, sentETag != nil {
            commits = .present
        } else if let found = GitHubCommits(answer, now: now) {
            commits = found
            commitsETag = found == .present ? Self.usableETag(answer.headers["etag"]) : nil
        }
    }
}

/// The reading (providers.md §8, GH1, GH2, GH8).
extension GitHubRecord {
    /// The record as a reading of that moment.
    package func reading(at now: Moment, budget: RateBudget?) -> Reading {
        let problem = problem(now: now.wall)
        var reading = Reading(
            key: .provider(.github), observedAt: now, status: timeline(problem: problem), summary: summary)
        reading.label = ResourceLabel(
            full: repository.path.fullName, generic: repository.isPrivate ? "Private repository" : "Repository")
        reading.problem = problem
        if let pushedAt = repository.pushedAt, commits != .empty {
            reading.milestones = [Self.push(at: pushedAt)]
        }
        reading.budget = budget
        reading.memo = memo
        return reading
    }

    static func push(at time: UnixTime) -> Milestone {
        Milestone(kind: EventKind.githubPush, at: time, message: "New push")
    }

    private func problem(now: UnixTime) -> ReadingProblem? {
        let scope = token.problem(isPrivate: repository.isPrivate, now: now)
        guard commits == .refused, scope?.code != .missingScope else { return scope }
        return ReadingProblem(
            code: .missingScope, cause: .refused,
            hint: "The token may not read the repository's commits; grant it Contents: read.")
    }

    private func timeline(problem: ReadingProblem?) -> StatusTimeline {
        guard let pushedAt = repository.pushedAt, commits != .empty, problem == nil, !repository.isArchived,
            !repository.isDisabled
        else { return StatusTimeline(.warning) }
        return StatusTimeline(
            .connected, turns: [StatusTimeline.Turn(at: pushedAt.advanced(by: Self.activityWindow), to: .warning)])
    }

    private var summary: Summary {
        let branch = repository.defaultBranch
        // A branch's name tells what is worked on, as the repository's does.
        var parts: [Summary.Part] = [
            branch.isEmpty ? .text("Linked") : .restricted("Linked to \(branch)", generic: "Linked")
        ]
        if repository.isArchived { parts.append(.text("Archived")) }
        if repository.isDisabled { parts.append(.text("Disabled by GitHub")) }
        if commits == .empty {
            parts.append(.text("No commits yet"))
        } else if let pushedAt = repository.pushedAt {
            parts.append(.ago(label: "Last push", pushedAt))
        } else {
            parts.append(.text("No push yet"))
        }
        return Summary(parts)
    }
}
