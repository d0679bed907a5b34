import StatusModel

extension VercelSimulation {
    /// Makes or changes a project; a new one has one production deployment, made just now.
    mutating func setProject(_ name: String, _ patch: VercelProjectPatch, now: UnixTime) throws(ControlError) {
        guard Self.isName(name) else {
            throw ControlError(400, "\(quoted(name)) is no project's name: 1 to 100 of a-z 0-9 . _ -")
        }
        var project: VercelProject
        if let known = projects[name] {
            project = known
        } else {
            guard projects.count < Self.projectsMax else {
                throw ControlError(409, "there are \(Self.projectsMax) projects already; DELETE one of them")
            }
            project = VercelProject(name: name, createdAt: now.advanced(by: .seconds(-365 * 86_400)))
            project.deploy(try made(VercelDeploy(), in: name, at: now))
        }
        if let team = patch.team { project.team = team.isEmpty ? nil : team }
        if patch.empty == true { project.removeDeployments() }
        if let repository = patch.repository {
            guard repository.isEmpty || RepositoryName(repository) != nil else {
                throw ControlError(400, "'repository' must be OWNER/NAME, or empty for none")
            }
            project.repository = repository
        }
        project.hasApp = patch.hasApp ?? project.hasApp
        projects[name] = project
    }

    mutating func removeProject(_ name: String) throws(ControlError) {
        _ = try existing(name)
        projects[name] = nil
    }

    /// Makes deployments.
    mutating func deploy(_ name: String, _ deploy: VercelDeploy, now: UnixTime) throws(ControlError) {
        var project = try existing(name)
        let secondsAgo = try bounded(deploy.secondsAgo, "seconds_ago", 0...315_360_000) ?? 0
        let count = try bounded(deploy.count, "count", 1...VercelProject.deploymentsMax) ?? 1
        for number in 1...count {
            let ago = Duration.seconds(secondsAgo + count - number)
            project.deploy(try made(deploy, in: name, at: now.advanced(by: .zero - ago)))
        }
        projects[name] = project
    }

    /// Says how deployments are built that are ordered from now on.
    mutating func setBuilds(_ name: String, _ patch: VercelBuildsPatch) throws(ControlError) {
        var project = try existing(name)
        if let milliseconds = try bounded(patch.duration, "duration_ms", 0...3_600_000) {
            project.builds.duration = .milliseconds(milliseconds)
        }
        if let milliseconds = try bounded(patch.liveAfter, "live_after_ms", 0...3_600_000) {
            project.builds.liveAfter = .milliseconds(milliseconds)
        }
        if let next = patch.next { project.builds.next = try Self.one(next, of: VercelBuild.endings, "next") }
        project.builds.quota = try bounded(patch.quota, "quota", 0...1_000_000) ?? project.builds.quota
        projects[name] = project
    }

    /// Moves a project's newest deployment on to another state.
    mutating func settle(_ name: String, _ settlement: VercelSettlement) throws(ControlError) {
        var project = try existing(name)
        let state = try Self.one(settlement.state, of: VercelDeployment.states, "state")
        let isReady = state == "READY"
        let isProduction = project.deployments.first?.environment == "production"
        let substate = settlement.substate ?? (isReady ? (isProduction ? "PROMOTED" : "STAGED") : nil)
        guard project.settle(state: state, substate: try Self.substate(substate)) else {
            throw ControlError(409, "\(name) has no deployment; make one: POST …/deploy")
        }
        projects[name] = project
    }

    /// Makes or changes a token; a new one reaches all that its owner has.
    mutating func setToken(_ credential: String, _ patch: VercelTokenPatch) throws(ControlError) {
        guard (1...255).contains(credential.utf8.count), credential.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ControlError(400, "a token has 1 to 255 printable ASCII characters and no blank") }
        guard tokens[credential] != nil || tokens.count < Self.tokensMax else {
            throw ControlError(409, "there are \(Self.tokensMax) tokens already; change one of them")
        }
        var token = tokens[credential] ?? VercelToken()
        if let username = patch.username {
            guard Self.isName(username) else {
                throw ControlError(400, "'username' must have 1 to 100 of a-z 0-9 . _ -")
            }
            token.username = username
        }
        token.isRevoked = patch.revoked ?? token.isRevoked
        if let scope = patch.scope { token.scope = scope.isEmpty ? nil : scope }
        token.isLimited = patch.limited ?? token.isLimited
        token.needsSAML = patch.saml ?? token.needsSAML
        token.limit = try bounded(patch.limit, "limit", 0...1_000_000) ?? token.limit
        tokens[credential] = token
    }

    /// Makes everybody run into a limit.
    mutating func reachLimit(_ order: VercelLimitOrder, now: UnixTime) throws(ControlError) {
        let seconds = try bounded(order.forSeconds, "for_s", 1...604_800) ?? 60
        exhaustion = Exhaustion(
            until: now.advanced(by: .seconds(seconds)).roundedUpToSecond, shape: order.shape ?? .wrapped,
            sendsRetryAfter: order.retryAfter ?? true)
    }

    /// Forgets every limit and every request counted.
    mutating func clearLimits() {
        exhaustion = nil
        windows = [:]
    }

    private mutating func made(
        _ deploy: VercelDeploy, in name: String, at time: UnixTime
    ) throws(ControlError) -> VercelDeployment {
        let environment = deploy.target ?? "production"
        guard Self.isName(environment) else {
            throw ControlError(400, "'target' must be production, preview, staging or another environment's slug")
        }
        let state = try Self.one(deploy.state ?? "READY", of: VercelDeployment.states, "state")
        let usual = state == "READY" ? (environment == "production" ? "PROMOTED" : "STAGED") : nil
        let branch = deploy.branch ?? (environment == "production" ? "main" : "feature")
        let message = deploy.message ?? "Change something"
        guard (1...255).contains(branch.utf8.count), (1...4_096).contains(message.utf8.count) else {
            throw ControlError(400, "'branch' must have 1 to 255 bytes and 'message' 1 to 4096")
        }
        deploymentCount += 1
        return VercelDeployment(
            id: "dpl_" + Fingerprint("vercel deployment", name, String(deploymentCount)).hex(digits: 24),
            environment: environment, state: state, substate: try Self.substate(deploy.substate ?? usual),
            branch: branch, message: message, createdAt: time)
    }

    func existing(_ name: String) throws(ControlError) -> VercelProject {
        guard let project = projects[name] else {
            throw ControlError(
                404, "there is no project \(quoted(name)); make it: PUT /_sim/vercel/projects/\(name)")
        }
        return project
    }

    private static func substate(_ substate: String?) throws(ControlError) -> String? {
        guard let substate else { return nil }
        return try one(substate, of: VercelDeployment.substates, "substate")
    }

    private static func one(_ word: String, of known: Set<String>, _ name: String) throws(ControlError) -> String {
        guard known.contains(word) else {
            throw ControlError(400, "'\(name)' must be one of \(known.sorted().joined(separator: ", "))")
        }
        return word
    }

    private static let nameBytes = Set("abcdefghijklmnopqrstuvwxyz0123456789-_.".utf8)

    private static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { nameBytes.contains($0) }
    }
}
