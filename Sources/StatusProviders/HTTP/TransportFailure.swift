package import HTTPClient
package import StatusCore
import StatusModel

/// What it means for a provider's status that a request got no answer at all: one table for every provider.
package enum TransportFailure {
    /// The failure of a request to `provider`, by the name people know it by.
    ///
    /// The last good reading stays in every row but those that only a change of the configuration repairs. A name that
    /// does not resolve and a certificate that nobody here vouches for are this host's fault (resolver, trust store); a
    /// connection that is refused, cut or never answered is the provider's, for the way there was found.
    package static func classify(_ error: HTTPClientError, provider: String, now: Moment) -> ProviderFailure {
        if case .held(let until) = error.kind { return held(until, provider: provider, now: now) }
        let row = row(for: error.kind, provider: provider)
        return ProviderFailure(
            code: row.code, cause: row.cause, hint: row.hint,
            disposition: row.code == .misconfigured ? .replaces : .keepsLast, isRetryable: row.isRetryable)
    }

    /// No request was made. Whoever knows the trouble already keeps what is known of it.
    private static func held(
        _ until: ContinuousClock.Instant, provider: String, now: Moment
    ) -> ProviderFailure {
        ProviderFailure(
            code: .providerOutage, cause: .provider,
            hint: "\(provider) keeps failing and is left alone for a while; \(ProviderFailure.askedAgain).",
            disposition: .keepsLast, heldUntil: now.wall.advanced(by: now.instant.duration(to: until)))
    }

    private struct Row {
        var code: ProblemCode
        var cause: ProblemCause
        var isRetryable = false
        var hint: String
    }

    private static func row(for kind: HTTPClientError.Kind, provider: String) -> Row {
        switch kind {
        case .dns:
            Row(
                code: .network, cause: .host, isRetryable: true,
                hint: "The name of \(provider)'s API does not resolve; check this host's DNS and network.")
        case .connect:
            Row(
                code: .network, cause: .provider, isRetryable: true,
                hint: "\(provider) takes no connection; wait, or check for a firewall in between.")
        case .reset:
            Row(
                code: .network, cause: .provider, isRetryable: true,
                hint: "\(provider) broke the connection off; wait, or check for a proxy in between.")
        case .timeout:
            Row(
                code: .timeout, cause: .provider, isRetryable: true,
                hint: "\(provider) did not answer in time; wait, or check this host's network.")
        case .cancelled:
            Row(code: .timeout, cause: .host, hint: "The request to \(provider) was ended before an answer came.")
        case .addressRefused:
            Row(
                code: .misconfigured, cause: .host,
                hint: "\(provider) is on this host or its link, which the configuration does not allow it.")
        case .held:
            Row(
                code: .providerOutage, cause: .provider,
                hint: "\(provider) keeps failing; \(ProviderFailure.askedAgain).")
        case .overloaded:
            Row(
                code: .unknown, cause: .host,
                hint:
                    "Too many requests wait on this host, so none was sent to \(provider); \(ProviderFailure.askedAgain)."
            )
        case .tls(let reason):
            tlsRow(for: reason, provider: provider)
        case .bodyTooLarge, .malformedResponse:
            Row(
                code: .unknown, cause: .provider,
                hint: "\(provider) gave an answer that makes no sense; check the base URL and any proxy in between.")
        case .redirectRefused:
            Row(
                code: .misconfigured, cause: .refused,
                hint: "\(provider) points to an address that must not be followed; check the link's address.")
        case .invalidRequest:
            Row(code: .misconfigured, cause: .host, hint: "The link's address is no usable URL; correct the base URL.")
        case .other:
            Row(
                code: .unknown, cause: .host,
                hint: "The request to \(provider) failed on this host; see the daemon's log.")
        }
    }

    private static func tlsRow(for reason: HTTPClientError.TLSReason, provider: String) -> Row {
        switch reason {
        case .expired:
            Row(
                code: .tls, cause: .provider,
                hint: "\(provider)'s certificate is out of its time; wait, or check this host's clock.")
        case .wrongHost:
            Row(
                code: .tls, cause: .provider,
                hint: "\(provider)'s certificate is for another name; check the base URL and any proxy in between.")
        case .untrusted:
            Row(
                code: .tls, cause: .host,
                hint: "This host does not trust \(provider)'s certificate; install its authority (ca-certificates).")
        case .handshake:
            Row(
                code: .tls, cause: .provider, isRetryable: true,
                hint: "No secure connection to \(provider) came about; wait, or check for a proxy in between.")
        }
    }
}
