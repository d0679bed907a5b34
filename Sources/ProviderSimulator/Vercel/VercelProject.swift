import StatusModel

/// One deployment as Vercel knows it.
struct VercelDeployment: Hashable, Sendable {
    static let states: Set = ["QUEUED", "INITIALIZING", "BUILDING", "READY", "ERROR", "CANCELED", "BLOCKED", "DELETED"]
    static let substates: Set = ["STAGED", "ROLLING", "PROMOTED"]
    /// How long a build takes.
    static let buildTime = Duration.seconds(45)

    let id: String
    /// `production`, `preview`, or the slug of another environment.
    var environment: String
    var state: String
    var substate: String?
    var branch: String
    var message: String
    let createdAt: UnixTime
    /// How it is built; nil for one that was put there as it is.
    var build: VercelBuild?
    /// What whoever ordered it noted on it.
    var notes: [String: String] = [:]

    /// When its build began; nil while it waits.
    var buildingAt: UnixTime? {
        guard !["QUEUED", "INITIALIZING", "BLOCKED"].contains(state) else { return nil }
        return createdAt.advanced(by: build.map(\.queueTime) ?? .seconds(2))
    }

    /// When it was built; nil while it is not.
    var readyAt: UnixTime? {
        guard isBuilt else { return nil }
        return createdAt.advanced(by: build.map(\.duration) ?? .seconds(2) + Self.buildTime)
    }

    /// `target` as Vercel writes it: null for a preview and for an environment of the team's own.
    var target: String? { environment == "production" || environment == "staging" ? environment : nil }

    /// The environment's slug where it is one of the team's own.
    var customEnvironment: String? { ["production", "staging", "preview"].contains(environment) ? nil : environment }

    var isBuilt: Bool { state == "READY" }

    /// Whether it has been given the production domain.
    var isServing: Bool { environment == "production" && isBuilt && (substate == nil || substate == "PROMOTED") }
}

/// One project as Vercel knows it.
struct VercelProject: Hashable, Sendable {
    /// How many deployments are kept, the newest ones.
    static let deploymentsMax = 400

    let id: String
    let name: String
    /// The owning team's id; nil for a person's own.
    var team: String?
    let createdAt: UnixTime
    /// Newest first.
    private(set) var deployments: [VercelDeployment] = []
    /// How deployments are built that somebody orders.
    var builds = VercelBuildOrder()
    /// The repository on GitHub that it is linked to, as `owner/name`; empty for none.
    var repository: String
    /// Whether Vercel's app on GitHub sees the repositories that it is to be linked to.
    var hasApp = true

    init(name: String, createdAt: UnixTime) {
        id = "prj_" + Fingerprint("vercel project", name).hex(digits: 24)
        self.name = name
        self.createdAt = createdAt
        repository = "acme/\(name)"
    }

    var serving: VercelDeployment? { deployments.first(where: \.isServing) }

    mutating func deploy(_ deployment: VercelDeployment) {
        let place = deployments.firstIndex { $0.createdAt <= deployment.createdAt } ?? deployments.count
        deployments.insert(deployment, at: place)
        deployments = Array(deployments.prefix(Self.deploymentsMax))
    }

    /// Moves the newest deployment on; false when there is none.
    mutating func settle(state: String, substate: String?) -> Bool {
        guard !deployments.isEmpty else { return false }
        deployments[0].state = state
        deployments[0].substate = substate
        deployments[0].build = nil
        return true
    }

    mutating func removeDeployments() { deployments = [] }

    /// Moves builds on to where they are by now.
    mutating func advance(to now: UnixTime) {
        for index in deployments.indices {
            guard let build = deployments[index].build else { continue }
            let age = now.since(deployments[index].createdAt)
            (deployments[index].state, deployments[index].substate) = build.standing(
                atAge: age, isProduction: deployments[index].environment == "production")
        }
    }
}

/// A credential and what it may do.
struct VercelToken: Hashable, Sendable {
    var username = "editor"
    var isRevoked = false
    /// The one team it was made for; nil for all that its owner has.
    var scope: String?
    /// Whether it is refused every project, without a reason being given.
    var isLimited = false
    /// Whether its scope wants single sign-on that it has not been through.
    var needsSAML = false
    /// Requests a minute on each endpoint.
    var limit = 500

    var userID: String { Fingerprint("vercel user", username).hex(digits: 24) }
}
