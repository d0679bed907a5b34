import FoundationEssentials

/// Sanity's answers: names in camel case, and refusals in the shapes and words that clients go by.
enum SanityAnswers {
    private struct Refusal: Encodable {
        var statusCode: Int
        var error: String
        var message: String
        var errorCode: String?
    }

    private struct QueryError: Encodable {
        struct Detail: Encodable {
            var description: String
            var type: String
            var query: String
            var start: Int
            var end: Int
        }

        var error: Detail
    }

    /// An answer whose body is `value` as JSON, keys as they are and sorted, so that equal values are equal bytes.
    static func json(_ status: Int, _ value: some Encodable) -> SimulatedAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var answer = SimulatedAnswer(status: status)
        answer.headers["content-type"] = "application/json; charset=utf-8"
        // Only a number that is no number fails to encode, and no body here holds a floating-point value.
        answer.body = (try? encoder.encode(value)).map(Array.init) ?? []
        return answer
    }

    static let sessionNotFound = refusal(401, "Unauthorized", "Session not found", code: "SIO-401-ANF")
    static let sessionExpired = refusal(401, "Unauthorized", "Session expired", code: "SIO-401-AEX")
    static let foreignSession = refusal(
        401, "Unauthorized", "Session does not match project host", code: "SIO-401-AWH")
    static let authenticationRequired = refusal(401, "Unauthorized", "Authentication required")
    static let notFound = refusal(404, "Not Found", "Not Found")
    static let projectNotFound = refusal(404, "Not Found", "Project not found")
    static let useProjectHostname = refusal(404, "Not Found", "Use project hostname for data requests")
    static let hooksForbidden = refusal(
        403, "Forbidden", "Insufficient permissions; permission \"sanity.project.webhooks/read\" required")

    static func datasetNotFound(_ dataset: String, project: String) -> SimulatedAnswer {
        refusal(404, "Not Found", "Dataset \"\(dataset)\" not found for project ID \"\(project)\"")
    }

    static func queryError(_ query: String, at offset: Int) -> SimulatedAnswer {
        let detail = QueryError.Detail(
            description: "unexpected end of query", type: "queryParseError", query: query, start: offset,
            end: query.utf8.count)
        return json(400, QueryError(error: detail))
    }

    /// `retryAfter` is in seconds, and nil when the answer does not say.
    static func limited(resetsIn seconds: Int64, saysRetryAfter: Bool) -> SimulatedAnswer {
        var answer = refusal(429, "Too Many Requests", "Rate limit exceeded")
        if saysRetryAfter { answer.headers["retry-after"] = String(seconds) }
        answer.headers["ratelimit-limit"] = "500"
        answer.headers["ratelimit-remaining"] = "0"
        answer.headers["ratelimit-reset"] = String(seconds)
        return answer
    }

    static func failure(status: Int) -> SimulatedAnswer {
        status >= 500
            ? refusal(status, "Internal Server Error", "An internal server error occurred")
            : refusal(status, "Simulated", "Simulated answer")
    }

    private static func refusal(
        _ status: Int, _ error: String, _ message: String, code: String? = nil
    ) -> SimulatedAnswer {
        json(status, Refusal(statusCode: status, error: error, message: message, errorCode: code))
    }
}
