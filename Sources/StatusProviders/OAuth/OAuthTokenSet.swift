import FoundationEssentials
package import StatusCore
package import StatusModel

/// The tokens of one grant, as its file keeps them.
package struct OAuthTokenSet: Hashable, Sendable {
    /// Nil when a person stored a refresh token alone.
    package var accessToken: Secret?
    package var refreshToken: Secret
    /// When the access token expires, in whole seconds; nil when nobody said.
    package var expiresAt: UnixTime?
    package var tokenType: String

    package init(accessToken: Secret?, refreshToken: Secret, expiresAt: UnixTime?, tokenType: String = "Bearer") {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.expiresAt = expiresAt.map { UnixTime(seconds: $0.seconds) }
        self.tokenType = tokenType
    }

    /// The set after a refresh that was asked for at `time`.
    package func renewed(by granted: OAuthGrantedTokens, at time: UnixTime) -> Self {
        Self(
            accessToken: granted.accessToken, refreshToken: granted.refreshToken ?? refreshToken,
            expiresAt: granted.lifetime.map { time.advanced(by: $0) }, tokenType: granted.tokenType)
    }

    /// Whether a text can be a token: one or more visible ASCII characters (RFC 6749 appendix A), so that it can end
    /// neither a header nor a line.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// The form in the file: `{ "access_token", "refresh_token", "expires_at", "token_type" }`.
extension OAuthTokenSet {
    /// Why a file's content is no set of tokens; goes after the file's name and quotes nothing of it.
    package struct Malformation: Error, Hashable, Sendable {
        package var reason: String
    }

    private struct Stored: Codable {
        enum CodingKeys: String, CodingKey {
            case accessToken = "access_token"
            case refreshToken = "refresh_token"
            case expiresAt = "expires_at"
            case expiresIn = "expires_in"
            case tokenType = "token_type"
        }

        var accessToken: String?
        var refreshToken: String?
        var expiresAt: String?
        var expiresIn: Double?
        var tokenType: String?
    }

    /// Reads what ``json`` wrote, or what a person stored of a login. A provider's answer will do as it came: its
    /// `expires_in` counts from `modifiedAt`, the file's own time.
    package init(json: [UInt8], modifiedAt: UnixTime) throws(Malformation) {
        let stored: Stored
        do { stored = try JSONDecoder().decode(Stored.self, from: Data(json)) } catch {
            throw Malformation(reason: "is no JSON object with texts for access_token, refresh_token and expires_at")
        }
        guard let refreshToken = stored.refreshToken, Self.isToken(refreshToken) else {
            throw Malformation(reason: "holds no refresh_token")
        }
        guard stored.accessToken.map(Self.isToken) ?? true else {
            throw Malformation(reason: "holds an access_token that is none")
        }
        var expiresAt: UnixTime?
        if let text = stored.expiresAt {
            guard let time = ISO8601Instant.parse(text) else {
                throw Malformation(reason: "holds an expires_at that is no RFC 3339 time such as 2026-01-31T12:00:00Z")
            }
            expiresAt = time
        } else {
            expiresAt = OAuthLifetime.duration(seconds: stored.expiresIn).map { modifiedAt.advanced(by: $0) }
        }
        self.init(
            accessToken: stored.accessToken.map { Secret($0) }, refreshToken: Secret(refreshToken),
            expiresAt: expiresAt, tokenType: stored.tokenType ?? "Bearer")
    }

    /// The content of the file; it holds the tokens in the clear.
    package var json: [UInt8] {
        let stored = Stored(
            accessToken: accessToken?.reveal(), refreshToken: refreshToken.reveal(),
            expiresAt: expiresAt.map(ISO8601Instant.render), tokenType: tokenType)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // An object of texts always encodes.
        return Array((try? encoder.encode(stored)) ?? Data()) + [UInt8(ascii: "\n")]
    }
}

/// Lifetimes as token endpoints write them.
enum OAuthLifetime {
    /// Longer ones are cut to it: ten years in seconds, well within every clock.
    static let secondsMax = 10.0 * 366 * 86_400

    /// Nil for what is no number; zero for what is negative.
    static func duration(seconds: Double?) -> Duration? {
        guard let seconds, seconds.isFinite else { return nil }
        return .seconds(Int64(min(max(0, seconds), secondsMax)))
    }
}
