import StatusModel

/// The primary limit (requests an hour), the secondary one (too fast), and the lock after failed logins.
///
/// Rules: docs.github.com, "Rate limits for the REST API" and "Authenticating to the REST API".
struct GitHubLimits: Sendable {
    /// What the `x-ratelimit-*` fields tell.
    struct Standing: Hashable, Sendable {
        var limit: Int
        var used: Int
        var resetsAt: UnixTime

        var remaining: Int { max(0, limit - used) }
    }

    /// A limit that is reached because the test wants it so.
    struct Exhaustion: Hashable, Sendable {
        var until: UnixTime
        /// 403 or 429: GitHub sends either.
        var status: Int
        /// Whether a secondary limit says how long to wait; it may keep silent.
        var sendsRetryAfter = true
    }

    private struct Window: Sendable {
        var count: Int
        var endsAt: UnixTime
    }

    static let window: Duration = .seconds(3600)
    /// So many wrong credentials for one account within ``loginWindow`` lock it for as long.
    static let failedLoginsMax = 10
    static let loginWindow: Duration = .seconds(600)

    var primary: Exhaustion?
    var secondary: Exhaustion?
    private var used: [String: Window] = [:]
    private var failedLogins: [String: Window] = [:]

    /// How an account stands against its hourly limit.
    func standing(of caller: GitHubCaller, now: UnixTime) -> Standing {
        let window = used[caller.account].flatMap { now < $0.endsAt ? $0 : nil }
        var standing = Standing(
            limit: caller.hourlyLimit, used: min(window?.count ?? 0, caller.hourlyLimit),
            resetsAt: window?.endsAt ?? now.advanced(by: Self.window))
        if let primary, now < primary.until {
            standing.used = standing.limit
            standing.resetsAt = primary.until
        }
        return standing
    }

    /// Counts one request of an account; its hour starts with the first.
    mutating func charge(_ caller: GitHubCaller, now: UnixTime) { Self.count(caller.account, Self.window, &used, now) }

    /// Counts a wrong credential for an account.
    mutating func loginFailed(_ account: String, now: UnixTime) {
        Self.count(account, Self.loginWindow, &failedLogins, now)
    }

    /// Whether an account's logins are refused, right ones too.
    func isLocked(_ account: String, now: UnixTime) -> Bool {
        guard let window = failedLogins[account], now < window.endsAt else { return false }
        return window.count >= Self.failedLoginsMax
    }

    // Accounts are logins of the token table, and one for strangers, so the tables are as bounded as that one is.
    private static func count(
        _ account: String, _ length: Duration, _ table: inout [String: Window], _ now: UnixTime
    ) {
        var window = Window(count: 0, endsAt: now.advanced(by: length).roundedUpToSecond)
        if let current = table[account], now < current.endsAt { window = current }
        window.count += 1
        table[account] = window
    }
}

extension UnixTime {
    /// The first whole second from here on. GitHub tells the end of a limit in whole seconds, and keeps to what it told:
    /// whoever asks then is answered.
    var roundedUpToSecond: Self { Self(seconds: seconds) == self ? self : Self(seconds: seconds + 1) }
}
