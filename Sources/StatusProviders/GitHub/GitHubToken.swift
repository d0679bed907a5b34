package import HTTPClient
package import StatusCore
package import StatusModel

/// What GitHub says of the token beside every answer, 304 included.
package struct GitHubToken: Hashable, Sendable {
    /// How long before its end a token is worth a warning.
    package static let expiryNotice = Duration.seconds(7 * 86_400)
    /// Longer header values are dropped.
    package static let valueBytesMax = 1024

    /// `X-OAuth-Scopes`: granted. Only classic tokens and OAuth apps have it; the tokens of GitHub Apps send it empty.
    package var granted: String?
    /// `X-Accepted-OAuth-Scopes`: alternatives, any one of which is enough.
    package var accepted: String?
    /// `GitHub-Authentication-Token-Expiration`.
    package var expiresAt: UnixTime?

    package init(granted: String? = nil, accepted: String? = nil, expiresAt: UnixTime? = nil) {
        self.granted = granted
        self.accepted = accepted
        self.expiresAt = expiresAt
    }

    package init(_ headers: HTTPHeaders) {
        granted = Self.bounded(headers["x-oauth-scopes"])
        accepted = Self.bounded(headers["x-accepted-oauth-scopes"])
        if let text = headers["github-authentication-token-expiration"]?.trimmedOfBlanks {
            expiresAt = ISO8601Instant.parseSpaced(text) ?? ISO8601Instant.parse(text)
        }
    }

    /// With what a 304 says anew; what it leaves out stands (RFC 9111 §4.3.4).
    package func updated(by newer: Self) -> Self {
        Self(
            granted: newer.granted ?? granted, accepted: newer.accepted ?? accepted,
            expiresAt: newer.expiresAt ?? expiresAt)
    }

    /// What to warn of while the data is fine. A missing scope is in force already, so it goes before an end to come.
    package func problem(isPrivate: Bool, now: UnixTime) -> ReadingProblem? {
        if lacksScope(isPrivate: isPrivate) {
            let scope = isPrivate ? "repo" : "public_repo"
            return ReadingProblem(
                code: .missingScope, cause: .refused,
                hint: "The token lacks the scope \(scope); grant it and reconnect, or actions will fail.")
        }
        // An end in the past beside an accepted token is a wrong clock here: the 401 will tell in its time. The date
        // and not the days left, so that the words change only with the facts. The code is `misconfigured`, because the
        // repair is to renew the stored credential; `oauth_revoked` would call a living token dead.
        if let expiresAt, expiresAt > now, expiresAt <= now.advanced(by: Self.expiryNotice) {
            return ReadingProblem(
                code: .misconfigured, cause: .refused,
                hint: "The token expires on \(CivilTime.date(of: expiresAt)); renew it before then.")
        }
        return nil
    }

    /// Whether it has none of the scopes that the refused request accepts.
    package var lacksAcceptedScope: Bool { lacksScope(isPrivate: true) }

    /// No verdict without both lists: a fine-grained token has no scopes, and an empty list is an app's token.
    private func lacksScope(isPrivate: Bool) -> Bool {
        let granted = Self.list(granted)
        let accepted = Self.list(accepted)
        guard !granted.isEmpty, !accepted.isEmpty else { return false }
        // `repo` holds all that a repository's endpoints accept; `public_repo` is its part for public ones.
        return !granted.contains("repo") && (isPrivate || !granted.contains("public_repo"))
            && granted.isDisjoint(with: accepted)
    }

    private static func list(_ value: String?) -> Set<Substring> {
        Set((value ?? "").split(separator: ",").map(\.trimmedOfBlanks).filter { !$0.isEmpty })
    }

    private static func bounded(_ value: String?) -> String? {
        value.flatMap { $0.utf8.count <= valueBytesMax ? $0 : nil }
    }
}
