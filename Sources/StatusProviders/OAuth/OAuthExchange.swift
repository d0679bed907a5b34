package import HTTPClient
package import StatusCore
import StatusModel

/// Renews access tokens at the endpoints that issued them.
package struct OAuthExchange: Sendable {
    private let transport: any HTTPTransport
    private let userAgent: String

    package init(transport: any HTTPTransport, userAgent: String) {
        self.transport = transport
        self.userAgent = userAgent
    }

    /// Spends the refresh token once.
    ///
    /// It must not be cancelled: the provider may have used the token up by then, and its answer be lost. It ends by
    /// itself within ``OAuthRequest/totalTimeout``.
    /// `name` is the configuration's entry, for hints, and `now` the moment it is asked.
    package func refresh(
        _ refreshToken: Secret, of name: String, client: OAuthClient, clientSecret: Secret?, now: Moment
    ) async -> OAuthOutcome {
        let request = OAuthRequest.refresh(
            refreshToken, client: client, clientSecret: clientSecret, userAgent: userAgent)
        do throws(HTTPClientError) {
            return OAuthAnswer.outcome(of: try await transport.send(request), for: name, now: now.wall)
        } catch {
            return .failed(
                TransportFailure.classify(error, provider: "oauth:\(name)", now: now))
        }
    }
}
