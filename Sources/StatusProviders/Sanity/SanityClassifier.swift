package import HTTPClient
package import StatusCore
package import StatusModel

/// What an answer of Sanity's other than the one hoped for means: a pure table (providers.md §4.3, §8 SN3–SN7).
///
/// `errorCode` is looked at first, for it says most: a token of another project is as much a 401 as a dead one.
package enum SanityClassifier {
    /// How long Sanity is left alone when it names a limit without an end: its limits are per second.
    package static let unstatedLimitWait = Duration.seconds(10)
    /// The longest `ratelimit-reset` that is believed, in seconds; it counts what is left, and is no date.
    package static let resetSecondsMax: Int64 = 86_400
    /// How long a project with a spent quota is left alone: quotas are counted by the month, and can be raised at once.
    package static let quotaWait = Duration.seconds(60 * 60)

    /// The failure that an answer stands for.
    package static func failure(for response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let body = SanityErrorBody(response.body)
        if let known = refusals[body.code] { return known }
        switch response.status {
        case 402: return spentQuota(response, now: now)
        case 407:
            return ProviderFailure(
                code: .network, cause: .host, hint: "The proxy of this host wants a login; check its settings.",
                disposition: .keepsLast)
        case 408, 504: return late(response, now: now)
        case 429: return limited(response, now: now)
        // A page in Sanity's place says nothing of the credential or the project.
        case 300...499 where !body.isFromAPI && !response.body.isEmpty: return unreadable
        case 401: return body.text.contains("match project host") ? foreignToken : deadToken
        case 403: return missingPermission
        case 404: return absence(body)
        case 300...399: return misplaced
        case 400...499: return rejection(response, body)
        case 500...599: return serverError(response, now: now)
        default: return unreadable
        }
    }

    /// An answer that should be Sanity's and is not.
    package static let unreadable = ProviderFailure(
        code: .unknown, cause: .provider,
        hint: "Sanity gave an answer that makes no sense; check the base URLs and any proxy in between.",
        disposition: .keepsLast)

    /// Documents were left out for want of a permission.
    package static let missingPermission = refused(
        .missingScope, "The token may not read the dataset; grant it the role Viewer for the project.")

    /// Without a token a private dataset answers as an empty one does, so that an empty answer proves nothing.
    package static let anonymousEmptiness = refused(
        .misconfigured, "Without a token the dataset shows no document; store a token of the project for the link.")

    /// The project is there, and Sanity does not serve it.
    package static let blockedProject = refused(
        .misconfigured, "Sanity has blocked or disabled the project; see its page at sanity.io/manage.")

    private static let refusals: [String: ProviderFailure] = [
        "SIO-401-ANF": deadToken,
        "SIO-401-AEX": refused(.oauthRevoked, "The Sanity token has expired; put a new one in its place."),
        "SIO-401-AWH": foreignToken,
    ]

    private static let deadToken = refused(
        .oauthRevoked, "Sanity does not accept the token; it was deleted or has expired: put a new one in its place.")

    private static let foreignToken = refused(
        .misconfigured, "The token belongs to another Sanity project; store one of the linked project.")

    private static let misplaced = refused(
        .misconfigured, "Sanity's API is not at this address; correct the link's api and dataApi.")

    private static func absence(_ body: SanityErrorBody) -> ProviderFailure {
        if body.text.contains("project hostname") { return misplaced }
        // Sanity's words for a missing dataset name the project besides.
        if body.text.contains("project"), !body.text.contains("dataset") {
            return refused(.notFound, "The Sanity project does not exist; correct the link's project.")
        }
        return refused(.misconfigured, "The dataset does not exist in the project; correct the link's dataset.")
    }

    private static func rejection(_ response: HTTPResponse, _ body: SanityErrorBody) -> ProviderFailure {
        refused(
            .misconfigured,
            body.type == "queryparseerror"
                ? "Sanity does not understand the daemon's query; update the daemon, or correct the link's dataApi."
                : "Sanity rejects the request (HTTP \(response.status)); check the link.")
    }

    private static func refused(_ code: ProblemCode, _ hint: String) -> ProviderFailure {
        ProviderFailure(code: code, cause: .refused, hint: hint, disposition: .replaces)
    }
}

/// Limits: `Retry-After`, and `ratelimit-reset` in seconds left (providers.md §1.1, §1.4).
extension SanityClassifier {
    private static func limited(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let reset = response.headers.count("ratelimit-reset").flatMap { seconds in
            (1...resetSecondsMax).contains(seconds) ? now.advanced(by: .seconds(seconds)) : nil
        }
        return throttled(
            "Sanity asks for fewer requests; wait.",
            until: RetryAfter.instant(in: response.headers, now: now) ?? reset
                ?? now.advanced(by: unstatedLimitWait))
    }

    private static func spentQuota(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        var failure = throttled(
            "The Sanity project's quota is used up; raise it at sanity.io/manage, or wait until it begins anew.",
            until: RetryAfter.instant(in: response.headers, now: now) ?? now.advanced(by: quotaWait))
        failure.isOwnLimit = true
        return failure
    }

    private static func throttled(_ hint: String, until: UnixTime) -> ProviderFailure {
        ProviderFailure(
            code: .rateLimited, cause: .throttled, hint: hint, disposition: .keepsLast, retryAfter: until)
    }
}

/// Answers that are Sanity's fault: the last reading stays.
extension SanityClassifier {
    private static func serverError(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .unknown, cause: .provider,
            hint: "Sanity answers with a server error (HTTP \(response.status)); wait, or see sanity-status.com.",
            disposition: .keepsLast, retryAfter: wait,
            isRetryable: wait == nil && (response.status == 502 || response.status == 503))
    }

    private static func late(_ response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .timeout, cause: .provider, hint: "Sanity did not answer in time; wait, or see sanity-status.com.",
            disposition: .keepsLast, retryAfter: wait, isRetryable: wait == nil)
    }
}
