package import StatusModel

extension GitHubSimulation {
    /// What `GET /_sim/state` tells.
    package struct Summary: Encodable, Sendable {
        struct Repository: Encodable, Sendable {
            var id: Int
            var fullName: String
            var `private`: Bool
            var archived: Bool
            var disabled: Bool
            var defaultBranch: String
            var pushedAt: Nullable<String>
            var branches: [String]
            var behind: Int
            var dispatches: Int
        }

        /// A token by its login: the credential itself is not told.
        struct Token: Encodable, Sendable {
            var login: String
            var valid: Bool
            var expiresAt: Nullable<String>
            var remaining: Int
        }

        var repositories: [Repository]
        var tokens: [Token]
        var primaryLimitUntil: Nullable<String>
        var secondaryLimitUntil: Nullable<String>
    }

    package func summary(now: UnixTime) -> Summary {
        Summary(
            repositories: repositories.values.sorted { $0.name.key < $1.name.key }.map {
                .init(
                    id: $0.id, fullName: $0.name.fullName, private: $0.isPrivate, archived: $0.isArchived,
                    disabled: $0.isDisabled, defaultBranch: $0.defaultBranch,
                    pushedAt: Nullable($0.pushedAt.map(TimeText.iso8601)), branches: $0.branches.keys.sorted(),
                    behind: $0.behind, dispatches: $0.dispatches)
            },
            tokens: tokens.sorted { $0.key < $1.key }.map { credential, token in
                .init(
                    login: token.login, valid: token.isValid(at: now),
                    expiresAt: Nullable(token.expiresAt.map(TimeText.iso8601)),
                    remaining: limits.standing(of: .user(token, credential: credential), now: now).remaining)
            },
            primaryLimitUntil: Nullable(limits.primary.map { TimeText.iso8601($0.until) }),
            secondaryLimitUntil: Nullable(limits.secondary.map { TimeText.iso8601($0.until) }))
    }

    package mutating func control(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        switch (request.method, path.first, path.count) {
        case ("PUT", "repos", 3):
            try setRepository("\(path[1])/\(path[2])", try .decoded(from: request), now: now)
        case ("DELETE", "repos", 3):
            try removeRepository("\(path[1])/\(path[2])")
        case ("POST", "repos", 4) where path[3] == "push":
            try push("\(path[1])/\(path[2])", try .decoded(from: request), now: now)
        case ("PUT", "tokens", 2):
            try setToken(path[1], try .decoded(from: request), now: now)
        case ("POST", "limits", 1):
            try reachLimit(try .decoded(from: request), now: now)
        case ("DELETE", "limits", 1):
            clearLimits()
        default:
            throw ControlError(
                404,
                "no such command; below /_sim/github there are: PUT and DELETE repos/{owner}/{name}, "
                    + "POST repos/{owner}/{name}/push, PUT tokens/{token}, POST and DELETE limits")
        }
        return .json(200, summary(now: now))
    }

    /// What the program plays from the start: `acme/shop`, pushed two minutes ago, and the editor's `sim-token`.
    static func example(now: UnixTime) throws(ControlError) -> Self {
        var example = Self()
        let pushed = now.advanced(by: .seconds(-120))
        try example.setRepository("acme/shop", GitHubRepositoryPatch(), now: pushed)
        try example.setToken("sim-token", GitHubTokenPatch(login: "editor", scopes: ["repo", "read:user"]), now: now)
        return example
    }
}
