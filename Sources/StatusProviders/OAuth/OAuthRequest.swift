import FoundationEssentials
package import HTTPClient
package import StatusCore

/// Builds the one request that renews an access token (RFC 6749 §6).
package enum OAuthRequest {
    /// Long enough that a slow answer is not thrown away, for with it a refresh token that works once would be lost.
    package static let totalTimeout = Duration.seconds(10)
    /// An answer has 1 KiB or less.
    package static let bodyBytesMax = 64 << 10

    /// The request that spends a refresh token. A client without a secret is a public one, and only names itself.
    package static func refresh(
        _ refreshToken: Secret, client: OAuthClient, clientSecret: Secret?, userAgent: String
    ) -> HTTPRequest {
        var fields = [("grant_type", "refresh_token"), ("refresh_token", refreshToken.reveal())]
        // GitHub answers in form encoding unless JSON is asked for.
        var headers: HTTPHeaders = [
            "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", "User-Agent": userAgent,
        ]
        if let clientSecret, client.authentication == .basic {
            headers["Authorization"] = basic(client.clientID, clientSecret)
        } else {
            fields.append(("client_id", client.clientID))
            if let clientSecret { fields.append(("client_secret", clientSecret.reveal())) }
        }
        let body = fields.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
        // No redirect: it would carry the secrets to an address that nobody configured.
        return HTTPRequest(
            method: "POST", url: client.tokenURL, headers: headers, body: Array(body.utf8),
            totalTimeout: totalTimeout, bodyBytesMax: bodyBytesMax, redirectsMax: 0)
    }

    /// Both parts are encoded before they are joined, so that neither can hold the colon (RFC 6749 §2.3.1).
    private static func basic(_ clientID: String, _ secret: Secret) -> String {
        let pair = "\(clientID.percentEncoded):\(secret.reveal().percentEncoded)"
        return "Basic \(Data(pair.utf8).base64EncodedString())"
    }
}
