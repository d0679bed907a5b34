package import StatusModel

extension VercelSimulation {
    /// What `GET /_sim/state` tells.
    package struct Summary: Encodable, Sendable {
        struct Project: Encodable, Sendable {
            var id: String
            var name: String
            var team: Nullable<String>
            var deployments: Int
            /// State by environment, of the newest deployment each.
            var newest: [String: String]
            /// What the newest deployment has for its `meta`.
            var meta: [String: String]
        }

        /// A token by its owner: the credential itself is not told.
        struct Token: Encodable, Sendable {
            var username: String
            var valid: Bool
            var limited: Bool
            var scope: Nullable<String>
        }

        var projects: [Project]
        var tokens: [Token]
        var limitUntil: Nullable<String>
    }

    package func summary(now: UnixTime) -> Summary {
        Summary(
            projects: projects.values.sorted { $0.name < $1.name }.map { project in
                Summary.Project(
                    id: project.id, name: project.name, team: Nullable(project.team),
                    deployments: project.deployments.count,
                    newest: Dictionary(project.deployments.map { ($0.environment, $0.state) }) { newest, _ in newest },
                    meta: project.deployments.first?.meta ?? [:])
            },
            tokens: tokens.sorted { $0.key < $1.key }.map { _, token in
                Summary.Token(
                    username: token.username, valid: !token.isRevoked, limited: token.isLimited,
                    scope: Nullable(token.scope))
            },
            limitUntil: Nullable(exhaustion.map { TimeText.iso8601($0.until) }))
    }

    package mutating func control(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        advance(to: now)
        switch (request.method, path.first, path.count) {
        case ("PUT", "projects", 2):
            try setProject(path[1], try .decoded(from: request), now: now)
        case ("DELETE", "projects", 2):
            try removeProject(path[1])
        case ("POST", "projects", 3) where path[2] == "deploy":
            try deploy(path[1], try .decoded(from: request), now: now)
        case ("POST", "projects", 3) where path[2] == "settle":
            try settle(path[1], try .decoded(from: request))
        case ("PUT", "projects", 3) where path[2] == "builds":
            try setBuilds(path[1], try .decoded(from: request))
        case ("PUT", "tokens", 2):
            try setToken(path[1], try .decoded(from: request))
        case ("POST", "limits", 1):
            try reachLimit(try .decoded(from: request), now: now)
        case ("DELETE", "limits", 1):
            clearLimits()
        default:
            throw ControlError(
                404,
                "no such command; below /_sim/vercel there are: PUT and DELETE projects/{name}, "
                    + "POST projects/{name}/deploy and projects/{name}/settle, PUT projects/{name}/builds, "
                    + "PUT tokens/{token}, "
                    + "POST and DELETE limits")
        }
        return .json(200, summary(now: now))
    }

    /// What the program plays from the start: `shop`, whose newest production deployment failed while an earlier one is
    /// live and the preview is fine, and the token `sim-vercel-token`.
    static func example(now: UnixTime) throws(ControlError) -> Self {
        var example = Self()
        try example.setProject("shop", VercelProjectPatch(empty: true), now: now)
        try example.deploy("shop", VercelDeploy(secondsAgo: 3 * 86_400), now: now)
        try example.deploy("shop", VercelDeploy(state: "ERROR", secondsAgo: 1_200), now: now)
        try example.deploy("shop", VercelDeploy(target: "preview", secondsAgo: 600), now: now)
        try example.setToken("sim-vercel-token", VercelTokenPatch())
        return example
    }
}
