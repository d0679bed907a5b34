import StatusModel

/// A request to Vercel's API, its path made plain.
struct VercelCall {
    enum Route: Hashable {
        case user
        /// By id or name.
        case project(String)
        case deployments
        /// By id.
        case deployment(String)
        case deploy
        /// Of a project, by id or name, to a repository.
        case link(String)
        case unknown
    }

    static let pageSizeDefault = 20
    static let pageSizeMax = 100

    let request: SimulatedRequest
    let route: Route

    init(_ request: SimulatedRequest) {
        self.request = request
        let path = Array(request.segments.dropFirst())
        switch (request.method, path.first, path.dropFirst().first, path.count) {
        case ("GET", "v2", "user", 2): route = .user
        case ("GET", "v9", "projects", 3), ("GET", "v10", "projects", 3): route = .project(path[2])
        case ("GET", "v6", "deployments", 2), ("GET", "v7", "deployments", 2): route = .deployments
        case ("GET", "v13", "deployments", 3): route = .deployment(path[2])
        case ("POST", "v13", "deployments", 2): route = .deploy
        case ("POST", "v9", "projects", 4) where path[3] == "link": route = .link(path[2])
        default: route = .unknown
        }
    }

    /// Limits are counted by it.
    var endpoint: String {
        switch route {
        case .user: "user"
        case .project: "project"
        case .deployments: "deployments"
        case .deployment: "deployment"
        case .deploy: "deploy"
        case .link: "link"
        case .unknown: "unknown"
        }
    }

    /// The credential of `Bearer …`; nil when none is sent.
    var credential: String? {
        guard let parts = request.headers["authorization"]?.split(separator: " ", maxSplits: 1), parts.count == 2,
            parts[0].lowercased() == "bearer"
        else { return nil }
        return String(parts[1])
    }

    /// On whose behalf it is asked; nil for the token's owner.
    var team: String? { request.query("teamId") ?? request.query("slug") }

    /// What a list is asked for, newest first, and whether there is more.
    func page(of deployments: [VercelDeployment]) -> (page: [VercelDeployment], hasMore: Bool) {
        let states = request.query("state").map { Set($0.split(separator: ",").map(String.init)) }
        let since = request.query("since").flatMap { Int64($0) } ?? .min
        let until = request.query("until").flatMap { Int64($0) } ?? .max
        let target = request.query("target")
        let wanted = deployments.filter { deployment in
            (target == nil || deployment.environment == target) && (states?.contains(deployment.state) ?? true)
                && deployment.createdAt.milliseconds >= since && deployment.createdAt.milliseconds < until
        }
        let size = min(max(request.query("limit").flatMap { Int($0) } ?? Self.pageSizeDefault, 1), Self.pageSizeMax)
        return (Array(wanted.prefix(size)), wanted.count > size)
    }
}
