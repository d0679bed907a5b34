package import HTTPClient
package import StatusCore
package import StatusModel

/// What an answer other than the one hoped for means: a pure table, in the order of providers.md §3.
///
/// A 403 is the trap: it stands for a dead token, a scope that is lacking, or neither is said. Only `invalidToken`
/// calls a token dead.
package enum VercelClassifier {
    /// How long Vercel is left alone when it names a limit without an end.
    package static let unstatedLimitWait = Duration.seconds(60)
    /// The same for a quota, which is counted by the day or the month.
    package static let unstatedQuotaWait = Duration.seconds(3600)

    /// The failure that an answer stands for. Whether the link names a team explains what is not found.
    package static func failure(for response: HTTPResponse, hasTeam: Bool, now: UnixTime) -> ProviderFailure {
        let body = VercelErrorBody(response.body)
        let isRefusal = (400...499).contains(response.status)
        if isRefusal, body.isInvalidToken { return deadToken }
        if isRefusal, response.status == 429 || response.status == 402 || limitCodes.contains(body.code) {
            return limited(response, body, now: now)
        }
        switch response.status {
        case 407:
            return ProviderFailure(
                code: .network, cause: .host, hint: "The proxy of this host wants a login; check its settings.",
                disposition: .keepsLast)
        case 408, 504: return late(response, now: now)
        // A page in Vercel's place says nothing of the token or the project. Some of Vercel's own refusals are empty.
        case 400...499 where !body.isFromAPI && !response.body.isEmpty: return unreadable
        case 401: return isScope(body) ? scopeLacking(body) : deadToken
        case 403: return denied(body)
        case 404 where body.code != "method_unknown", 410: return notFound(hasTeam: hasTeam)
        case 409, 423: return unreadable
        case 300...399 where response.status != 304:
            return refused(.misconfigured, "Vercel's redirect leads nowhere; check the link's base URL.")
        case 400...499:
            return refused(
                .misconfigured,
                "Vercel rejects the request (HTTP \(response.status)); check the link's project and team.")
        case 500...599: return serverError(response, now: now)
        default: return unreadable
        }
    }

    /// An answer that should be a project or a list and is not.
    package static let unreadable = ProviderFailure(
        code: .unknown, cause: .provider,
        hint: "Vercel gave an answer that makes no sense; check the base URL and any proxy in between.",
        disposition: .keepsLast)

    /// Vercel answers as if all were well and leaves out what the token may not see.
    package static let withheld = refused(
        .missingScope, "Vercel withholds the project from the token; grant it access to the project's team.")

    /// A 403 that gives no reason: to be confirmed by asking for the token's owner, see ``confirmed(by:)``.
    package static let notAuthorized = refused(
        .missingScope, "Vercel denies the token access to the project; grant it, or use a token that has it.")

    /// What a 403 without a reason stands for, once the token's owner was asked for: a token that may not even see its
    /// own owner is dead (providers.md §3.1). Without an answer of Vercel's own the 403 stands.
    package static func confirmed(by user: HTTPResponse?, now: UnixTime) -> ProviderFailure {
        guard let user, user.status != 200 else { return notAuthorized }
        let body = VercelErrorBody(user.body)
        let isRefused = (user.status == 401 || user.status == 403) && body.isFromAPI && !isScope(body)
        if body.isInvalidToken || isRefused { return deadToken }
        return notAuthorized.obeying([failure(for: user, hasTeam: false, now: now)])
    }

    private static let deadToken = refused(
        .oauthRevoked,
        "Vercel no longer accepts the token; it expired or was revoked: create one at vercel.com/account/tokens.")

    private static func refused(_ code: ProblemCode, _ hint: String) -> ProviderFailure {
        ProviderFailure(code: code, cause: .refused, hint: hint, disposition: .replaces)
    }

    private static func notFound(hasTeam: Bool) -> ProviderFailure {
        refused(
            .notFound,
            hasTeam
                ? "The linked team has no such project, or hides it from the token; correct the project or the team."
                : "There is no such project outside of teams; set the link's team id if a team owns it, or correct it.")
    }
}

/// Refusals by 403 (providers.md §1.3, §3.1).
extension VercelClassifier {
    private static func denied(_ body: VercelErrorBody) -> ProviderFailure {
        if isScope(body) { return scopeLacking(body) }
        let givesNoReason = body.message.isEmpty || body.message.trimmedOfFullStop == "not authorized"
        return givesNoReason ? notAuthorized : lacksPermission
    }

    private static let lacksPermission = refused(
        .missingScope, "The token lacks a permission for the project; grant it on Vercel, or use another token.")

    private static func isScope(_ body: VercelErrorBody) -> Bool {
        body.wantsSAML || body.namesScope || body.message.contains("under scope")
    }

    private static func scopeLacking(_ body: VercelErrorBody) -> ProviderFailure {
        refused(
            .missingScope,
            body.wantsSAML
                ? "The team wants single sign-on; authenticate to it on Vercel and make a token for it."
                : "The token does not reach the project's team; use a token whose scope is that team.")
    }
}

/// Limits, which are by endpoint: https://vercel.com/docs/rest-api/errors.
extension VercelClassifier {
    private static let buildLimitCode = "builds_rate_limited"
    private static let limitCodes: Set = ["rate_limited", "too_many_requests", buildLimitCode]

    /// `Retry-After` counts first, then what the body says, then a minute.
    private static func limited(_ response: HTTPResponse, _ body: VercelErrorBody, now: UnixTime) -> ProviderFailure {
        let isQuota = response.status == 402
        let stated =
            RetryAfter.instant(in: response.headers, now: now)
            ?? body.retryAfterSeconds.flatMap { $0 > 0 ? now.advanced(by: .seconds($0)) : nil }
            ?? body.limitReset(now: now)
        var failure = ProviderFailure(
            code: .rateLimited, cause: .throttled,
            hint: isQuota
                ? "Vercel's quota for this plan is used up; wait until it is whole again, or upgrade the plan."
                : "Vercel's request limit for this token is used up; wait until it resets.",
            disposition: .keepsLast,
            retryAfter: stated ?? now.advanced(by: isQuota ? unstatedQuotaWait : unstatedLimitWait))
        // Builds are counted apart from requests: whoever may not build may still read.
        failure.isOwnLimit = isQuota || body.code == buildLimitCode
        return failure
    }
}

/// Answers that are Vercel's fault: the last reading stays.
extension VercelClassifier {
    private static func serverError(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .unknown, cause: .provider,
            hint: "Vercel answers with a server error (HTTP \(response.status)); wait, or see vercel-status.com.",
            disposition: .keepsLast, retryAfter: wait,
            isRetryable: wait == nil && (response.status == 502 || response.status == 503))
    }

    private static func late(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .timeout, cause: .provider, hint: "Vercel did not answer in time; wait, or see vercel-status.com.",
            disposition: .keepsLast, retryAfter: wait, isRetryable: wait == nil)
    }
}

extension String {
    fileprivate var trimmedOfFullStop: Substring { hasSuffix(".") ? dropLast() : self[...] }
}
