package import HTTPClient
package import StatusCore
package import StatusModel

/// The requests of one action to one provider, within the action's time.
package struct ActionExchange: Sendable {
    /// The longest time for one request. It is longer than a read's: who gives up on a request that changes something
    /// does not know what it changed.
    package static let requestTimeout = Duration.seconds(25)
    /// The longest time to connect for it.
    package static let connectTimeout = Duration.seconds(10)

    private var exchange: ProviderExchange

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - provider: The name people know it by, for hints.
    ///   - call: Says how much time there is.
    package init(transport: any HTTPTransport, provider: String, call: ActionCall) {
        exchange = ProviderExchange(
            transport: transport, provider: provider, now: call.now,
            // It has its say before the engine ends the call for good.
            deadline: call.deadline.advanced(by: .zero - ProviderExchange.deadlineMargin),
            connectTimeout: Self.connectTimeout, totalTimeout: Self.requestTimeout)
    }

    /// When the newest answer came.
    package var answeredAt: UnixTime { exchange.answeredAt }

    /// Asks for something. Nothing is changed by it, so its failure is the action's, and no more.
    package mutating func read(_ request: HTTPRequest) async throws(ActionFailure) -> HTTPResponse {
        switch await exchange.attempt(request) {
        case .success(let response): return response
        case .failure(let error): throw failure(for: error)
        }
    }

    /// Sends what changes something, once, and follows no redirect with it.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - lost: Where to look when its answer got lost.
    /// - Returns: The answer, whatever its status.
    /// - Throws: ``ActionFailure``, of an unknown outcome unless it is sure that nothing was sent.
    package mutating func send(
        _ request: HTTPRequest, lost: OperationWords
    ) async throws(ActionFailure) -> HTTPResponse {
        guard exchange.timeLeft > .zero, !Task.isCancelled else {
            throw .noTimeLeft
        }
        var request = request
        request.redirectsMax = 0
        request.isSentOnce = true
        (request.connectTimeout, request.totalTimeout) = (Self.connectTimeout, Self.requestTimeout)
        switch await exchange.attempt(request) {
        case .success(let response): return response
        case .failure(let error):
            throw LostAnswer.isPossible(after: error) ? .lost(lost) : failure(for: error)
        }
    }

    /// What a request that was answered by nobody means. One that did not leave this host says nothing of the provider.
    private func failure(for error: HTTPClientError) -> ActionFailure {
        switch error.kind {
        case .overloaded: .overloaded
        case .cancelled where error.isUnsent: .noTimeLeft
        default: ActionFailure(exchange.failure(for: error))
        }
    }
}
