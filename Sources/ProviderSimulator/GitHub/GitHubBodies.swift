import StatusModel

// What follows is the documented schema of github/rest-api-description, less the fields that nobody here reads.

struct GitHubUserBody: Encodable, Sendable {
    var login: String
    var id: Int
    var nodeId: String
    var type: String
    var siteAdmin = false
    var avatarUrl: String
    var url: String
    var htmlUrl: String

    init(login: String, type: String = "User", base: String) {
        self.login = login
        self.type = type
        id = Fingerprint("user", login).number(max: 90_000_000)
        nodeId = "U_" + Fingerprint("user", login).hex(digits: 12)
        avatarUrl = "https://avatars.githubusercontent.com/u/\(id)?v=4"
        url = "\(base)/users/\(login)"
        htmlUrl = "https://github.com/\(login)"
    }
}

struct GitHubRepositoryBody: Encodable, Sendable {
    struct Permissions: Encodable, Sendable {
        var admin = false
        var maintain = false
        var push = true
        var triage = true
        var pull = true
    }

    var id: Int
    var nodeId: String
    var name: String
    var fullName: String
    var owner: GitHubUserBody
    var `private`: Bool
    var visibility: String
    var description = Nullable<String>(nil)
    var homepage = Nullable<String>(nil)
    var language = Nullable<String>("Swift")
    var license = Nullable<String>(nil)
    var fork: Bool
    var archived: Bool
    var disabled: Bool
    var defaultBranch: String
    var createdAt: String
    var updatedAt: String
    var pushedAt: Nullable<String>
    var url: String
    var htmlUrl: String
    var cloneUrl: String
    var branchesUrl: String
    var commitsUrl: String
    var hooksUrl: String
    var size: Int
    var stargazersCount = 0
    var watchersCount = 0
    var forksCount = 0
    var openIssuesCount = 0
    var hasIssues = true
    var topics: [String] = []
    /// Only an authenticated caller is told.
    var permissions: Permissions?
    /// A secret in the middle of an answer, as GitHub sends it for private repositories: it must not be kept or logged.
    var tempCloneToken: String?

    init(_ repository: GitHubRepository, caller: GitHubCaller, base: String) {
        let fullName = repository.name.fullName
        id = repository.id
        nodeId = "R_" + Fingerprint("repository", String(repository.id)).hex(digits: 12)
        name = repository.name.name
        self.fullName = fullName
        owner = GitHubUserBody(login: repository.name.owner, type: "Organization", base: base)
        `private` = repository.isPrivate
        visibility = repository.isPrivate ? "private" : "public"
        fork = repository.isFork
        archived = repository.isArchived
        disabled = repository.isDisabled
        defaultBranch = repository.defaultBranch
        createdAt = TimeText.iso8601(repository.createdAt)
        updatedAt = TimeText.iso8601(repository.updatedAt)
        pushedAt = Nullable(repository.pushedAt.map(TimeText.iso8601))
        url = "\(base)/repos/\(fullName)"
        htmlUrl = "https://github.com/\(fullName)"
        cloneUrl = "https://github.com/\(fullName).git"
        branchesUrl = url + "/branches{/branch}"
        commitsUrl = url + "/commits{/sha}"
        hooksUrl = url + "/hooks"
        size = repository.isEmpty ? 0 : 128
        permissions = caller.token == nil ? nil : Permissions()
        tempCloneToken = caller.token != nil && repository.isPrivate ? "SIMULATED-SECRET-CLONE-TOKEN" : nil
    }
}

struct GitHubCommitBody: Encodable, Sendable {
    struct Signature: Encodable, Sendable {
        var name: String
        var email: String
        var date: String
    }

    struct Link: Encodable, Sendable {
        var sha: String
        var url: String
    }

    struct Verification: Encodable, Sendable {
        var verified = false
        var reason = "unsigned"
        var signature = Nullable<String>(nil)
        var payload = Nullable<String>(nil)
    }

    struct Commit: Encodable, Sendable {
        var author: Signature
        var committer: Signature
        var message: String
        var tree: Link
        var url: String
        var commentCount = 0
        var verification = Verification()
    }

    var sha: String
    var nodeId: String
    var commit: Commit
    var url: String
    var htmlUrl: String
    var commentsUrl: String
    var author: Nullable<GitHubUserBody>
    var committer: Nullable<GitHubUserBody>
    var parents: [Link]

    init(_ commit: GitHubCommit, of repository: GitHubRepository, base: String) {
        let repositoryURL = "\(base)/repos/\(repository.name.fullName)"
        let signature = Signature(
            name: commit.authorName, email: "author@example.com", date: TimeText.iso8601(commit.date))
        let tree = Fingerprint("tree", commit.sha).hex(digits: 40)
        let user = Nullable(commit.authorLogin.map { GitHubUserBody(login: $0, base: base) })
        sha = commit.sha
        nodeId = "C_" + Fingerprint("commit", commit.sha).hex(digits: 12)
        url = "\(repositoryURL)/commits/\(commit.sha)"
        self.commit = Commit(
            author: signature, committer: signature, message: commit.message,
            tree: Link(sha: tree, url: "\(repositoryURL)/git/trees/\(tree)"),
            url: "\(repositoryURL)/git/commits/\(commit.sha)")
        htmlUrl = "https://github.com/\(repository.name.fullName)/commit/\(commit.sha)"
        commentsUrl = url + "/comments"
        author = user
        committer = user
        parents = commit.parent.map { [Link(sha: $0, url: "\(repositoryURL)/commits/\($0)")] } ?? []
    }
}

struct GitHubBranchBody: Encodable, Sendable {
    var name: String
    var commit: GitHubCommitBody
    var protected = false
    var protectionUrl: String
}

struct GitHubRateLimitBody: Encodable, Sendable {
    struct Rate: Encodable, Sendable {
        var limit: Int
        var used: Int
        var remaining: Int
        var reset: Int64
        var resource = "core"

        init(_ standing: GitHubLimits.Standing) {
            limit = standing.limit
            used = standing.used
            remaining = standing.remaining
            reset = standing.resetsAt.seconds
        }
    }

    var resources: [String: Rate]
    /// Gone since version 2026-03-10.
    var rate: Rate?

    init(_ standing: GitHubLimits.Standing, version: String) {
        resources = ["core": Rate(standing)]
        rate = version == GitHubCall.versions[0] ? Rate(standing) : nil
    }
}
