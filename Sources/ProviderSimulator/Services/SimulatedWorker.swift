import StatusModel

/// What state a played worker is in.
package enum WorkerState: String, CaseIterable, Hashable, Sendable, Decodable {
    /// Answers its check.
    case awake
    /// Its platform answers 503 in its place, until it is woken.
    case asleep
    /// As asleep, and the first request wakes it: with a 503, or, where it has a delay, by being held back.
    case cold
    /// Wants a bearer token, and answers 401 without it.
    case protected
    /// Answers 500.
    case failing
    /// Answers 200 with something else than what is asked for.
    case wrong
}

/// What to change of a worker, or how to make one; nil leaves a field as it is.
package struct WorkerPatch: ControlBody, Hashable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case state, token
        case wakesAfter = "wakes_after"
        case delay = "delay_ms"
        case status
        case retryAfter = "retry_after_s"
    }

    package var state: WorkerState?
    /// Asleep: that many requests wake it; 0, the default, is never.
    package var wakesAfter: Int?
    /// How long each answer takes, in milliseconds; cold: the first one alone.
    package var delay: Int?
    /// What its platform answers in its place while it is asleep or cold: 502, 503 (the default) or 504.
    package var status: Int?
    /// Sent with that answer; 0, the default, is no such header.
    package var retryAfter: Int?
    /// Protected: what opens it; without one nothing does.
    package var token: String?

    package init(
        _ state: WorkerState? = nil, wakesAfter: Int? = nil, delay: Int? = nil, status: Int? = nil,
        retryAfter: Int? = nil, token: String? = nil
    ) {
        self.state = state
        self.wakesAfter = wakesAfter
        self.delay = delay
        self.status = status
        self.retryAfter = retryAfter
        self.token = token
    }
}

/// One HTTP worker: what it answers, and how requests wake it.
struct SimulatedWorker: Hashable, Sendable {
    var state = WorkerState.awake
    var wakesAfter = 0
    var delay = Duration.zero
    var platformStatus = 503
    var retryAfter = 0
    var token: String?
    /// Requests since the state was set.
    private var requestCount = 0

    mutating func apply(_ patch: WorkerPatch) throws(ControlError) {
        if let state = patch.state {
            self.state = state
            requestCount = 0
        }
        wakesAfter = try bounded(patch.wakesAfter, "wakes_after", 0...1_000_000) ?? wakesAfter
        retryAfter = try bounded(patch.retryAfter, "retry_after_s", 0...86_400) ?? retryAfter
        if let delay = try bounded(patch.delay, "delay_ms", 0...600_000) { self.delay = .milliseconds(delay) }
        if let status = try bounded(patch.status, "status", 502...504) { platformStatus = status }
        if let token = patch.token {
            guard (1...255).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw ControlError(400, "'token' must be 1 to 255 printable ASCII characters without a blank")
            }
            self.token = token
        }
    }

    /// Answers one request below the worker's name; `path` is what follows.
    mutating func answer(_ request: SimulatedRequest, path: [String], name: String) -> SimulatedAnswer {
        requestCount += 1
        switch state {
        case .asleep:
            if wakesAfter > 0, requestCount >= wakesAfter { state = .awake }
            return asleep
        case .cold:
            state = .awake
            defer { delay = .zero }
            return delay == .zero ? asleep : delayed(awake(request, path: path, name: name))
        case .awake, .protected, .failing, .wrong:
            return delayed(awake(request, path: path, name: name))
        }
    }

    private func delayed(_ answer: SimulatedAnswer) -> SimulatedAnswer {
        var answer = answer
        answer.delay = delay
        return answer
    }

    /// What a platform says in the place of a worker that it has put to sleep.
    private var asleep: SimulatedAnswer {
        let page = "<!DOCTYPE html><title>Application is sleeping</title><h1>This application is sleeping.</h1>\n"
        var answer = SimulatedAnswer.text(platformStatus, page, type: "text/html; charset=utf-8")
        if retryAfter > 0 { answer.headers["retry-after"] = String(retryAfter) }
        return answer
    }

    private func awake(_ request: SimulatedRequest, path: [String], name: String) -> SimulatedAnswer {
        if state == .protected, token == nil || request.headers["authorization"] != token.map({ "Bearer \($0)" }) {
            return .json(
                401, ["error": "unauthorized"], headers: ["www-authenticate": "Bearer realm=\"health\""])
        }
        if state == .failing { return .json(500, ["error": "internal server error"]) }
        guard [[], ["health"], ["ping"]].contains(path) else { return .json(404, ["error": "not found"]) }
        guard ["GET", "HEAD", "POST"].contains(request.method) else {
            return .json(405, ["error": "method not allowed"], headers: ["allow": "GET, HEAD, POST"])
        }
        return state == .wrong
            ? .json(200, ["page": "welcome"])
            : .json(
                200,
                Health(status: "ok", service: name, checks: [.init(name: "database", ok: true)]),
                headers: ["cache-control": "no-store"])
    }

    private struct Health: Encodable {
        struct Check: Encodable {
            var name: String
            var ok: Bool
        }

        var status: String
        var service: String
        var checks: [Check]
    }
}
