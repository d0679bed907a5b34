import StatusCore
import StatusModel
import StatusProviders

/// What is known of one grant: a value that is told what the file holds and what the provider said, and does neither
/// I/O nor waiting.
///
/// The file and the provider can disagree in one way only that matters. When the file holds another refresh token than
/// the one that was spent, a person has logged in anew, and the file counts. When it still holds the spent one, the
/// answer counts, for the spent one is dead.
struct OAuthGrant {
    private(set) var entry: OAuthEntry
    /// The set in force.
    private(set) var tokens: OAuthTokenSet?
    /// When the access token expires; nil when nobody said.
    private(set) var expiresAt: ContinuousClock.Instant?
    /// Whether the set in force is in memory alone, because the file could not be written.
    private(set) var isUnsaved = false
    /// Counts the sets that were in force.
    private(set) var generation = 0
    /// Which content of the file was last read.
    private(set) var mark: FileMark?
    /// Why the file gave no tokens; nil while it does.
    private(set) var complaint: String?
    /// How the last refresh failed; nil when it did not.
    private(set) var failure: ProviderFailure?
    /// The refresh token that the file is known to hold.
    private var storedRefreshToken: Secret?
    /// Whether the set in force came from the file, so that its expiry is by the wall clock alone.
    private var isLoaded = false
    private var isMissing = false

    init(entry: OAuthEntry) { self.entry = entry }

    /// The same tokens under another entry for their file. How the last refresh failed says nothing of that one.
    func passed(to entry: OAuthEntry) -> OAuthGrant {
        var grant = self
        (grant.entry, grant.failure) = (entry, nil)
        return grant
    }

    /// Whether there are tokens that may be used and renewed. Once a person takes the file away, there are none.
    var isUsable: Bool { tokens != nil && (complaint == nil || isUnsaved) }

    /// Whether writing the set would overwrite nothing but an older one of the same grant.
    var isSavable: Bool { isUnsaved && (complaint == nil || isMissing) }

    /// Takes note of what the file holds.
    ///
    /// - Returns: Whether another set came into force by it.
    mutating func noted(_ content: OAuthTokenFile.Content, at now: Moment) -> Bool {
        switch content {
        case .missing:
            complain("does not exist", isMissing: true)
            return false
        case .unreadable(let reason):
            complain(reason, isMissing: false)
            return false
        case .tokens(let found, let mark, _):
            (complaint, isMissing, self.mark) = (nil, false, mark)
            let isOutdated = isUnsaved && found.refreshToken == storedRefreshToken
            guard !isOutdated else { return false }
            storedRefreshToken = found.refreshToken
            // As long as it is unsaved it is written again, though it may be there already: only a write that succeeded
            // promises that it lasts.
            guard found != tokens else { return false }
            adopt(found, expiresAt: found.expiresAt.map(now.instant(of:)), at: now)
            (isLoaded, isUnsaved) = (true, false)
            return true
        }
    }

    private mutating func complain(_ reason: String, isMissing: Bool) {
        (complaint, self.isMissing, mark) = (reason, isMissing, nil)
    }

    /// Takes a new set into force that only memory holds yet.
    mutating func renewed(by granted: OAuthGrantedTokens, askedAt moment: Moment) {
        guard let tokens else { return }
        adopt(
            tokens.renewed(by: granted, at: moment.wall),
            expiresAt: granted.lifetime.map(moment.instant.advanced(by:)), at: moment)
        (isLoaded, isUnsaved) = (false, true)
    }

    /// The file holds the set in force.
    mutating func saved() {
        storedRefreshToken = tokens?.refreshToken
        // Read once more, so that whatever was put there in between is found.
        (isUnsaved, isMissing, complaint, mark) = (false, false, nil, nil)
    }

    mutating func failed(_ failure: ProviderFailure) {
        self.failure = failure
        // Within one read it is of no use to ask again: the schedule decides when.
        self.failure?.isRetryable = false
    }

    /// The provider takes the refresh token no longer.
    mutating func revoked() {
        failed(
            ProviderFailure(
                code: .oauthRevoked, cause: .refused,
                hint: "The provider took back the grant of oauth:\(entry.name); log in anew and put the tokens into "
                    + "\(entry.tokenFile).", disposition: .replaces))
    }

    /// The access token.
    ///
    /// - Throws: what keeps it from being of use: its file, a revocation, or that it expired and could not be renewed.
    func accessToken(at now: ContinuousClock.Instant) throws(ProviderFailure) -> Secret {
        if let complaint, !isUnsaved { throw unreadable(complaint) }
        if let failure, failure.code == .oauthRevoked { throw failure }
        if let token = tokens?.accessToken, !isExpired(at: now) { return token }
        throw failure ?? unrenewed
    }

    /// Why there is no new access token.
    var renewalFailure: ProviderFailure {
        if let complaint, !isUnsaved { return unreadable(complaint) }
        return failure ?? unrenewed
    }

    func isExpired(at now: ContinuousClock.Instant) -> Bool { expiresAt.map { $0 <= now } ?? false }

    private func unreadable(_ complaint: String) -> ProviderFailure {
        ProviderFailure(
            code: .misconfigured, cause: .host,
            hint: "The token file \(entry.tokenFile) of oauth:\(entry.name) \(complaint); log in and put the tokens "
                + "there.", disposition: .keepsLast)
    }

    private var unrenewed: ProviderFailure {
        ProviderFailure(
            code: .timeout, cause: .provider,
            hint: "The access token of oauth:\(entry.name) is being renewed; wait.",
            disposition: .keepsLast)
    }

    /// Looks at the wall clock again: the expiry that a file states is an instant by it.
    ///
    /// - Returns: Whether the expiry is another instant than was thought.
    mutating func reckonExpiry(at now: Moment) -> Bool {
        guard isLoaded, tokens?.accessToken != nil, let stated = tokens?.expiresAt, let expiresAt else { return false }
        let instant = now.instant(of: stated)
        // The two clocks are never read at exactly the same instant.
        guard abs(expiresAt.duration(to: instant) / .seconds(1)) >= 1 else { return false }
        self.expiresAt = instant
        return true
    }

    private mutating func adopt(_ tokens: OAuthTokenSet, expiresAt: ContinuousClock.Instant?, at now: Moment) {
        self.tokens = tokens
        // Where there is no access token, one is needed now.
        self.expiresAt = tokens.accessToken == nil ? now.instant : expiresAt
        failure = nil
        generation += 1
    }
}
