/// Where a secret is found. The configuration and the store hold references, never values (SPEC §5).
package enum CredentialReference: Hashable, Sendable {
    /// `file:/absolute/path`: the content without its final line break.
    case file(path: String)
    /// `env:NAME`.
    case environment(name: String)
    /// `credential:NAME`: a file below `$CREDENTIALS_DIRECTORY`, as systemd passes them.
    case systemd(name: String)
    /// `oauth:NAME`: an access token that the daemon refreshes by itself, as the configuration's section `oauth` says.
    case oauth(name: String)
}

/// A secret in memory. It never describes itself.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The secret itself, for the one header that carries it.
    package func reveal() -> String { value }

    package var description: String { "‹secret›" }
    package var debugDescription: String { "‹secret›" }
}

/// A mark of one secret's state that differs once the secret was changed; it tells nothing of the secret.
package struct CredentialVersion: Hashable, Sendable {
    /// Kept by the store, and compared with the mark of the same secret after a restart.
    package let mark: String

    package init(_ mark: String) { self.mark = mark }
}
