import HTTPClient
import Locks
import Synchronization

/// A transport that answers by a script: for each path the steps in order, the last one again and again.
///
/// A path without a script fails as a host without a network does, and every request is kept to look at.
final class ScriptedTransport: HTTPTransport {
    enum Step: Sendable {
        case answer(HTTPResponse)
        case failure(HTTPClientError.Kind)
        /// Without a connection.
        case unsent(HTTPClientError.Kind)
    }

    private struct State {
        var script: [String: [Step]]
        var requests: [HTTPRequest] = []
    }

    private let state: Lock<State>

    /// - Parameter script: Steps by path, without scheme, host and query: `/repos/o/r`.
    init(_ script: [String: [Step]]) { state = Lock(State(script: script)) }

    /// All requests so far, in order.
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// The paths of all requests so far.
    var paths: [String] { requests.map { Self.path(of: $0.url) } }

    /// Puts other steps in the place of a path's.
    func script(_ path: String, _ steps: Step...) { state.withLock { $0.script[path] = steps } }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            let path = Self.path(of: request.url)
            guard let steps = state.script[path], let first = steps.first else { return Step.failure(.connect) }
            if steps.count > 1 { state.script[path] = Array(steps.dropFirst()) }
            return first
        }
        switch step {
        case .answer(let response): return response
        case .failure(let kind): throw HTTPClientError(kind: kind, detail: "scripted")
        case .unsent(let kind):
            var error = HTTPClientError(kind: kind, detail: "scripted")
            error.isUnsent = true
            throw error
        }
    }

    private static func path(of url: String) -> String {
        let afterScheme = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        let path = afterScheme.drop { $0 != "/" }
        return String(path.prefix { $0 != "?" })
    }
}

extension HTTPResponse {
    /// An answer with a text for its body.
    init(_ status: Int, _ headers: HTTPHeaders = HTTPHeaders(), text: String = "") {
        self.init(status: status, headers: headers, body: Array(text.utf8))
    }
}
