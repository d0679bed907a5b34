import StatusModel

/// GitHub's refusals and failures, word for word where the wording is what clients go by.
enum GitHubAnswers {
    private struct ErrorBody: Encodable {
        var message: String
        var documentationUrl: String?
        /// A string, as GitHub sends it.
        var status: String?
    }

    static let documentation = "https://docs.github.com/rest"
    private static let limits = documentation + "/using-the-rest-api/rate-limits-for-the-rest-api"

    static func error(
        _ status: Int, _ message: String, documentation: String = documentation, headers: HeaderFields = [:]
    ) -> SimulatedAnswer {
        .json(
            status, ErrorBody(message: message, documentationUrl: documentation, status: String(status)),
            headers: headers)
    }

    static let badCredentials = error(401, "Bad credentials")
    static let requiresAuthentication = error(401, "Requires authentication")
    static let tooManyLogins = error(403, "Max number of login attempt exceeded")
    static let notFound = error(404, "Not Found")
    static let branchNotFound = error(404, "Branch not found")
    static let emptyRepository = error(409, "Git Repository is empty.")

    static let missingUserAgent = SimulatedAnswer.text(
        403, "Missing or invalid User Agent string. Please make sure your request has a User-Agent header.\n")

    static func unknownVersion() -> SimulatedAnswer {
        error(400, "The X-GitHub-Api-Version header names no version; known are: " + versions)
    }

    /// A request that is more than a question is to be repeated as it is (307).
    static func moved(to url: String, keepsMethod: Bool = false) -> SimulatedAnswer {
        struct Moved: Encodable {
            var message = "Moved Permanently"
            var url: String
            var documentationUrl = GitHubAnswers.documentation
        }
        return .json(keepsMethod ? 307 : 301, Moved(url: url), headers: ["location": url])
    }

    static func primaryLimit(_ caller: GitHubCaller, status: Int) -> SimulatedAnswer {
        let who = caller.token.map { "user ID \($0.userID)" } ?? "127.0.0.1"
        return error(status, "API rate limit exceeded for \(who).", documentation: limits)
    }

    /// `retryAfter` is in seconds, and nil when GitHub does not say.
    static func secondaryLimit(status: Int, retryAfter: Int64?) -> SimulatedAnswer {
        var answer = error(
            status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            documentation: limits + "#about-secondary-rate-limits")
        if let retryAfter { answer.headers["retry-after"] = String(retryAfter) }
        return answer
    }

    static func needsSSO(organization: String) -> SimulatedAnswer {
        error(
            403,
            "Resource protected by organization SAML enforcement. "
                + "You must grant your OAuth token access to this organization.",
            headers: [
                "x-github-sso":
                    "required; url=https://github.com/orgs/\(organization)/sso?authorization_request=SIMULATED"
            ])
    }

    static func notPermitted(_ permission: String) -> SimulatedAnswer {
        error(
            403, "Resource not accessible by personal access token",
            headers: [
                "x-accepted-github-permissions": permission.split(separator: ":").count == 2
                    ? permission.split(separator: ":").joined(separator: "=") : "\(permission)=read"
            ])
    }

    /// A failure of GitHub's own has another key than its refusals, and no word on limits.
    static func failure(status: Int) -> SimulatedAnswer {
        status >= 500 ? .json(status, ["error": "Server Error"]) : error(status, "Simulated answer")
    }

    private static let versions = GitHubCall.versions.joined(separator: ", ")
}
