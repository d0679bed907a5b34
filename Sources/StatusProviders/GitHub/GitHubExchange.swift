import HTTPClient
import StatusCore
import StatusModel

/// The requests of one read, and the newest word on the rate limit.
struct GitHubExchange {
    private var exchange: ProviderExchange
    /// What is left of the rate limit, by the newest answer that said so.
    private(set) var budget: RateBudget?

    /// When the newest answer came.
    var answeredAt: UnixTime { exchange.answeredAt }

    init(_ exchange: ProviderExchange) { self.exchange = exchange }

    /// Sends one request within what is left of the time.
    mutating func send(_ request: HTTPRequest) async throws(ProviderFailure) -> HTTPResponse {
        let response = try await exchange.send(request)
        // GitHub counts a bad token as nobody's, by address: that limit is not the token's.
        if response.status != 401, let newer = RateBudget(gitHub: response.headers) { budget = newer }
        return response
    }
}
