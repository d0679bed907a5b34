import HTTPClient
import StatusCore
import StatusModel

/// What both of Supabase's planes answer alike.
enum SupabaseAnswers {
    /// How long Supabase is left alone when it names a limit without an end.
    static let unstatedLimitWait = Duration.seconds(60)

    /// An answer that is not what was asked for, and no refusal either.
    static func unreadable(_ server: String) -> ProviderFailure {
        ProviderFailure(
            code: .unknown, cause: .provider,
            hint: "\(server) gave an answer that makes no sense; check the link's address and any proxy in between.",
            disposition: .keepsLast)
    }

    static func refused(_ code: ProblemCode, _ hint: String) -> ProviderFailure {
        ProviderFailure(code: code, cause: .refused, hint: hint, disposition: .replaces)
    }

    /// 429. `x-ratelimit-reset` is in seconds left (providers.md §1.1), unlike everybody else's.
    static func throttled(_ response: HTTPResponse, _ server: String, now: UnixTime) -> ProviderFailure {
        // More than a day left is an instant by mistake.
        let left = response.headers.count("x-ratelimit-reset").flatMap {
            $0 <= 86_400 ? now.advanced(by: .seconds(max(1, $0))) : nil
        }
        let until = RetryAfter.instant(in: response.headers, now: now) ?? left
        return throttled(server, until: until ?? now.advanced(by: unstatedLimitWait))
    }

    static func throttled(_ server: String, until: UnixTime) -> ProviderFailure {
        ProviderFailure(
            code: .rateLimited, cause: .throttled,
            hint: "\(server) has had too many requests from this account or address; wait until its limit resets.",
            disposition: .keepsLast, retryAfter: until)
    }

    /// 408, 504, and Supabase's own 544: its gateway waited in vain.
    static func late(_ response: HTTPResponse, _ server: String, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .timeout, cause: .provider,
            hint: "\(server) did not answer in time; wait, or see status.supabase.com.", disposition: .keepsLast,
            retryAfter: wait, isRetryable: wait == nil)
    }

    /// Any other 5xx, those of Supabase (546) and of Cloudflare before it (520 to 530) included.
    static func serverError(_ response: HTTPResponse, _ server: String, now: UnixTime) -> ProviderFailure {
        let wait = RetryAfter.instant(in: response.headers, now: now)
        return ProviderFailure(
            code: .unknown, cause: .provider,
            hint: "\(server) answers with a server error (HTTP \(response.status)); wait, or see status.supabase.com.",
            disposition: .keepsLast, retryAfter: wait,
            isRetryable: wait == nil && (response.status == 502 || response.status == 503))
    }

    /// What the status alone tells, once everything that a body can tell was looked at.
    static func failure(for response: HTTPResponse, _ server: String, now: UnixTime) -> ProviderFailure {
        switch response.status {
        case 407:
            ProviderFailure(
                code: .network, cause: .host, hint: "The proxy of this host wants a login; check its settings.",
                disposition: .keepsLast)
        case 408, 504, 544: late(response, server, now: now)
        case 429: throttled(response, server, now: now)
        case 300...399:
            refused(.misconfigured, "\(server) points to another address; correct the address in the configuration.")
        case 500...599: serverError(response, server, now: now)
        default: unreadable(server)
        }
    }
}
