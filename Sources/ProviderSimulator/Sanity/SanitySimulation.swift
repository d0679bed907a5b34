package import StatusModel

/// Sanity's data and management APIs over a table of projects and one of tokens.
///
/// Refuses in Sanity's order: limit, login, token of another project, and only then looks for what was asked.
package struct SanitySimulation: SimulatedProvider {
    static let projectsMax = 64
    static let tokensMax = 256

    struct Limit: Hashable, Sendable {
        var until: UnixTime
        var saysRetryAfter: Bool
    }

    package static let key = SimulatedPart.sanity

    var projects: [String: SanityProject] = [:]
    var tokens: [String: SanityToken] = [:]
    var limit: Limit?

    package static func claims(_ request: SimulatedRequest) -> Bool { request.segments.first == key.rawValue }

    package static func failure(status: Int) -> SimulatedAnswer { SanityAnswers.failure(status: status) }

    package mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        var answer = decide(SanityCall(request), now: now)
        answer.headers["date"] = TimeText.http(now)
        answer.headers["x-sanity-trace"] = Fingerprint("trace", request.path, String(now.nanoseconds)).hex(digits: 32)
        return answer
    }

    private func decide(_ call: SanityCall, now: UnixTime) -> SimulatedAnswer {
        if let limit, now < limit.until {
            let seconds = (limit.until.since(now) + .milliseconds(999)).components.seconds
            return SanityAnswers.limited(resetsIn: max(1, seconds), saysRetryAfter: limit.saysRetryAfter)
        }
        guard let credential = call.credential else { return route(call, token: nil) }
        guard let token = tokens[credential] else { return SanityAnswers.sessionNotFound }
        if let expiresAt = token.expiresAt, expiresAt <= now { return SanityAnswers.sessionExpired }
        return route(call, token: token)
    }

    private func route(_ call: SanityCall, token: SanityToken?) -> SimulatedAnswer {
        switch call.route {
        case .user:
            guard let token else { return SanityAnswers.authenticationRequired }
            return SanityAnswers.json(200, SanityUserBody(id: Fingerprint("robot", token.project).hex(digits: 12)))
        case .project(let id):
            return managed(id, token) { SanityAnswers.json(200, SanityProjectBody($0, id: id)) }
        case .query(let dataset): return query(call, dataset: dataset, token: token)
        case .hooks(let id):
            return hooksOf(id, token) { project in
                let hooks = project.hooks.sorted { $0.key < $1.key }
                return SanityAnswers.json(200, hooks.map { SanityHookBody($0.value, id: $0.key, project: id) })
            }
        case .messages(let id, let hook):
            // A hook alone names no project; the token's is meant.
            let id = id ?? token?.project ?? ""
            return deliveries(id, hook, token) { SanityMessageBody($0, hook: hook, project: id) }
        case .attempts(let id, let hook):
            return deliveries(id, hook, token) { SanityAttemptBody($0, hook: hook, project: id) }
        case .unknown: return SanityAnswers.notFound
        }
    }

    /// Management of a project, which always wants a token of its own.
    private func managed(
        _ id: String, _ token: SanityToken?, _ answer: (SanityProject) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        guard let token else { return SanityAnswers.authenticationRequired }
        guard token.project == id else { return SanityAnswers.foreignSession }
        return projects[id].map(answer) ?? SanityAnswers.projectNotFound
    }

    private func hooksOf(
        _ id: String, _ token: SanityToken?, _ answer: (SanityProject) -> SimulatedAnswer
    ) -> SimulatedAnswer {
        managed(id, token) { project in
            token?.readsHooks == true ? answer(project) : SanityAnswers.hooksForbidden
        }
    }

    private func deliveries(
        _ id: String, _ hook: String, _ token: SanityToken?, _ body: (SanityHook.Message) -> some Encodable
    ) -> SimulatedAnswer {
        hooksOf(id, token) { project in
            project.hooks[hook].map { SanityAnswers.json(200, $0.messages.map(body)) } ?? SanityAnswers.notFound
        }
    }
}

/// Queries.
extension SanitySimulation {
    private func query(_ call: SanityCall, dataset name: String, token: SanityToken?) -> SimulatedAnswer {
        guard let id = call.host ?? (projects.count == 1 ? projects.keys.first : nil) else {
            return SanityAnswers.useProjectHostname
        }
        guard let project = projects[id] else { return SanityAnswers.projectNotFound }
        guard token == nil || token?.project == id else { return SanityAnswers.foreignSession }
        guard let dataset = project.datasets[name] else {
            return SanityAnswers.datasetNotFound(name, project: id)
        }
        let query = SanityQuery(call.request)
        if let offset = query.mistake { return SanityAnswers.queryError(query.text, at: offset) }
        let found = Self.documents(of: dataset, query, isAnonymous: token == nil)
        if query.isCount {
            return SanityAnswers.json(200, SanityQueryBody(query: query.text, result: found.count))
        }
        let shown = found.prefix(query.limit ?? found.count).map { SanityDocumentBody($0.value, id: $0.key) }
        return SanityAnswers.json(200, SanityQueryBody(query: query.text, result: shown))
    }

    /// What may be seen, newest first. Without a token, a private dataset and every id with a dot look empty.
    private static func documents(
        of dataset: SanityDataset, _ query: SanityQuery, isAnonymous: Bool
    ) -> [(key: String, value: SanityDataset.Document)] {
        guard !isAnonymous || !dataset.isPrivate else { return [] }
        return dataset.documents.filter { id, document in
            let isSeen = (query.isRaw && !isAnonymous) || !id.contains(".")
            return isSeen && (query.since.map { document.updatedAt > $0 } ?? true)
        }
        .sorted { ($1.value.updatedAt, $0.key) < ($0.value.updatedAt, $1.key) }
    }
}
