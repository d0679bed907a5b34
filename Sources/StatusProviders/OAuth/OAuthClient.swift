package import StatusCore

/// The application that a provider's tokens were issued to, as the provider knows it.
package struct OAuthClient: Hashable, Sendable {
    /// How the client proves itself to the token endpoint (RFC 6749 §2.3.1).
    package enum Authentication: String, CaseIterable, Hashable, Sendable {
        /// In the header `Authorization`: Supabase.
        case basic
        /// As `client_id` and `client_secret` in the request's body: GitHub.
        case body
    }

    /// The token endpoint: an absolute URL, `https` but for this host.
    package var tokenURL: String
    package var clientID: String
    package var authentication: Authentication

    package init(tokenURL: String, clientID: String, authentication: Authentication) {
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.authentication = authentication
    }
}

/// What a provider issued on a refresh.
package struct OAuthGrantedTokens: Hashable, Sendable {
    package var accessToken: Secret
    /// Nil when the one that was sent stays good (RFC 6749 §6).
    package var refreshToken: Secret?
    /// Of the access token, from when it was asked for; nil when the provider did not say.
    package var lifetime: Duration?
    package var tokenType: String

    package init(
        accessToken: Secret, refreshToken: Secret? = nil, lifetime: Duration? = nil, tokenType: String = "Bearer"
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.lifetime = lifetime
        self.tokenType = tokenType
    }
}

/// How a refresh ended.
package enum OAuthOutcome: Hashable, Sendable {
    case granted(OAuthGrantedTokens)
    /// The refresh token is dead: expired, used up, or the person took the grant back. Asking again is of no use.
    case revoked
    /// Nothing is lost; it is tried again later. The failure says what it means once the access token has expired.
    case failed(ProviderFailure)
}
