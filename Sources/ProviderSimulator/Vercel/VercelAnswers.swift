import FoundationEssentials
import StatusModel

/// Vercel's answers, word for word where the wording is what clients go by.
enum VercelAnswers {
    private struct Wrapped: Encodable {
        var error: Refusal
    }

    private struct Refusal: Encodable {
        var code: String
        var message: String
        var invalidToken: Bool?
        var saml: Bool?
        var teamId: String?
        var scope: String?
        var enforced: Bool?
        var limit: Limit?
    }

    private struct Limit: Encodable {
        var total: Int
        var remaining = 0
        /// Seconds since the epoch.
        var reset: Int64
        var resetMs: Int64?
    }

    /// An answer whose body is `value` as JSON, keys as they are and sorted, so that equal values are equal bytes.
    static func json(_ status: Int, _ value: some Encodable) -> SimulatedAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var answer = SimulatedAnswer(status: status, headers: ["content-type": "application/json; charset=utf-8"])
        // Only a number that is no number fails to encode, and no body here holds a floating-point value.
        answer.body = (try? encoder.encode(value)).map(Array.init) ?? []
        return answer
    }

    static let missingToken = refusal(403, Refusal(code: "forbidden", message: "Not authorized"))
    static let invalidToken = refusal(
        403, Refusal(code: "forbidden", message: "Not authorized", invalidToken: true))
    static let notAuthorized = missingToken
    static let projectNotFound = refusal(404, Refusal(code: "not_found", message: "Project not found."))
    static let unknownMethod = refusal(
        404, Refusal(code: "method_unknown", message: "The method is unknown to this endpoint."))

    static let deploymentNotFound = refusal(
        404, Refusal(code: "not_found", message: "The deployment could not be found."))
    static let appNotInstalled = refusal(
        400,
        Refusal(
            code: "repo_not_found",
            message: "To link a GitHub repository, you need to install the GitHub integration first."))

    static func badRequest(_ message: String) -> SimulatedAnswer {
        refusal(400, Refusal(code: "bad_request", message: message))
    }

    /// The day's deployments are used up.
    static func quotaReached(until: UnixTime) -> SimulatedAnswer {
        let limit = Limit(total: 100, reset: until.seconds, resetMs: until.milliseconds)
        return refusal(
            402,
            Refusal(
                code: "api-deployments-free-per-day",
                message: "Resource is limited - try again in 24 hours (more than 100, code: "
                    + "\"api-deployments-free-per-day\").",
                limit: limit))
    }

    static func outOfScope(team: String?, saml: Bool) -> SimulatedAnswer {
        let scope = team ?? "editor"
        return refusal(
            403,
            Refusal(
                code: "forbidden",
                message: "Not authorized: Trying to access resource under scope \"\(scope)\". You must re-authenticate "
                    + "to this scope or use a token with access to this scope.",
                saml: saml, teamId: team, scope: scope, enforced: saml))
    }

    static func limited(
        total: Int, until: UnixTime, now: UnixTime, shape: VercelLimitOrder.Shape, sendsRetryAfter: Bool
    ) -> SimulatedAnswer {
        let wait = (until.since(now) + .milliseconds(999)).components.seconds
        let message = "The rate limit of \(total) exceeded for 'api-simulated'. Try again in \(wait) seconds"
        var answer: SimulatedAnswer
        switch shape {
        case .wrapped:
            let limit = Limit(total: total, reset: until.seconds, resetMs: until.milliseconds)
            answer = refusal(429, Refusal(code: "rate_limited", message: message, limit: limit))
        case .plain:
            answer = json(429, PlainLimit(message: message, wait: wait, total: total, reset: until.seconds))
        }
        if sendsRetryAfter { answer.headers["retry-after"] = String(wait) }
        return answer
    }

    static func failure(status: Int) -> SimulatedAnswer {
        status >= 500
            ? refusal(
                status, Refusal(code: "internal_server_error", message: "An unexpected internal error occurred"))
            : refusal(status, Refusal(code: "bad_request", message: "Simulated answer"))
    }

    private static func refusal(_ status: Int, _ refusal: Refusal) -> SimulatedAnswer {
        json(status, Wrapped(error: refusal))
    }

    /// As newer endpoints word a limit.
    private struct PlainLimit: Encodable {
        struct RetryAfter: Encodable {
            var value: Int64
            var str: String
        }

        var status = 429
        var code = "too_many_requests"
        var message: String
        var retryAfter: RetryAfter
        var limit: Limit

        init(message: String, wait: Int64, total: Int, reset: Int64) {
            self.message = message
            retryAfter = RetryAfter(value: wait, str: "\(wait)s")
            limit = Limit(total: total, reset: reset)
        }
    }
}
