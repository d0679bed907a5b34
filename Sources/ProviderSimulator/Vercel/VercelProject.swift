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

    init(name: String, createdAt: UnixTime) {
        id = "prj_" + Fingerprint("vercel project", name).hex(digits: 24)
        self.name = name
        self.createdAt = createdAt
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
        return true
    }

    mutating func removeDeployments() { deployments = [] }
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
