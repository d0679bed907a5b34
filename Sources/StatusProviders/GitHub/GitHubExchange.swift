import HTTPClient
import StatusCore
import StatusModel

/// The requests of one read, one after another: what is left of its time, and the newest word on the rate limit.
struct GitHubExchange {
    /// The longest time to connect.
    static let connectTimeout = Duration.seconds(1)
    /// The longest time for a request, however far the deadline: GitHub itself ends it after this.
    static let totalTimeout = Duration.seconds(10)

    private let transport: any HTTPTransport
    /// What is left until the read's deadline. A request takes from it what its answer says it took, so that no clock
    /// is read here.
    private var timeLeft: Duration
    /// What is left of the rate limit, by the newest answer that said so.
    private(set) var budget: RateBudget?

    init(transport: any HTTPTransport, timeLeft: Duration) {
        self.transport = transport
        self.timeLeft = timeLeft
    }

    /// Sends one request within what is left of the time.
    mutating func send(_ request: HTTPRequest) async throws(ProviderFailure) -> HTTPResponse {
        guard timeLeft > .zero else { throw Self.failure(HTTPClientError(kind: .timeout, detail: "")) }
        var bounded = request
        bounded.totalTimeout = min(Self.totalTimeout, timeLeft)
        bounded.connectTimeout = min(Self.connectTimeout, timeLeft)
        let response: HTTPResponse
        do throws(HTTPClientError) {
            response = try await transport.send(bounded)
        } catch {
            throw Self.failure(error)
        }
        timeLeft -= max(.zero, response.elapsed)
        // GitHub counts a bad token as nobody's, by address: that limit is not the token's.
        if response.status != 401, let newer = RateBudget(gitHub: response.headers) { budget = newer }
        return response
    }

    private static func failure(_ error: HTTPClientError) -> ProviderFailure {
        TransportFailure.classify(error, provider: "GitHub")
    }
}
