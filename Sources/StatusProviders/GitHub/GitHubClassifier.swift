package import HTTPClient
package import StatusCore
package import StatusModel

/// What an answer other than the one hoped for means: a pure table, in the order of GitHub's own documentation.
///
/// A 403 is the trap: it stands for a limit, a lock-out, a mistake of ours or a missing permission, and only the first
/// test that fits tells which. The texts are GitHub's; they are looked for in lower case.
package enum GitHubClassifier {
    /// How long GitHub is left alone when it names a limit without an end.
    package static let unstatedLimitWait = Duration.seconds(60)
    /// How long GitHub is left alone once it locks an account out for too many bad logins.
    package static let lockOutWait = Duration.seconds(15 * 60)

    /// The failure that an answer stands for.
    package static func failure(for response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let body = GitHubErrorBody(response.body)
        // A page in GitHub's place says nothing of the credential or the repository.
        if [401, 404, 410, 451].contains(response.status), !isFromGitHub(response, body) { return unreadable }
        switch response.status {
        case 401: return deadCredential(body)
        case 403, 429:
            if isLimited(response, body) { return limited(response, body, now: now) }
            return refusal(response, body, now: now)
        case 404: return notFound(lacking: lacking(response))
        case 410, 451: return blocked
        case 407:
            return ProviderFailure(
                code: .network, cause: .host, hint: "The proxy of this host wants a login; check its settings.",
                disposition: .keepsLast)
        case 408, 504: return late(response, now: now)
        case 409, 423: return unreadable
        case 300...399 where response.status != 304: return moved
        case 400...499 where !isFromGitHub(response, body): return unreadable
        case 400...499:
            return refused(.misconfigured, "GitHub rejects the request (HTTP \(response.status)); check the link.")
        case 500...599:
            return body.message.contains("respond to your request in time")
                ? late(response, now: now) : serverError(response, now: now)
        default: return unreadable
        }
    }

    /// Until when GitHub wants to be left alone by an answer that a limit struck; nil for any other.
    package static func limit(in response: HTTPResponse, now: UnixTime) -> UnixTime? {
        guard [403, 429].contains(response.status) else { return nil }
        let failure = failure(for: response, now: now)
        return failure.isThrottled ? failure.retryAfter : nil
    }

    /// Whether GitHub itself speaks, and not a proxy or a captive portal with a page of its own. An empty body is nobody's
    /// page.
    private static func isFromGitHub(_ response: HTTPResponse, _ body: GitHubErrorBody) -> Bool {
        body.isFromAPI || response.body.isEmpty || response.headers["x-github-request-id"] != nil
    }

    /// An answer that should be a repository and is not.
    package static let unreadable = ProviderFailure(
        code: .unknown, cause: .provider,
        hint: "GitHub gave an answer that makes no sense; check the base URL and any proxy in between.",
        disposition: .keepsLast)

    /// GitHub hides what a token may not see, so the hint names both.
    package static let notFound = notFound(lacking: nil)

    private static func notFound(lacking: String?) -> ProviderFailure {
        refused(
            .notFound,
            lacking.map {
                "The repository does not exist, or the token may not see it, for it lacks \($0); grant it or correct the link."
            } ?? "The repository does not exist or the credential may not see it; correct the link or grant access.")
    }

    /// What the token lacks, by GitHub's own headers: https://docs.github.com/rest/using-the-rest-api/troubleshooting
    private static func lacking(_ response: HTTPResponse) -> String? {
        if let permissions = shown(response.headers["x-accepted-github-permissions"]) {
            return "the permission \(permissions)"
        }
        guard let wanted = shown(response.headers["x-accepted-oauth-scopes"]),
            GitHubToken(response.headers).lacksAcceptedScope
        else { return nil }
        return wanted.contains(",") ? "one of the scopes \(wanted)" : "the scope \(wanted)"
    }

    private static func shown(_ header: String?) -> String? {
        guard let header, !header.isEmpty, header.utf8.count <= 128, header.isPrintable else { return nil }
        return header
    }

    private static let moved = refused(
        .misconfigured, "The repository has moved and GitHub's redirect leads nowhere; link its new name.")

    private static let blocked = refused(
        .notFound, "GitHub blocks access to the repository; see its page on GitHub, or link another.")

    private static func deadCredential(_ body: GitHubErrorBody) -> ProviderFailure {
        refused(
            .oauthRevoked,
            body.message.contains("requires authentication")
                ? "GitHub wants a credential; store a valid token for the link and reconnect."
                : "GitHub no longer accepts the token; it expired or was revoked: renew it and reconnect.")
    }

    private static func refused(_ code: ProblemCode, _ hint: String, until: UnixTime? = nil) -> ProviderFailure {
        ProviderFailure(code: code, cause: .refused, hint: hint, disposition: .replaces, retryAfter: until)
    }
}

/// Limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
extension GitHubClassifier {
    private static func isLimited(_ response: HTTPResponse, _ body: GitHubErrorBody) -> Bool {
        response.status == 429 || response.headers.count("x-ratelimit-remaining") == 0
            || response.headers["retry-after"] != nil || isSecondary(body)
            || body.message.contains("rate limit exceeded")
    }

    private static func isSecondary(_ body: GitHubErrorBody) -> Bool {
        body.message.contains("secondary rate limit") || body.message.contains("abuse detection mechanism")
            || body.documentationURL.hasSuffix("secondary-rate-limits")
            || body.documentationURL.hasSuffix("#abuse-rate-limits")
    }

    /// `Retry-After` counts first, then the reset of a spent limit, then a minute.
    private static func limited(_ response: HTTPResponse, _ body: GitHubErrorBody, now: UnixTime) -> ProviderFailure {
        let isSpent = response.headers.count("x-ratelimit-remaining") == 0
        let reset = response.headers.count("x-ratelimit-reset").map(UnixTime.init(seconds:)).flatMap {
            isSpent && $0 > now ? $0 : nil
        }
        return ProviderFailure(
            code: .rateLimited, cause: .throttled,
            hint: isSpent && !isSecondary(body)
                ? "GitHub's request limit for this token or address is used up; wait until it resets."
                : "GitHub asks for fewer requests at once; wait.",
            disposition: .keepsLast,
            retryAfter: RetryAfter.instant(in: response.headers, now: now) ?? reset
                ?? now.advanced(by: unstatedLimitWait))
    }
}

/// Refusals by 403, once it is no limit.
extension GitHubClassifier {
    private static func refusal(_ response: HTTPResponse, _ body: GitHubErrorBody, now: UnixTime) -> ProviderFailure {
        if body.message.contains("login attempt") {
            return refused(
                .oauthRevoked, "GitHub locked the account out after too many bad tokens; renew the token and wait.",
                until: now.advanced(by: lockOutWait))
        }
        if body.message.contains("user agent") || body.message.contains("user-agent") {
            return refused(.misconfigured, "GitHub rejects the request's User-Agent; set one in the configuration.")
        }
        if response.headers["x-github-sso"]?.lowercased().hasPrefix("required") == true {
            return refused(
                .missingScope, "The organisation wants single sign-on; authorise the token for it on GitHub.")
        }
        if let lacking = lacking(response), !body.message.contains("saml"), !body.message.contains("admin rights") {
            return refused(.missingScope, "The token lacks \(lacking); grant it on GitHub, or use a token that has it.")
        }
        if let known = refusals.first(where: { body.message.contains($0.text) }) {
            return refused(known.code, known.hint)
        }
        // GitHub's own refusals are JSON; a page is a proxy's or a firewall's, and says nothing of the permission.
        return body.isFromAPI
            ? refused(.missingScope, "GitHub denies the token access to the repository; grant it the permission.")
            : unreadable
    }

    private static let refusals: [(text: String, code: ProblemCode, hint: String)] = [
        (
            "resource not accessible by", .missingScope,
            "The token lacks a permission; grant it Metadata and Contents: read for the repository."
        ),
        (
            "must have admin rights", .missingScope,
            "The token's owner is no admin of the repository; use an admin's token."
        ),
        ("saml", .missingScope, "The organisation wants single sign-on; authorise the token for it on GitHub."),
        ("ip allow list", .missingScope, "The organisation admits only listed addresses; have this host's added."),
        ("forbids access via", .missingScope, "The organisation forbids this kind of token; use one that it permits."),
        ("access restrictions", .missingScope, "The organisation must approve the app first; ask one of its owners."),
        ("repository access blocked", .notFound, blocked.hint),
        ("suspended", .oauthRevoked, "GitHub suspended the account or the app's installation; reconnect another."),
    ]
}

/// Answers that are GitHub's fault: the last reading stays.
extension GitHubClassifier {
    private static func serverError(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .unknown, cause: .provider,
            hint: "GitHub answers with a server error (HTTP \(response.status)); wait, or see githubstatus.com.",
            disposition: .keepsLast, retryAfter: wait,
            isRetryable: wait == nil && (response.status == 502 || response.status == 503))
    }

    /// GitHub itself ends a request after 10 s, and its gateway says so.
    private static func late(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .timeout, cause: .provider, hint: "GitHub did not answer in time; wait, or see githubstatus.com.",
            disposition: .keepsLast, retryAfter: wait, isRetryable: wait == nil)
    }
}
