package import StatusModel

/// Vercel's REST API over a table of projects and one of tokens.
///
/// Refuses in Vercel's order: dead token, limit, scope, and only then looks for what was asked.
package struct VercelSimulation: SimulatedProvider {
    static let projectsMax = 256
    static let tokensMax = 256
    static let limitWindow = Duration.seconds(60)

    package static let key = SimulatedPart.vercel

    /// A limit that is reached because the test wants it so.
    struct Exhaustion: Hashable, Sendable {
        var until: UnixTime
        var shape: VercelLimitOrder.Shape
        var sendsRetryAfter: Bool
    }

    struct Window: Hashable, Sendable {
        var count: Int
        var endsAt: UnixTime
    }

    /// By name.
    var projects: [String: VercelProject] = [:]
    var tokens: [String: VercelToken] = [:]
    var exhaustion: Exhaustion?
    /// By token and endpoint, so as bounded as the tokens are.
    var windows: [String: [String: Window]] = [:]
    /// Gives each deployment an id of its own.
    var deploymentCount = 0

    /// Moves everything on to where it is by now.
    mutating func advance(to now: UnixTime) {
        for name in projects.keys { projects[name]?.advance(to: now) }
    }

    package static func claims(_ request: SimulatedRequest) -> Bool { request.segments.first == key.rawValue }

    package static func failure(status: Int) -> SimulatedAnswer { VercelAnswers.failure(status: status) }

    package mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        let call = VercelCall(request)
        advance(to: now)
        var answer = decide(call, now: now)
        answer.headers["date"] = TimeText.http(now)
        answer.headers["server"] = "Vercel"
        answer.headers["x-vercel-id"] = "sfo1::simulated"
        return answer
    }

    private mutating func decide(_ call: VercelCall, now: UnixTime) -> SimulatedAnswer {
        guard let credential = call.credential else { return VercelAnswers.missingToken }
        guard let token = tokens[credential], !token.isRevoked else { return VercelAnswers.invalidToken }
        if let exhaustion, now < exhaustion.until {
            return VercelAnswers.limited(
                total: token.limit, until: exhaustion.until, now: now, shape: exhaustion.shape,
                sendsRetryAfter: exhaustion.sendsRetryAfter)
        }
        var window = Window(count: 0, endsAt: now.advanced(by: Self.limitWindow).roundedUpToSecond)
        if let current = windows[credential]?[call.endpoint], now < current.endsAt { window = current }
        var answer: SimulatedAnswer
        if window.count >= token.limit {
            answer = VercelAnswers.limited(
                total: token.limit, until: window.endsAt, now: now, shape: .wrapped, sendsRetryAfter: true)
        } else {
            window.count += 1
            answer = route(call, token, now: now)
        }
        windows[credential, default: [:]][call.endpoint] = window
        answer.headers["x-ratelimit-limit"] = String(token.limit)
        answer.headers["x-ratelimit-remaining"] = String(max(0, token.limit - window.count))
        answer.headers["x-ratelimit-reset"] = String(window.endsAt.seconds)
        return answer
    }

    private mutating func route(_ call: VercelCall, _ token: VercelToken, now: UnixTime) -> SimulatedAnswer {
        switch call.route {
        case .user: return VercelAnswers.json(200, VercelUserBody(token))
        case .unknown: return VercelAnswers.unknownMethod
        case .project(let name):
            return found(name, call, token).map { VercelAnswers.json(200, VercelProjectBody($0)) }
                ?? refusal(call, token)
        case .deployments:
            guard let project = call.request.query("projectId").flatMap({ found($0, call, token) }) else {
                return refusal(call, token)
            }
            let (page, hasMore) = call.page(of: project.deployments)
            return VercelAnswers.json(200, VercelListBody(page, of: project, hasMore: hasMore))
        case .deployment(let id): return deployment(id, call, token)
        case .deploy: return deploy(call, token, now: now)
        case .link(let name): return link(name, call, token)
        }
    }

    func found(_ idOrName: String, _ call: VercelCall, _ token: VercelToken) -> VercelProject? {
        let project = projects[idOrName] ?? projects.values.first { $0.id == idOrName }
        guard let project, project.team == call.team, isAdmitted(token, to: call.team) else { return nil }
        return project
    }

    private func isAdmitted(_ token: VercelToken, to team: String?) -> Bool {
        !token.isLimited && !token.needsSAML && (token.scope == nil || token.scope == team)
    }

    func refusal(_ call: VercelCall, _ token: VercelToken) -> SimulatedAnswer {
        if token.isLimited { return VercelAnswers.notAuthorized }
        return isAdmitted(token, to: call.team)
            ? VercelAnswers.projectNotFound : VercelAnswers.outOfScope(team: call.team, saml: token.needsSAML)
    }
}
