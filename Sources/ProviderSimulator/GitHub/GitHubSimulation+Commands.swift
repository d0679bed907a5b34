import StatusModel

extension GitHubSimulation {
    /// Makes or changes a repository.
    mutating func setRepository(
        _ fullName: String, _ patch: GitHubRepositoryPatch, now: UnixTime
    ) throws(ControlError) {
        let name = try Self.parsed(fullName)
        var repository = try takeOrMake(name, renamedFrom: patch.renamedFrom, now: now)
        repository.isPrivate = patch.private ?? repository.isPrivate
        repository.isArchived = patch.archived ?? repository.isArchived
        repository.isDisabled = patch.disabled ?? repository.isDisabled
        repository.isFork = patch.fork ?? repository.isFork
        repository.behind = try bounded(patch.behind, "behind", 0...1_000) ?? repository.behind
        repository.hasConflict = patch.conflict ?? repository.hasConflict
        if let workflows = patch.workflows {
            guard workflows.count <= 32, workflows.allSatisfy({ (1...255).contains($0.utf8.count) }) else {
                throw ControlError(400, "'workflows' must be at most 32 names of files")
            }
            repository.workflows = Set(workflows)
        }
        repository.requiresSSO = patch.requiresSSO ?? repository.requiresSSO
        if let branch = patch.defaultBranch { repository.setDefaultBranch(try Self.branchName(branch)) }
        if patch.empty == true {
            repository.removeAllBranches()
        } else if patch.empty == false, repository.isEmpty {
            try repository.push(
                branch: repository.defaultBranch, message: "Begin", author: "editor", at: repository.createdAt)
        }
        if let days = try bounded(patch.quietDays, "quiet_days", 0...36_500) {
            repository.pushedAt = now.advanced(by: .seconds(-86_400 * days))
        }
        if let pushedAt = patch.pushedAt { repository.pushedAt = pushedAt.time }
        repository.updatedAt = now
        repositories[repository.id] = repository
        idsByName[name.key] = repository.id
    }

    /// Takes a repository away, and every name that leads to it.
    mutating func removeRepository(_ fullName: String) throws(ControlError) {
        let repository = try existing(fullName)
        repositories[repository.id] = nil
        idsByName = idsByName.filter { $0.value != repository.id }
    }

    /// Pushes one commit, now.
    mutating func push(_ fullName: String, _ push: GitHubPush = GitHubPush(), now: UnixTime) throws(ControlError) {
        var repository = try existing(fullName)
        let message = push.message ?? "Change something"
        let author = push.author ?? "editor"
        guard (1...GitHubRepository.messageLengthMax).contains(message.utf8.count),
            (1...128).contains(author.utf8.count)
        else {
            throw ControlError(
                400, "'message' must have 1 to \(GitHubRepository.messageLengthMax) bytes and 'author' 1 to 128")
        }
        try repository.push(
            branch: try Self.branchName(push.branch ?? repository.defaultBranch), message: message, author: author,
            at: now)
        repositories[repository.id] = repository
    }

