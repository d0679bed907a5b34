import StatusModel

/// One commit of a branch.
struct GitHubCommit: Hashable, Sendable {
    var sha: String
    var parent: String?
    var message: String
    var authorName: String
    /// The account that the author's address belongs to; nil when it belongs to none.
    var authorLogin: String?
    var date: UnixTime
}

/// One repository as GitHub knows it.
struct GitHubRepository: Hashable, Sendable {
    /// How many commits of a branch are kept, the newest ones.
    static let commitsMax = 100
    static let branchesMax = 32
    static let messageLengthMax = 4_096

    let id: Int
    var name: RepositoryName
    var isPrivate = false
    var isArchived = false
    var isDisabled = false
    var isFork = false
    /// Whether its organization asks for single sign-on.
    var requiresSSO = false
    var defaultBranch = "main"
    let createdAt: UnixTime
    /// When its description or settings changed; a push does not count, so `last-modified` does not tell of it.
    var updatedAt: UnixTime
    /// The last push to any branch.
    var pushedAt: UnixTime?
    /// Of a fork: how many commits its upstream has that it has not.
    var behind = 0
    /// Whether these conflict with its own.
    var hasConflict = false
    /// Files of workflows that may be dispatched.
    var workflows: Set<String> = ["deploy.yml"]
    /// Events and runs of workflows that somebody ordered.
    var dispatches = 0
    /// The history of each branch, newest first. No branch at all: the repository is empty.
    private(set) var branches: [String: [GitHubCommit]] = [:]

    init(id: Int, name: RepositoryName, createdAt: UnixTime) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    var isEmpty: Bool { branches.isEmpty }

    /// Puts a commit on top of a branch, made when it was pushed; a new branch starts at the default one.
    mutating func push(branch: String, message: String, author: String, at time: UnixTime) throws(ControlError) {
        guard branches[branch] != nil || branches.count < Self.branchesMax else {
            throw ControlError(409, "\(name.fullName) has \(Self.branchesMax) branches already; push to one of them")
        }
        var history = branches[branch] ?? branches[defaultBranch] ?? []
        let parent = history.first?.sha
        let sha = Fingerprint(String(id), branch, parent ?? "", message, String(time.nanoseconds)).hex(digits: 40)
        history.insert(
            GitHubCommit(
                sha: sha, parent: parent, message: message, authorName: author,
                authorLogin: author.contains(" ") ? nil : author, date: time),
            at: 0)
        branches[branch] = Array(history.prefix(Self.commitsMax))
        pushedAt = time
    }

    mutating func removeAllBranches() { branches = [:] }

    /// Renames the default branch, its history with it; a name that is a branch already is merely chosen.
    mutating func setDefaultBranch(_ branch: String) {
        if branches[branch] == nil { branches[branch] = branches.removeValue(forKey: defaultBranch) }
        defaultBranch = branch
    }

    /// The history from a branch's head or from a commit downwards; nil when neither is there.
    func history(from start: String) -> ArraySlice<GitHubCommit>? {
        if let history = branches[start] { return history[...] }
        for history in branches.values {
            if let index = history.firstIndex(where: { $0.sha == start }) { return history[index...] }
        }
        return nil
    }
}
