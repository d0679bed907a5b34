package import HTTPClient
package import Resilience

/// What a call says of its upstream: one table for every provider (SPEC §4).
///
/// A failure is what leaving the host alone could help: it does not answer, or says itself that it cannot. Whatever
/// else it answers is an answer, a refusal as much as a success. What stands between this host and the upstream says
/// nothing of it.
package enum CallVerdict {
    /// How much before its total timeout a cancelled request counts as timed out: the read's deadline, which both are
    /// bounded by, then ended it first.
    package static let deadlineSlack = Duration.milliseconds(100)

    /// A request that was given less time than this proves nothing by not being answered.
    package static let patience = Duration.milliseconds(500)
    /// A request that ended so long after its own bound met a process that stood still, not an upstream.
    package static let standstill = Duration.seconds(2)

    /// Judges an answer by its status.
    package static func of(status: Int, from kind: GuardedPlace.Kind = .provider) -> CircuitBreaker.Outcome {
        switch status {
        // A worker that is asleep is woken by being asked, and its platform answers for it meanwhile.
        case 502, 503, 504: kind == .service ? .neutral : .failure
        // A rate limit keeps its own date and leaves the breaker as it is (BEHAVIOURS 24).
        case 429: .neutral
        // "Not implemented" is a complete answer (RFC 9110 §15.6.2).
        case 501: .success
        // Supabase's gateway: the project is paused, and the host that says so is well.
        case 540: .success
        case 500...599: .failure
        case 200...499: .success
        // No class that HTTP knows.
        default: .neutral
        }
    }

    /// Judges a request that got no answer.
    ///
    /// - Parameters:
    ///   - error: Why there was none.
    ///   - elapsed: From the call to the error.
    ///   - totalTimeout: The request's own bound.
    ///   - kind: Who did not answer.
    /// - Returns: The verdict.
    package static func of(
        _ error: HTTPClientError, elapsed: Duration, totalTimeout: Duration, from kind: GuardedPlace.Kind = .provider
    ) -> CircuitBreaker.Outcome {
        switch error.kind {
        case .connect, .reset, .malformedResponse, .tls(.handshake): .failure
        case .timeout, .cancelled:
            isTimedOut(error, elapsed: elapsed, totalTimeout: totalTimeout) && kind == .provider ? .failure : .neutral
        // Resolver, trust store, clock and configuration of this host, or a bound of ours.
        case .dns, .tls, .addressRefused, .redirectRefused, .invalidRequest, .overloaded, .bodyTooLarge, .held, .other:
            .neutral
        }
    }

    /// Whether a request was given time, and the upstream let it pass.
    package static func isTimedOut(_ error: HTTPClientError, elapsed: Duration, totalTimeout: Duration) -> Bool {
        guard totalTimeout >= patience, elapsed <= totalTimeout + standstill else { return false }
        switch error.kind {
        case .timeout: return true
        case .cancelled: return elapsed >= totalTimeout - deadlineSlack
        default: return false
        }
    }
}
