import FoundationEssentials
package import StatusModel

/// What is kept of `GET /repos/{owner}/{repo}`. Only these fields are decoded, so nothing secret beside them
/// (`temp_clone_token`) is ever held.
package struct GitHubRepository: Hashable, Sendable {
    /// A branch's name is at most as long as a file's.
    package static let branchBytesMax = 255

    package var path: GitHubRepositoryPath
    package var isPrivate: Bool
    /// Empty when GitHub does not say.
    package var defaultBranch: String
    /// The newest push to any branch or tag. An empty repository has its creation here.
    package var pushedAt: UnixTime?
    package var isArchived: Bool
    package var isDisabled: Bool

    package init(
        path: GitHubRepositoryPath, isPrivate: Bool, defaultBranch: String, pushedAt: UnixTime?,
        isArchived: Bool = false, isDisabled: Bool = false
    ) {
        self.path = path
        self.isPrivate = isPrivate
        self.defaultBranch = defaultBranch
        self.pushedAt = pushedAt
        self.isArchived = isArchived
        self.isDisabled = isDisabled
    }

    /// Reads an answer's body; nil when it is no repository.
    ///
    /// Enterprise hosts and older answers lack some fields: `full_name` is then put together from the owner, the branch
    /// taken from `master_branch`, and a repository that does not say so counts as private, which shows less.
    package init?(json body: [UInt8]) {
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else { return nil }
        let owned = wire.owner.flatMap { owner in wire.name.map { "\(owner.login)/\($0)" } }
        guard let path = (wire.fullName ?? owned).flatMap(GitHubRepositoryPath.init(fullName:)) else { return nil }
        let branch = wire.defaultBranch ?? wire.masterBranch ?? ""
        guard branch.utf8.count <= Self.branchBytesMax, branch.isPrintable else { return nil }
        var pushedAt: UnixTime?
        if let text = wire.pushedAt {
            guard let instant = ISO8601Instant.parse(text) else { return nil }
            pushedAt = instant
        }
        self.init(
            path: path, isPrivate: wire.isPrivate ?? true, defaultBranch: branch, pushedAt: pushedAt,
            isArchived: wire.archived ?? false, isDisabled: wire.disabled ?? false)
    }

    private struct Wire: Decodable {
        struct Owner: Decodable {
            var login: String
        }

        enum CodingKeys: String, CodingKey {
            case fullName = "full_name"
            case name, owner
            case isPrivate = "private"
            case defaultBranch = "default_branch"
            case masterBranch = "master_branch"
            case pushedAt = "pushed_at"
            case archived, disabled
        }

        var fullName: String?
        var name: String?
        var owner: Owner?
        var isPrivate: Bool?
        var defaultBranch: String?
        var masterBranch: String?
        var pushedAt: String?
        var archived: Bool?
        var disabled: Bool?
    }
}
