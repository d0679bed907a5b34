import HTTPClient
import Locks
import Synchronization

/// A transport whose requests stay open until the test answers them.
final class HeldTransport: HTTPTransport {
    private let requests = Lock(0)
    private let cancelled = Lock(0)
    private let arrivals = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(100))
    private let answers = AsyncStream<HTTPResponse>.makeStream(bufferingPolicy: .bufferingOldest(100))

    var count: Int { requests.withLock { $0 } }
    /// Requests that were given up before there was an answer.
    var cancelledCount: Int { cancelled.withLock { $0 } }

    /// Returns once a request has come.
    func waitForRequest() async { for await _ in arrivals.stream { return } }

    /// Answers one request.
    func release(_ response: HTTPResponse) { answers.continuation.yield(response) }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        requests.withLock { $0 += 1 }
        arrivals.continuation.yield()
        for await response in answers.stream { return response }
        cancelled.withLock { $0 += 1 }
        throw HTTPClientError(kind: .cancelled, detail: "")
    }
}
