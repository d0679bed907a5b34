package import StatusModel

extension SanitySimulation {
    /// What `GET /_sim/state` tells.
    package struct Summary: Encodable, Sendable {
        struct Project: Encodable, Sendable {
            var id: String
            var displayName: String
            var blocked: Bool
            var disabled: Bool
            /// Documents by dataset.
            var datasets: [String: Int]
            var hooks: [Hook]
        }

        struct Hook: Encodable, Sendable {
            var id: String
            var dataset: String
            var disabled: Bool
            var newestStatus: Nullable<String>
        }

        /// A token by its project: the credential itself is not told.
        struct Token: Encodable, Sendable {
            var project: String
            var valid: Bool
            var webhooks: Bool
        }

        var projects: [Project]
        var tokens: [Token]
        var limitUntil: Nullable<String>
    }

    package func summary(now: UnixTime) -> Summary {
        Summary(
            projects: projects.sorted { $0.key < $1.key }.map { id, project in
                .init(
                    id: id, displayName: project.name, blocked: project.isBlocked, disabled: project.isDisabled,
                    datasets: project.datasets.mapValues(\.documents.count),
                    hooks: project.hooks.sorted { $0.key < $1.key }.map { id, hook in
                        .init(
                            id: id, dataset: hook.dataset, disabled: hook.isDisabled || hook.isDisabledByUser,
                            newestStatus: Nullable(hook.messages.first?.status.rawValue))
                    })
            },
            tokens: tokens.sorted { $0.key < $1.key }.map { _, token in
                .init(
                    project: token.project, valid: token.expiresAt.map { now < $0 } ?? true,
                    webhooks: token.readsHooks)
            },
            limitUntil: Nullable(limit.map { TimeText.iso8601($0.until) }))
    }

    package mutating func control(
        _ request: SimulatedRequest, path: [String], now: UnixTime
    ) throws(ControlError) -> SimulatedAnswer {
        switch (request.method, path.first, path.count) {
        case ("PUT", "projects", 2):
            try setProject(path[1], try .decoded(from: request), now: now)
        case ("DELETE", "projects", 2):
            try removeProject(path[1])
        case ("PUT", "projects", 4) where path[2] == "datasets":
            try setDataset(path[3], of: path[1], try .decoded(from: request))
        case ("POST", "projects", 5) where path[2] == "datasets" && path[4] == "changes":
            try change(try .decoded(from: request), in: path[3], of: path[1], now: now)
        case ("PUT", "projects", 4) where path[2] == "hooks":
            try setHook(path[3], of: path[1], try .decoded(from: request), now: now)
        case ("POST", "projects", 5) where path[2] == "hooks" && path[4] == "messages":
            try deliver(try .decoded(from: request), by: path[3], of: path[1], now: now)
        case ("PUT", "tokens", 2):
            try setToken(path[1], try .decoded(from: request), now: now)
        case ("POST", "limits", 1):
            try reachLimit(try .decoded(from: request), now: now)
        case ("DELETE", "limits", 1):
            limit = nil
        default:
            throw ControlError(
                404,
                "no such command; below /_sim/sanity there are: PUT and DELETE projects/{id}, "
                    + "PUT projects/{id}/datasets/{name}, POST projects/{id}/datasets/{name}/changes, "
                    + "PUT projects/{id}/hooks/{hook}, POST projects/{id}/hooks/{hook}/messages, "
                    + "PUT tokens/{token}, POST and DELETE limits")
        }
        return .json(200, summary(now: now))
    }

    /// What the program plays from the start: the project `simsanity`, its dataset `production` with five documents
    /// changed lately and one healthy hook, and the token `sim-sanity-token`. Any other token is refused.
    static func example(now: UnixTime) throws(ControlError) -> Self {
        var example = Self()
        try example.setProject("simsanity", SanityProjectPatch(displayName: "Acme site"), now: now)
        try example.setHook("live-sync", of: "simsanity", SanityHookPatch(dataset: "production"), now: now)
        for number in 1...5 {
            let change = SanityChange(id: "post-\(number)")
            try example.change(change, in: "production", of: "simsanity", now: now.advanced(by: .seconds(-120)))
        }
        try example.setToken("sim-sanity-token", SanityTokenPatch(project: "simsanity"), now: now)
        return example
    }
}
