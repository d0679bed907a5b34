package import HTTPClient
package import StatusCore
import StatusModel

extension RateBudget {
    /// By `x-ratelimit-*`; nil when a part is missing. `x-ratelimit-reset` is in seconds since the epoch.
    package init?(gitHub headers: HTTPHeaders) {
        guard let limit = headers.count("x-ratelimit-limit").flatMap(Int.init(exactly:)),
            let remaining = headers.count("x-ratelimit-remaining").flatMap(Int.init(exactly:)),
            let reset = headers.count("x-ratelimit-reset")
        else { return nil }
        self.init(limit: limit, remaining: remaining, resetsAt: UnixTime(seconds: reset))
    }
}
