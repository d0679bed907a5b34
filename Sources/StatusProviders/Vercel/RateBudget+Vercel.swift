package import HTTPClient
package import StatusCore
package import StatusModel

extension RateBudget {
    /// By `x-ratelimit-*`, with the reset in seconds since the epoch.
    ///
    /// Neither names nor units are documented (providers.md §11), so anything that does not fit together counts as
    /// absent: a share above the whole, a reset that is over or weeks ahead.
    package init?(vercel headers: HTTPHeaders, now: UnixTime) {
        guard let limit = headers.count("x-ratelimit-limit").flatMap(Int.init(exactly:)), limit > 0,
            let remaining = headers.count("x-ratelimit-remaining").flatMap(Int.init(exactly:)), remaining <= limit,
            let reset = headers.count("x-ratelimit-reset").map(UnixTime.init(seconds:)),
            reset > now, reset <= now.advanced(by: VercelErrorBody.resetMax)
        else { return nil }
        self.init(limit: limit, remaining: remaining, resetsAt: reset)
    }
}
