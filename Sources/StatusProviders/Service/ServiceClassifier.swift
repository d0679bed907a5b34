import HTTPClient
package import StatusCore
import StatusModel

/// What a read of a service means: a pure table.
///
/// Whatever the service answers is a verdict, and so a reading that the next one replaces after one time to live: a
/// deploy mends it without anybody telling us. Only what a person must repair here, throttling, and silence are failures.
///
/// | what came | status | code | cause |
/// |---|---|---|---|
/// | the check is passed | connected | | |
/// | … over the latency limit | warning | | |
/// | … and the body says `warn` | warning | `unknown` | provider |
/// | … and the body says `fail` | error | `unknown` | provider |
/// | 401, 403 | error, failure | `misconfigured` | refused |
/// | 404, 405, 410, other 4xx; 3xx, redirects that lead on too far | error | `misconfigured` | refused |
/// | another 2xx, a header, a value of the body; over 64 KiB | error | `misconfigured` | provider |
/// | 500, 501, 505 and above; 502, 503, 504 whose body says how the service is | error | `unknown` | provider |
/// | 503 at some attempt, and no life | warning | `sleeping` | provider |
/// | 408, 502, 504 or silence, and it was well, and less than 5 min ago fell silent | warning | `sleeping` | provider |
/// | 502 throughout, else | error | `unknown` | provider |
/// | 408, 504 or silence throughout, else | kept | `timeout` | provider |
/// | 429 | kept | `rate_limited` | throttled |
/// | 407 | kept | `network` | host |
/// | this host or its link, without leave | error, failure | `misconfigured` | host |
/// | DNS, connection, TLS | kept | by ``TransportFailure`` | |
///
/// "Kept" is the last reading, stale; without one the item is an error (SPEC §2).
package enum ServiceClassifier {
    /// How long a service is left alone when it names a limit without an end.
    package static let unstatedLimitWait = Duration.seconds(60)

    /// - Parameters:
    ///   - outcome: What came of the read.
    ///   - target: The service.
    ///   - expectations: Made of the same service.
    ///   - history: What earlier reads left.
    ///   - now: The moment of the read.
    /// - Returns: How the service is.
    /// - Throws: The rows of the table that are failures or keep the last reading.
    package static func verdict(
        on outcome: ServiceOutcome, of target: ServiceTarget, expectations: ServiceExpectations,
        history: ServiceHistory, now: Moment
    ) throws(ProviderFailure) -> ServiceVerdict {
        switch outcome {
        case .answered(let response, _):
            guard let mismatch = expectations.mismatch(in: response) else {
                return passed(response, target, expectations)
            }
            return try verdict(on: mismatch, response, target, now: now.wall)
        case .lifeless(let silence):
            return try verdict(on: silence, target, history, now: now.wall)
        case .failed(let error):
            return try verdict(on: error, target, now: now)
        }
    }

    private static func passed(
        _ response: HTTPResponse, _ target: ServiceTarget, _ expectations: ServiceExpectations
    ) -> ServiceVerdict {
        switch expectations.selfReport(in: response) {
        case .failing: return saysFailing(target)
        case .warning:
            return ServiceVerdict(
                .warning, "Reports a warning",
                problem: problem(.unknown, .provider, "\(target.name) reports a warning of its own; see its log."))
        case .well, nil:
            return response.latency > target.latencyLimit
                ? ServiceVerdict(.warning, "Slow") : ServiceVerdict(.connected, "Healthy")
        }
    }

    private static func verdict(
        on mismatch: ServiceExpectations.Mismatch, _ response: HTTPResponse, _ target: ServiceTarget, now: UnixTime
    ) throws(ProviderFailure) -> ServiceVerdict {
        let name = target.name
        switch mismatch {
        case .status(let status):
            return try verdict(onStatus: status, response, target, now: now)
        case .header(let header):
            return misconfigured(
                "Unexpected header", .provider,
                "\(name) answers without the expected header \(header); correct the service or the check.")
        case .notJSON:
            return misconfigured(
                "Unexpected body", .provider,
                "\(name) answers no JSON, where the check looks for a value; correct the service or the check.")
        case .body(let pointer):
            let place = pointer.isEmpty ? "as a whole" : "at \(pointer)"
            return misconfigured(
                "Unexpected body", .provider,
                "\(name) answers without the expected value \(place); correct the service or the check.")
        }
    }

    private static func saysFailing(_ target: ServiceTarget) -> ServiceVerdict {
        ServiceVerdict(
            .error, "Reports a failure",
            problem: problem(.unknown, .provider, "\(target.name) reports that it is failing; see its log."))
    }

    private static func misconfigured(_ words: String, _ cause: ProblemCause, _ hint: String) -> ServiceVerdict {
        ServiceVerdict(.error, words, problem: problem(.misconfigured, cause, hint))
    }

    private static func problem(_ code: ProblemCode, _ cause: ProblemCause, _ hint: String) -> ReadingProblem {
        ReadingProblem(code: code, cause: cause, hint: hint)
    }
}

