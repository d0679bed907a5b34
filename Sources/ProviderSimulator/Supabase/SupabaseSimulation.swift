package import StatusModel

/// Supabase's management API below `/supabase/v1`, and the projects' own hosts below `/supabase/project/{ref}`.
package struct SupabaseSimulation: SimulatedProvider {
    static let projectsMax = 256
    static let tokensMax = 1024

    package static let key = SimulatedPart.supabase

    /// By reference.
    var projects: [String: SupabaseProject] = [:]
    var tokens: [String: SupabaseToken] = [:]
    var oauth = SupabaseOAuth()
    var limits = SupabaseLimits()

    package static func claims(_ request: SimulatedRequest) -> Bool { request.segments.first == key.rawValue }

    package static func failure(status: Int) -> SimulatedAnswer { SupabaseAnswers.failure(status: status) }

    package mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        let path = Array(request.segments.dropFirst())
        var answer =
            switch (path.first, path.count) {
            case ("v1", 2...): manage(request, path: Array(path.dropFirst()), now: now)
            case ("project", 3...): serve(request, ref: path[1], path: Array(path.dropFirst(2)))
            default: SupabaseAnswers.notFound
            }
        answer.headers["date"] = TimeText.http(now)
        return answer
    }
}

/// The management API.
extension SupabaseSimulation {
    private mutating func manage(_ request: SimulatedRequest, path: [String], now: UnixTime) -> SimulatedAnswer {
        if path == ["oauth", "token"] { return issueToken(request, now: now) }
        guard let credential = request.bearer else { return SupabaseAnswers.unauthorized }
        guard let token = tokens[credential] else {
            // A session's token, or a project's key: both are for another server.
            let isForeign = credential.hasPrefix("eyJ") || credential.hasPrefix("sb_")
            return isForeign ? SupabaseAnswers.wrongKindOfToken : SupabaseAnswers.unauthorized
        }
        guard token.isValid(at: now) else { return SupabaseAnswers.unauthorized }
        let (standing, isPast) = limits.charge(
            credential, endpoint: path.joined(separator: "/"), limit: token.minuteLimit, now: now)
        var answer = isPast ? SupabaseAnswers.throttled : tell(request, path: path, token: token)
        answer.headers["x-gotrue-id"] = "00000000-0000-4000-8000-000000000000"
        answer.headers["x-ratelimit-limit"] = String(standing.limit)
        answer.headers["x-ratelimit-remaining"] = String(standing.remaining)
        // In seconds left, unlike everybody else's.
        let left = standing.resetsAt.since(now) + .milliseconds(999)
        answer.headers["x-ratelimit-reset"] = String(left.components.seconds)
        return answer
    }

    private func tell(_ request: SimulatedRequest, path: [String], token: SupabaseToken) -> SimulatedAnswer {
        guard request.method == "GET", path.first == "projects", path.count <= 3 else {
            return SupabaseAnswers.notFound
        }
        guard token.scopes.contains("projects:read") else { return SupabaseAnswers.noPrivileges }
        guard path.count > 1 else {
            return .json(200, projects.values.sorted { $0.ref < $1.ref }.map(SupabaseProjectBody.init))
        }
        guard let project = projects[path[1]] else { return SupabaseAnswers.projectNotFound }
        switch path.dropFirst(2).first {
        case nil: return .json(200, SupabaseProjectBody(project))
        case "health": return health(of: project, request)
        default: return SupabaseAnswers.notFound
        }
    }

    /// 200 however unwell the services are. Their names come as a comma list, or one by one.
    private func health(of project: SupabaseProject, _ request: SimulatedRequest) -> SimulatedAnswer {
        let names = request.query.filter { $0.name == "services" }.flatMap { $0.value.split(separator: ",") }
        guard !names.isEmpty else { return SupabaseAnswers.noServices }
        guard names.allSatisfy({ SupabaseProject.services.contains(String($0)) }) else {
            return SupabaseAnswers.message(400, "services: Invalid enum value")
        }
        return .json(200, names.map { SupabaseServiceBody(String($0), of: project) })
    }

    /// `POST /v1/oauth/token`: form-encoded, the client by HTTP Basic, 201. A refresh token is good for one use.
    private mutating func issueToken(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        guard request.method == "POST" else { return SupabaseAnswers.notFound }
        guard let client = request.basic, oauth.clients[client.name] == client.password else {
            return SupabaseAnswers.invalidClient
        }
        let form = request.form
        guard form["grant_type"] == "refresh_token" else { return SupabaseAnswers.unsupportedGrant }
        guard let grant = oauth.refresh(form["refresh_token"] ?? "", client: client.name) else {
            return SupabaseAnswers.invalidGrant
        }
        if tokens.count >= Self.tokensMax { tokens = tokens.filter { $0.value.isValid(at: now) } }
        tokens[grant.accessToken] = SupabaseToken(
            scopes: grant.scopes, expiresAt: now.advanced(by: grant.lifetime))
        return .json(201, SupabaseTokenBody(grant))
    }
}

/// A project's own host: the gateway first, then Auth or PostgREST.
extension SupabaseSimulation {
    private func serve(_ request: SimulatedRequest, ref: String, path: [String]) -> SimulatedAnswer {
        guard let project = projects[ref], project.status != "REMOVED" else { return SupabaseAnswers.noRoute }
        if project.isAsleep { return SupabaseAnswers.asleep }
        if let restriction = project.restriction { return SupabaseAnswers.restricted(restriction) }
        guard let key = request.headers["apikey"] ?? request.query("apikey") else { return SupabaseAnswers.noKey }
        guard project.keys.contains(key) else { return SupabaseAnswers.invalidKey }
        switch (request.method, path.count) {
        case ("GET", 3) where path == ["auth", "v1", "health"]:
            return .json(200, SupabaseServiceBody.Info())
        case (_, 3...4) where path.starts(with: ["rest", "v1"]):
            // A key that is no JWT is none in this field either.
            if request.bearer?.hasPrefix("sb_") == true { return SupabaseAnswers.notAJWT }
            return query(project, request, path: Array(path.dropFirst(2)))
        default: return SupabaseAnswers.noRoute
        }
    }

    private func query(_ project: SupabaseProject, _ request: SimulatedRequest, path: [String]) -> SimulatedAnswer {
        if request.method == "POST", path.count == 2, path[0] == "rpc" {
            guard project.functions.contains(path[1]) else {
                return SupabaseAnswers.postgREST(
                    404, "PGRST202", "Could not find the function public.\(path[1]) without parameters")
            }
            return project.databaseError.map(SupabaseAnswers.noDatabase) ?? .json(200, 1)
        }
        guard request.method == "GET", path.count == 1 else { return SupabaseAnswers.noRoute }
        // From the schema cache, which knows it however the database is.
        guard let columns = project.tables[path[0]] else {
            return SupabaseAnswers.postgREST(
                404, "PGRST205", "Could not find the table 'public.\(path[0])' in the schema cache")
        }
        if let error = project.databaseError { return SupabaseAnswers.noDatabase(error) }
        let column = request.query("select") ?? "*"
        guard column == "*" || columns.contains(column) else {
            return SupabaseAnswers.postgREST(400, "42703", "column \(path[0]).\(column) does not exist")
        }
        let row = Dictionary(uniqueKeysWithValues: (column == "*" ? columns : [column]).map { ($0, 1) })
        return .json(200, project.hiddenTables.contains(path[0]) ? [] : [row])
    }
}
