import HTTPClient
import Synchronization

/// Counts the requests that are on their way through another transport.
final class CountedTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let count = Atomic(0)
    private let delay = Atomic(0)

    init(_ transport: any HTTPTransport) { self.transport = transport }

    var underWay: Int { count.load(ordering: .sequentiallyConsistent) }

    /// Gives way to others that often before each request, as a task does whose thread is held up.
    func giveWay(times: Int) { delay.store(times, ordering: .sequentiallyConsistent) }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        count.add(1, ordering: .sequentiallyConsistent)
        defer { count.subtract(1, ordering: .sequentiallyConsistent) }
        for _ in 0..<delay.load(ordering: .sequentiallyConsistent) { await Task.yield() }
        return try await transport.send(request)
    }
}