/// By a status that the check does not expect.
extension ServiceClassifier {
    private static func verdict(
        onStatus status: Int, _ response: HTTPResponse, _ target: ServiceTarget, now: UnixTime
    ) throws(ProviderFailure) -> ServiceVerdict {
        let name = target.name
        switch status {
        case 401, 403:
            throw ProviderFailure(
                code: .misconfigured, cause: .refused,
                hint: "\(name) protects its check (HTTP \(status)); open the path, or set a secret header for it.",
                disposition: .replaces)
        case 407:
            throw ProviderFailure(
                code: .network, cause: .host, hint: "The proxy of this host wants a login; check its settings.",
                disposition: .keepsLast)
        case 429:
            throw ProviderFailure(
                code: .rateLimited, cause: .throttled, hint: "\(name) asks for fewer requests; wait.",
                disposition: .keepsLast,
                retryAfter: RetryAfter.instant(in: response.headers, now: now) ?? now.advanced(by: unstatedLimitWait))
        case 300...399:
            return misconfigured(
                "Redirects (HTTP \(status))", .refused, "\(name) redirects to nowhere; link the final address.")
        case 404, 410:
            return misconfigured(
                "Not found (HTTP \(status))", .refused,
                "\(name) knows nothing at the check's path (HTTP \(status)); correct its url.")
        case 405:
            return misconfigured(
                "Method refused (HTTP 405)", .refused,
                "\(name) refuses the method \(target.method) (HTTP 405); correct the check's method.")
        case 400...499:
            return misconfigured(
                "Rejects the check (HTTP \(status))", .refused,
                "\(name) rejects the check (HTTP \(status)); correct its url, method or headers.")
        case 500...:
            if ServiceSelfReport(response) == .failing { return saysFailing(target) }
            return ServiceVerdict(
                .error, "Fails (HTTP \(status))",
                problem: problem(
                    .unknown, .provider, "\(name) answers with a server error (HTTP \(status)); see its log."))
        default:
            return misconfigured(
                "Unexpected status (HTTP \(status))", .provider,
                "\(name) answers HTTP \(status), which the check does not expect; correct the service or the check.")
        }
    }
}

/// By the lack of an answer.
extension ServiceClassifier {
    private static func verdict(
        on silence: ServiceSilence, _ target: ServiceTarget, _ history: ServiceHistory, now: UnixTime
    ) throws(ProviderFailure) -> ServiceVerdict {
        let name = target.name
        var verdict: ServiceVerdict
        if silence.isDeclared || history.mayBeWaking(now: now) {
            let sign = silence.isDeclared ? "is unavailable (HTTP 503)" : "gave no sign of life"
            verdict = ServiceVerdict(
                .warning, "Asleep",
                problem: problem(.sleeping, .provider, "\(name) \(sign); wake it, or see its platform's log."))
        } else if silence.status == 502 {
            verdict = ServiceVerdict(
                .error, "Down (HTTP 502)",
                problem: problem(
                    .unknown, .provider, "Nothing answers behind the gateway of \(name) (HTTP 502); start the service.")
            )
        } else {
            throw ProviderFailure(
                code: .timeout, cause: .provider,
                hint: "\(name) did not answer in time; see whether it runs, or raise its timeout.",
                disposition: .keepsLast, retryAfter: silence.retryAfter)
        }
        verdict.isSilent = true
        verdict.retryAfter = silence.retryAfter
        return verdict
    }

    private static func verdict(
        on error: HTTPClientError, _ target: ServiceTarget, now: Moment
    ) throws(ProviderFailure) -> ServiceVerdict {
        let name = target.name
        switch error.kind {
        case .bodyTooLarge:
            return misconfigured(
                "Answer too long", .provider,
                "\(name) answers with more than \(ServiceRequests.bodyBytesMax >> 10) KiB; check a shorter page.")
        case .redirectRefused:
            return misconfigured(
                "Redirects too far", .refused,
                "\(name) redirects more than \(ServiceRequests.redirectsMax) times, or to where nobody must follow; "
                    + "link the final address.")
        case .addressRefused:
            throw ProviderFailure(
                code: .misconfigured, cause: .host,
                hint: "\(name) is on this host or its network's link; set allowLocal for it if that is meant.",
                disposition: .replaces)
        default:
            var failure = TransportFailure.classify(error, provider: name, now: now)
            // The check has been repeated already, as far as a repetition is of use (``ServiceCheck``).
            failure.isRetryable = false
            throw failure
        }
    }
}
