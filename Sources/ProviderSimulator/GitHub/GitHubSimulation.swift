package import StatusModel

/// GitHub's REST API over a table of repositories and one of tokens.
///
/// Refuses in GitHub's order: no user agent, unknown version, login, limits, and only then looks for what was asked.
package struct GitHubSimulation: SimulatedProvider {
    static let repositoriesMax = 256
    static let tokensMax = 256

    package static let key = SimulatedPart.github

    var repositories: [Int: GitHubRepository] = [:]
    /// Every name that leads to a repository, former ones too.
    var idsByName: [String: Int] = [:]
    var tokens: [String: GitHubToken] = [:]
    var limits = GitHubLimits()
    private var requestCount: UInt64 = 0

    package static func claims(_ request: SimulatedRequest) -> Bool {
        switch request.segments.first {
        case "repos", "repositories", "user", "rate_limit": true
        case "api": request.segments.dropFirst().first == "v3"
        default: false
        }
    }

    package static func failure(status: Int) -> SimulatedAnswer { GitHubAnswers.failure(status: status) }

    package mutating func answer(_ request: SimulatedRequest, now: UnixTime) -> SimulatedAnswer {
        requestCount &+= 1
        let call = GitHubCall(request)
        var answer = decide(call, now: now)
        answer.headers["date"] = TimeText.http(now)
        answer.headers["server"] = "github.com"
        answer.headers["x-github-request-id"] = requestID
        return answer
    }

    private var requestID: String {
        let hex = Fingerprint("request", String(requestCount)).hex(digits: 24).uppercased()
        return "\(hex.prefix(4)):\(hex.dropFirst(4).prefix(6)):\(hex.dropFirst(10).prefix(7)):\(hex.dropFirst(17))"
    }

    private mutating func decide(_ call: GitHubCall, now: UnixTime) -> SimulatedAnswer {
        guard call.request.headers["user-agent"]?.isEmpty == false else { return GitHubAnswers.missingUserAgent }
        guard let version = call.version else { return GitHubAnswers.unknownVersion() }
        let caller: GitHubCaller
        switch identify(call, now: now) {
        case .success(let known): caller = known
        case .failure(let refusal): return refusal.answer
        }
        var answer: SimulatedAnswer
        if call.route == .rateLimit {
            answer = .json(200, GitHubRateLimitBody(limits.standing(of: caller, now: now), version: version))
        } else if let refusal = limitReached(by: caller, now: now) {
            answer = refusal
        } else {
            answer = route(call, caller: caller, now: now)
            Self.applyCondition(call, version: version, to: &answer)
            // "A 304 response does not count against your primary rate limit" (best practices for the REST API).
            if answer.status != 304 { limits.charge(caller, now: now) }
        }
        addCommonHeaders(to: &answer, caller: caller, version: version, now: now)
        return answer
    }

    private struct Refusal: Error { var answer: SimulatedAnswer }

    private mutating func identify(_ call: GitHubCall, now: UnixTime) -> Result<GitHubCaller, Refusal> {
        guard let credential = call.credential else { return .success(.anonymous) }
        let token = tokens[credential]
        // Strangers share one account; nobody's login is a blank.
        let account = token?.login ?? " "
        if limits.isLocked(account, now: now) { return .failure(Refusal(answer: GitHubAnswers.tooManyLogins)) }
        if let token, token.isValid(at: now) { return .success(.user(token, credential: credential)) }
        limits.loginFailed(account, now: now)
        // A wrong credential is counted as anonymous, and told so.
        limits.charge(.anonymous, now: now)
        var answer = GitHubAnswers.badCredentials
        addLimitHeaders(to: &answer, caller: .anonymous, now: now)
        return .failure(Refusal(answer: answer))
    }

    private func limitReached(by caller: GitHubCaller, now: UnixTime) -> SimulatedAnswer? {
        if let secondary = limits.secondary, now < secondary.until {
            let wait = (secondary.until.since(now) + .milliseconds(999)).components.seconds
            return GitHubAnswers.secondaryLimit(
                status: secondary.status, retryAfter: secondary.sendsRetryAfter ? wait : nil)
        }
        guard limits.standing(of: caller, now: now).remaining == 0 else { return nil }
        return GitHubAnswers.primaryLimit(caller, status: limits.primary?.status ?? 403)
    }

    private mutating func route(_ call: GitHubCall, caller: GitHubCaller, now: UnixTime) -> SimulatedAnswer {
        switch call.route {
        case .user:
            guard let token = caller.token else { return GitHubAnswers.requiresAuthentication }
            return .json(200, GitHubUserBody(login: token.login, base: call.base))
        case .repository(let resource): return answer(call, for: resource, caller: caller, now: now)
        case .rateLimit, .unknown: return GitHubAnswers.notFound
        }
    }

    private func addCommonHeaders(
        to answer: inout SimulatedAnswer, caller: GitHubCaller, version: String, now: UnixTime
    ) {
        answer.headers["x-github-media-type"] = "github.v3; format=json"
        answer.headers["x-github-api-version-selected"] = version
        answer.headers["vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, X-Requested-With"
        addLimitHeaders(to: &answer, caller: caller, now: now)
        guard let token = caller.token else { return }
        if case .classic(let scopes) = token.kind {
            answer.headers["x-oauth-scopes"] = scopes.joined(separator: ", ")
            if answer.headers["x-accepted-oauth-scopes"] == nil { answer.headers["x-accepted-oauth-scopes"] = "" }
        } else {
            answer.headers["x-accepted-oauth-scopes"] = nil
        }
        answer.headers["github-authentication-token-expiration"] = token.expiresAt.map(TimeText.expiration)
    }

    private func addLimitHeaders(to answer: inout SimulatedAnswer, caller: GitHubCaller, now: UnixTime) {
        let standing = limits.standing(of: caller, now: now)
        answer.headers["x-ratelimit-limit"] = String(standing.limit)
        answer.headers["x-ratelimit-remaining"] = String(standing.remaining)
        answer.headers["x-ratelimit-used"] = String(standing.used)
        answer.headers["x-ratelimit-reset"] = String(standing.resetsAt.seconds)
        answer.headers["x-ratelimit-resource"] = "core"
    }

    /// Tags a good answer and turns it into 304 when the client holds it already. The tag belongs to the credential,
    /// the URL, the media type and the version as well as to the content.
    private static func applyCondition(_ call: GitHubCall, version: String, to answer: inout SimulatedAnswer) {
        guard answer.status == 200, call.request.method != "POST" else { return }
        let headers = call.request.headers
        var digest = Fingerprint(
            headers["authorization"] ?? "", call.request.path, headers["accept"] ?? "", version,
            answer.headers["link"] ?? "")
        digest.mix(answer.body)
        let tag = "\"" + digest.hex(digits: 64) + "\""
        answer.headers["etag"] = "W/" + tag
        answer.headers["cache-control"] = "private, max-age=60, s-maxage=60"
        let held = (headers["if-none-match"] ?? "").split(separator: ",").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        guard held.contains(where: { $0 == "*" || $0 == tag || $0 == "W/" + tag }) else { return }
        answer.status = 304
        answer.body = []
        answer.headers["content-type"] = nil
    }
}
