package import HTTPClient
package import StatusCore
package import StatusModel

/// What an answer of the management API means that is not the one hoped for: a pure table (providers.md §1.2–1.4, §8).
package enum SupabaseManagementClassifier {
    static let server = "Supabase's management API"

    /// The failure that an answer stands for.
    package static func failure(for response: HTTPResponse, now: UnixTime) -> ProviderFailure {
        let body = SupabaseErrorBody(response.body)
        // A page in Supabase's place says nothing of the token or the project. An empty body is nobody's page.
        let isFromSupabase = body.isFromAPI || response.body.isEmpty || response.headers["x-gotrue-id"] != nil
        guard isFromSupabase || !(400...428).contains(response.status) else {
            return SupabaseAnswers.failure(for: response, server, now: now)
        }
        switch response.status {
        case 401: return body.message.contains("jwt could not be decoded") ? wrongToken : deadToken
        case 402: return restricted(now: now)
        case 403: return missingScope
        case 404, 410: return notFound
        case 407, 408: return SupabaseAnswers.failure(for: response, server, now: now)
        case 400...428:
            return SupabaseAnswers.refused(
                .misconfigured, "\(server) rejects the request (HTTP \(response.status)); check the link.")
        default: return SupabaseAnswers.failure(for: response, server, now: now)
        }
    }

    /// An answer of 200 that is not what was asked for.
    package static let unreadable = SupabaseAnswers.unreadable(server)

    package static let deadToken = SupabaseAnswers.refused(
        .oauthRevoked, "Supabase no longer accepts the management token; renew it and reconnect.")

    /// A project key, or the session of somebody's browser, in the place of a personal or OAuth access token.
    package static let wrongToken = SupabaseAnswers.refused(
        .misconfigured, "The management token is of the wrong kind; store a personal access token (sbp_…) or connect.")

    package static let missingScope = SupabaseAnswers.refused(
        .missingScope, "The management token may not read the project; grant it projects:read, or use a member's.")

    package static let notFound = SupabaseAnswers.refused(
        .notFound, "The Supabase project does not exist or was removed; correct the link's ref or remove the link.")

    private static func restricted(now: UnixTime) -> ProviderFailure {
        var failure = ProviderFailure(
            code: .rateLimited, cause: .throttled, hint: SupabaseProbeClassifier.restrictionHint,
            disposition: .keepsLast, retryAfter: now.advanced(by: SupabaseAnswers.unstatedLimitWait))
        failure.isOwnLimit = true
        return failure
    }
}
