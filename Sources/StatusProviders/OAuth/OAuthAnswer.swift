import FoundationEssentials
package import HTTPClient
import StatusCore
package import StatusModel

/// What a token endpoint's answer means: a pure table.
///
/// The errors are those of RFC 6749 §5.2 and GitHub's own. GitHub sends them with HTTP 200, so the body's `error` counts
/// before the status; Supabase answers 201, and some errors of its auth server have a message and no `error`.
package enum OAuthAnswer {
    /// How long an endpoint is left alone that names a limit without an end.
    package static let unstatedLimitWait = Duration.seconds(60)

    /// The outcome that an answer stands for. `name` is the configuration's entry, for hints.
    package static func outcome(of response: HTTPResponse, for name: String, now: UnixTime) -> OAuthOutcome {
        if response.status == 429 { return .failed(throttled(response, name, now)) }
        guard response.status < 500 else { return .failed(serverError(response, name, now)) }
        guard let body = Body(response.body) else { return .failed(unreadable(name)) }
        if let error = body.error { return refusal(error, response, name, now) }
        if [200, 201].contains(response.status) {
            return body.granted.map { .granted($0) } ?? .failed(unreadable(name))
        }
        if body.blamesRefreshToken, (400...404).contains(response.status) { return .revoked }
        return .failed(response.status == 401 ? clientRefused(name) : rejected(response, name))
    }

    private static func refusal(
        _ error: String, _ response: HTTPResponse, _ name: String, _ now: UnixTime
    ) -> OAuthOutcome {
        switch error {
        case "invalid_grant", "bad_refresh_token", "refresh_token_not_found", "refresh_token_already_used": .revoked
        // GitHub says "Not Found" of a client that it does not know.
        case "invalid_client", "unauthorized_client", "incorrect_client_credentials", "not found":
            .failed(clientRefused(name))
        case "temporarily_unavailable", "server_error": .failed(serverError(response, name, now))
        case "slow_down": .failed(throttled(response, name, now))
        default: .failed(rejected(response, name))
        }
    }

    private static func clientRefused(_ name: String) -> ProviderFailure {
        ProviderFailure(
            code: .misconfigured, cause: .refused,
            hint: "The token endpoint refuses the client of oauth:\(name); correct its clientID, clientSecret and "
                + "clientAuth.", disposition: .replaces)
    }

    private static func rejected(_ response: HTTPResponse, _ name: String) -> ProviderFailure {
        ProviderFailure(
            code: .misconfigured, cause: .refused,
            hint: "The token endpoint rejects the refresh of oauth:\(name) (HTTP \(response.status)); check its "
                + "tokenURL and the client's registration.", disposition: .replaces)
    }

    private static func throttled(_ response: HTTPResponse, _ name: String, _ now: UnixTime) -> ProviderFailure {
        ProviderFailure(
            code: .rateLimited, cause: .throttled,
            hint: "The token endpoint of oauth:\(name) asks for fewer requests; wait.", disposition: .keepsLast,
            retryAfter: RetryAfter.instant(in: response.headers, now: now) ?? now.advanced(by: unstatedLimitWait))
    }

    private static func serverError(_ response: HTTPResponse, _ name: String, _ now: UnixTime) -> ProviderFailure {
        ProviderFailure(
            code: .providerOutage, cause: .provider,
            hint: "The token endpoint of oauth:\(name) answers with an error of its own (HTTP \(response.status)); "
                + "wait, \(ProviderFailure.askedAgain).", disposition: .keepsLast,
            retryAfter: RetryAfter.instant(in: response.headers, now: now))
    }

    /// A page in the endpoint's place says nothing of the grant.
    private static func unreadable(_ name: String) -> ProviderFailure {
        ProviderFailure(
            code: .unknown, cause: .provider,
            hint: "The token endpoint of oauth:\(name) gave an answer that makes no sense; check its tokenURL and any "
                + "proxy in between.", disposition: .keepsLast)
    }
}

/// The body of an answer; one wrong type in it does not spoil the rest.
private struct Body: Decodable {
    enum CodingKeys: String, CodingKey {
        case error, message, msg
        case errorCode = "error_code"
        case accessToken = "access_token"
        case refreshToken = "refresh_token"
        case expiresIn = "expires_in"
        case tokenType = "token_type"
    }

    /// In lower case.
    let error: String?
    let granted: OAuthGrantedTokens?
    /// In lower case; never shown.
    private let message: String

    init?(_ bytes: [UInt8]) {
        guard let body = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = body
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let text = { (key: CodingKeys) in (try? members.decodeIfPresent(String.self, forKey: key)) ?? nil }
        // Whatever stands under `error`, it is one.
        let isError = members.contains(.error) && (try? members.decodeNil(forKey: .error)) != true
        error = isError ? text(.error)?.lowercased() ?? "" : text(.errorCode)?.lowercased()
        message = [text(.message), text(.msg)].compactMap { $0 }.joined(separator: "\n").lowercased()
        let seconds = (try? members.decodeIfPresent(Double.self, forKey: .expiresIn)) ?? nil
        granted = text(.accessToken).flatMap { access in
            guard OAuthTokenSet.isToken(access) else { return nil }
            return OAuthGrantedTokens(
                accessToken: Secret(access),
                refreshToken: text(.refreshToken).flatMap { OAuthTokenSet.isToken($0) ? Secret($0) : nil },
                lifetime: OAuthLifetime.duration(seconds: seconds ?? text(.expiresIn).flatMap(Double.init)),
                tokenType: text(.tokenType) ?? "Bearer")
        }
    }

    /// Whether an error without a name speaks of the refresh token.
    var blamesRefreshToken: Bool {
        message.contains("refresh token")
            && ["invalid", "not found", "expired", "already used", "revoked"].contains { message.contains($0) }
    }
}
