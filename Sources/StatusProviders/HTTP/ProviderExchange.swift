package import HTTPClient
package import StatusCore
package import StatusModel

/// The requests of one read to one provider: each is bounded by what is left of the read's time.
///
/// A value: probes that run side by side each take a copy, and requests that follow one another share one.
package struct ProviderExchange: Sendable {
    /// The longest time to connect.
    package static let connectTimeout = Duration.seconds(1)
    /// The longest time for a request, however far the deadline.
    package static let totalTimeout = Duration.seconds(10)

    /// The requests of a read of several parts end so long before it does, so that one that hangs does not take the
    /// others' answers along.
    package static let deadlineMargin = Duration.milliseconds(100)

    private let transport: any HTTPTransport
    private let provider: String
    private let now: Moment
    private let timeGiven: Duration
    private let connectTimeout: Duration
    private let totalTimeout: Duration
    /// What is left until the read's deadline. A request takes from it what its answer says it took, so that no clock
    /// is read here.
    package private(set) var timeLeft: Duration

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - provider: The name people know it by, for hints.
    ///   - now: The moment the read began.
    ///   - deadline: By when an answer is of use.
    ///   - connectTimeout: The longest time to connect.
    ///   - totalTimeout: The longest time for a request.
    package init(
        transport: any HTTPTransport, provider: String, now: Moment, deadline: ContinuousClock.Instant,
        connectTimeout: Duration = Self.connectTimeout, totalTimeout: Duration = Self.totalTimeout
    ) {
        self.transport = transport
        self.provider = provider
        self.now = now
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        timeGiven = now.instant.duration(to: deadline)
        timeLeft = timeGiven
    }

    /// When the newest answer came, by what the answers say they took: relative times in it count from then.
    package var answeredAt: UnixTime { now.wall.advanced(by: timeGiven - timeLeft) }

    /// Sends one request within what is left of the time.
    package mutating func send(_ request: HTTPRequest) async throws(ProviderFailure) -> HTTPResponse {
        switch await attempt(request) {
        case .success(let response): return response
        case .failure(let error): throw failure(for: error)
        }
    }

    /// Sends one request within what is left of the time, and within the request's own bounds; for whoever must tell
    /// one kind of silence from another.
    package mutating func attempt(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPClientError> {
        guard timeLeft > .zero else { return .failure(HTTPClientError(kind: .timeout, detail: "")) }
        var bounded = request
        bounded.totalTimeout = min(totalTimeout, request.totalTimeout, timeLeft)
        bounded.connectTimeout = min(connectTimeout, request.connectTimeout, timeLeft)
        do throws(HTTPClientError) {
            let response = try await transport.send(bounded)
            timeLeft -= max(.zero, response.elapsed)
            return .success(response)
        } catch {
            return .failure(error)
        }
    }

    /// What silence means for the provider's status.
    package func failure(for error: HTTPClientError) -> ProviderFailure {
        TransportFailure.classify(error, provider: provider, now: now)
    }
}
