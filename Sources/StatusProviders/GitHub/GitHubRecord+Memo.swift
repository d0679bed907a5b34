import StatusCore
import StatusModel

/// The record as the reading's memo. The store keeps it, so it is read back as carefully as an answer is.
extension GitHubRecord {
    private enum Field {
        static let validator = "validator"
        static let fullName = "full_name"
        static let isPrivate = "private"
        static let defaultBranch = "default_branch"
        /// Nanoseconds since the epoch.
        static let pushedAt = "pushed_at"
        static let isArchived = "archived"
        static let isDisabled = "disabled"
        static let etag = "etag"
        static let commits = "commits"
        static let commitsETag = "commits_etag"
        /// Nanoseconds since the epoch.
        static let commitsAt = "commits_at"
        static let renamedTo = "renamed_to"
        /// Nanoseconds since the epoch.
        static let renamedAt = "renamed_at"
        static let granted = "scopes"
        static let accepted = "accepted_scopes"
        /// Nanoseconds since the epoch.
        static let expiresAt = "token_expires_at"
    }

    /// What to keep until the next read. Holds no token and no part of one.
    package var memo: [String: String] {
        var memo = [
            Field.validator: validator, Field.fullName: repository.path.fullName,
            Field.isPrivate: String(repository.isPrivate), Field.defaultBranch: repository.defaultBranch,
            Field.isArchived: String(repository.isArchived), Field.isDisabled: String(repository.isDisabled),
        ]
        memo[Field.pushedAt] = repository.pushedAt.map { String($0.nanoseconds) }
        memo[Field.etag] = etag
        memo[Field.commits] = commits?.rawValue
        memo[Field.commitsETag] = commitsETag
        memo[Field.commitsAt] = commitsAt.map { String($0.nanoseconds) }
        memo[Field.renamedTo] = renamedTo?.fullName
        memo[Field.renamedAt] = renamedAt.map { String($0.nanoseconds) }
        memo[Field.granted] = token.granted
        memo[Field.accepted] = token.accepted
        memo[Field.expiresAt] = token.expiresAt.map { String($0.nanoseconds) }
        return memo
    }

    /// Reads back what ``memo`` wrote; nil when it is not for `validator`, or not whole.
    package init?(memo: [String: String], validator: String) {
        guard memo[Field.validator] == validator,
            let path = memo[Field.fullName].flatMap(GitHubRepositoryPath.init(fullName:)),
            let isPrivate = memo[Field.isPrivate].flatMap(Bool.init),
            let isArchived = memo[Field.isArchived].flatMap(Bool.init),
            let isDisabled = memo[Field.isDisabled].flatMap(Bool.init), let branch = memo[Field.defaultBranch]
        else { return nil }
        self.init(
            validator: validator,
            repository: GitHubRepository(
                path: path, isPrivate: isPrivate, defaultBranch: branch, pushedAt: Self.instant(memo[Field.pushedAt]),
                isArchived: isArchived, isDisabled: isDisabled),
            token: GitHubToken(
                granted: memo[Field.granted], accepted: memo[Field.accepted],
                expiresAt: Self.instant(memo[Field.expiresAt])))
        etag = Self.usableETag(memo[Field.etag])
        commits = memo[Field.commits].flatMap(GitHubCommits.init(rawValue:))
        commitsETag = Self.usableETag(memo[Field.commitsETag])
        commitsAt = Self.instant(memo[Field.commitsAt])
        renamedTo = memo[Field.renamedTo].flatMap(GitHubRepositoryPath.init(fullName:))
        renamedAt = Self.instant(memo[Field.renamedAt])
    }

    /// What a reading rests on, whichever token it was read with; nil when its memo is not whole.
    init?(confirming reading: Reading) {
        let memo = reading.memo
        guard let validator = memo[Field.validator] else { return nil }
        self.init(memo: memo, validator: validator)
    }

    private static func instant(_ text: String?) -> UnixTime? {
        text.flatMap { Int64($0) }.map(UnixTime.init(nanoseconds:))
    }
}
