import StatusModel

extension GitHubSimulation {
    func repository(_ name: RepositoryName) -> GitHubRepository? {
        idsByName[name.key].flatMap { repositories[$0] }
    }

    /// Answers what is asked of one repository: where it is, whether the caller may see it, and then the part.
    mutating func answer(
        _ call: GitHubCall, for resource: GitHubCall.Resource, caller: GitHubCaller, now: UnixTime
    ) -> SimulatedAnswer {
        let found: GitHubRepository? =
            switch resource.address {
            case .name(let name): repository(name)
            case .id(let id): repositories[id]
            }
        // Whoever may not see a private repository is not told that there is one.
        guard let repository = found, !repository.isPrivate || caller.token?.reachesPrivate == true else {
            return GitHubAnswers.notFound
        }
        if case .name(let name) = resource.address, name.key != repository.name.key {
            let target = call.request.queryText.map { "?" + $0 } ?? ""
            return GitHubAnswers.moved(
                to: "\(call.base)/repositories/\(repository.id)\(resource.suffix)\(target)",
                keepsMethod: call.request.method == "POST")
        }
        if repository.requiresSSO, let token = caller.token, !token.isSSOAuthorized {
            return GitHubAnswers.needsSSO(organization: repository.name.owner)
        }
        let permission = resource.part.permission
        if let token = caller.token, !token.permits(permission) { return GitHubAnswers.notPermitted(permission) }
        switch resource.part {
        case .repository: return Self.describe(repository, call: call, caller: caller)
        case .commits: return Self.commits(of: repository, call: call)
        case .branch(let name): return Self.branch(name, of: repository, call: call)
        case .dispatch, .workflow, .mergeUpstream:
            // Nobody writes anonymously, nor without the scope, and is told so as if there were nothing.
            guard caller.token?.reachesPrivate == true else { return GitHubAnswers.notFound }
            return order(call, resource.part, repository, now: now)
        }
    }

    private static func describe(
        _ repository: GitHubRepository, call: GitHubCall, caller: GitHubCaller
    ) -> SimulatedAnswer {
        .json(
            200, GitHubRepositoryBody(repository, caller: caller, base: call.base),
            headers: [
                "last-modified": TimeText.http(repository.updatedAt), "x-accepted-oauth-scopes": "repo",
            ])
    }

    private static func branch(_ name: String, of repository: GitHubRepository, call: GitHubCall) -> SimulatedAnswer {
        guard let head = repository.branches[name]?.first else { return GitHubAnswers.branchNotFound }
        let url = "\(call.base)/repos/\(repository.name.fullName)/branches/\(PercentCoding.encoded(name))"
        return .json(
            200,
            GitHubBranchBody(
                name: name, commit: GitHubCommitBody(head, of: repository, base: call.base),
                protectionUrl: url + "/protection"))
    }

    private static func commits(of repository: GitHubRepository, call: GitHubCall) -> SimulatedAnswer {
        guard !repository.isEmpty else { return GitHubAnswers.emptyRepository }
        let start = call.request.query("sha")
        guard let history = repository.history(from: start ?? repository.defaultBranch) else {
            return GitHubAnswers.notFound
        }
        let page = CommitPage(call.request, count: history.count)
        let bodies = history.dropFirst(page.offset).prefix(page.size).map {
            GitHubCommitBody($0, of: repository, base: call.base)
        }
        let url = "\(call.base)/repositories/\(repository.id)/commits"
        var answer = SimulatedAnswer.json(200, bodies)
        answer.headers["last-modified"] = history.first.map { TimeText.http($0.date) }
        answer.headers["link"] = page.links(url: url, sha: start)
        return answer
    }
}

/// One page of a list (docs.github.com, "Using pagination in the REST API").
struct CommitPage: Hashable {
    static let sizeDefault = 30
    static let sizeMax = 100
    private static let numberMax = 1_000_000

    let size: Int
    let number: Int
    let lastNumber: Int

    /// Reads `per_page` and `page`; what is no number, or out of bounds, counts as the nearest that is allowed.
    init(_ request: SimulatedRequest, count: Int) {
        size = min(max(request.query("per_page").flatMap { Int($0) } ?? Self.sizeDefault, 1), Self.sizeMax)
        number = min(max(request.query("page").flatMap { Int($0) } ?? 1, 1), Self.numberMax)
        lastNumber = max(1, (count + size - 1) / size)
    }

    var offset: Int { (number - 1) * size }

    /// The `link` field; nil when everything is on one page.
    func links(url: String, sha: String?) -> String? {
        var links: [String] = []
        func add(_ page: Int, _ relation: String) {
            let start = sha.map { "sha=\(PercentCoding.encoded($0))&" } ?? ""
            links.append("<\(url)?\(start)per_page=\(size)&page=\(page)>; rel=\"\(relation)\"")
        }
        if number > 1 { add(number - 1, "prev") }
        if number < lastNumber {
            add(number + 1, "next")
            add(lastNumber, "last")
        }
        if number > 1 { add(1, "first") }
        return links.isEmpty ? nil : links.joined(separator: ", ")
    }
}