    /// Makes or changes a token; a new one is classic, with the scope `repo`.
    mutating func setToken(_ credential: String, _ patch: GitHubTokenPatch, now: UnixTime) throws(ControlError) {
        guard (1...255).contains(credential.utf8.count), credential.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ControlError(400, "a token has 1 to 255 printable ASCII characters and no blank") }
        guard tokens[credential] != nil || tokens.count < Self.tokensMax else {
            throw ControlError(409, "there are \(Self.tokensMax) tokens already; change one of them")
        }
        var token = tokens[credential] ?? GitHubToken(login: "editor", kind: .classic(scopes: ["repo"]))
        if let login = patch.login {
            guard let name = RepositoryName(owner: login, name: "x") else {
                throw ControlError(400, "'login' must have 1 to 39 letters, digits, '-', '_' or '.'")
            }
            token.login = name.owner
        }
        if let scopes = patch.scopes { token.kind = .classic(scopes: try Self.words(scopes, "scopes")) }
        if let permissions = patch.permissions {
            token.kind = .fineGrained(permissions: try Self.words(permissions, "permissions"))
        }
        token.isRevoked = patch.revoked ?? token.isRevoked
        token.isSSOAuthorized = patch.ssoAuthorized ?? token.isSSOAuthorized
        token.hourlyLimit = try bounded(patch.hourlyLimit, "hourly_limit", 0...1_000_000) ?? token.hourlyLimit
        if let seconds = try bounded(patch.expiresIn, "expires_in_s", -3_153_600_000...3_153_600_000) {
            token.expiresAt = now.advanced(by: .seconds(seconds))
        }
        if let expiresAt = patch.expiresAt { token.expiresAt = expiresAt.time }
        tokens[credential] = token
    }

    /// Makes everybody run into a limit.
    mutating func reachLimit(_ order: GitHubLimitOrder, now: UnixTime) throws(ControlError) {
        let seconds = try bounded(order.forSeconds, "for_s", 1...86_400) ?? 60
        guard [403, 429].contains(order.status ?? 403) else {
            throw ControlError(400, "'status' must be 403 or 429: GitHub sends no other at a limit")
        }
        let exhaustion = GitHubLimits.Exhaustion(
            until: now.advanced(by: .seconds(seconds)).roundedUpToSecond, status: order.status ?? 403,
            sendsRetryAfter: order.retryAfter ?? true)
        switch order.kind {
        case .primary: limits.primary = exhaustion
        case .secondary: limits.secondary = exhaustion
        }
    }

    /// Forgets every limit, every request counted and every failed login.
    mutating func clearLimits() { limits = GitHubLimits() }

    private mutating func takeOrMake(
        _ name: RepositoryName, renamedFrom: String?, now: UnixTime
    ) throws(ControlError) -> GitHubRepository {
        if let renamedFrom {
            var repository = try existing(renamedFrom)
            if let other = self.repository(name), other.id != repository.id {
                throw ControlError(409, "\(name.fullName) is there already; remove it first: DELETE the same path")
            }
            repository.name = name
            return repository
        }
        // A former name leads elsewhere; whoever makes a repository under it takes the name over, as on GitHub.
        if let repository = repository(name), repository.name.key == name.key { return repository }
        guard repositories.count < Self.repositoriesMax, idsByName.count < Self.repositoriesMax * 4 else {
            throw ControlError(409, "there are \(Self.repositoriesMax) repositories already; DELETE one of them")
        }
        var id = Fingerprint("repository", name.key).number(max: 900_000_000)
        while repositories[id] != nil { id += 1 }
        var repository = GitHubRepository(id: id, name: name, createdAt: now.advanced(by: .seconds(-365 * 86_400)))
        try repository.push(branch: "main", message: "Begin", author: "editor", at: repository.createdAt)
        try repository.push(branch: "main", message: "Add a page", author: "Ada Example", at: now)
        return repository
    }

    private func existing(_ fullName: String) throws(ControlError) -> GitHubRepository {
        guard let repository = repository(try Self.parsed(fullName)) else {
            throw ControlError(
                404, "there is no repository \(quoted(fullName)); make it: PUT /_sim/github/repos/\(fullName)")
        }
        return repository
    }

    private static func parsed(_ fullName: String) throws(ControlError) -> RepositoryName {
        guard let name = RepositoryName(fullName) else {
            throw ControlError(400, "\(quoted(fullName)) is no repository's name; write it as owner/name")
        }
        return name
    }

    private static func branchName(_ name: String) throws(ControlError) -> String {
        guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ControlError(400, "a branch has 1 to 255 printable ASCII characters and no blank")
        }
        return name
    }

    /// Scopes and permissions end up in header fields, so they are held to what stands there.
    private static func words(_ words: [String], _ name: String) throws(ControlError) -> [String] {
        let bytes = Set("abcdefghijklmnopqrstuvwxyz0123456789_:-".utf8)
        guard words.count <= 32,
            words.allSatisfy({ (1...64).contains($0.utf8.count) && $0.utf8.allSatisfy { bytes.contains($0) } })
        else { throw ControlError(400, "'\(name)' must be at most 32 lower-case words, such as \"repo\"") }
        return words
    }
}
