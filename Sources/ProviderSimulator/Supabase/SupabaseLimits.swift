import StatusModel

/// The management API's limit: so many requests a minute, of each token and endpoint (docs: "Rate limits").
struct SupabaseLimits: Sendable {
    /// How a token stands at an endpoint.
    struct Standing: Hashable, Sendable {
        var limit: Int
        var used: Int
        var resetsAt: UnixTime

        var remaining: Int { max(0, limit - used) }
    }

    private struct Key: Hashable {
        var token: String
        var endpoint: String
    }

    private struct Window {
        var count: Int
        var endsAt: UnixTime
    }

    static let window: Duration = .seconds(60)
    static let windowsMax = 1024

    /// A limit that is reached because the test wants it so, by everybody.
    var exhaustedUntil: UnixTime?
    private var windows: [Key: Window] = [:]

    /// Counts one request, unless it is past the limit; tells how the token stands after it, and whether it was let by.
    mutating func charge(
        _ token: String, endpoint: String, limit: Int, now: UnixTime
    ) -> (standing: Standing, isPast: Bool) {
        if let until = exhaustedUntil, now < until {
            return (Standing(limit: limit, used: limit, resetsAt: until), true)
        }
        if windows.count >= Self.windowsMax { windows = windows.filter { now < $0.value.endsAt } }
        let key = Key(token: token, endpoint: endpoint)
        var window =
            windows[key].flatMap { now < $0.endsAt ? $0 : nil }
            ?? Window(count: 0, endsAt: now.advanced(by: Self.window))
        let isPast = window.count >= limit
        if !isPast { window.count += 1 }
        windows[key] = window
        return (Standing(limit: limit, used: window.count, resetsAt: window.endsAt), isPast)
    }
}
