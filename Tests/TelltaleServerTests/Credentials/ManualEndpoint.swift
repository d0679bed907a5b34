import HTTPClient
import Locks
import Synchronization

/// A token endpoint that answers by a script, or leaves requests open until the test answers them.
final class ManualEndpoint: HTTPTransport {
    /// What to answer to a refresh token; nil leaves the request open.
    typealias Script = @Sendable (String) -> HTTPResponse?

    private struct State {
        var script: Script?
        var requests: [HTTPRequest] = []
        var open: [String: CheckedContinuation<HTTPResponse, Never>] = [:]
        var openMax = 0
    }

    private let state: Lock<State>

    init(_ script: Script? = nil) { state = Lock(State(script: script)) }

    /// Answers what comes from now on.
    func follow(_ script: Script?) { state.withLock { $0.script = script } }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    /// The refresh tokens that were sent, in order.
    var spent: [String] { requests.map(Self.refreshToken) }
    /// The refresh tokens whose requests wait for the test.
    var openTokens: [String] { state.withLock { $0.open.keys.sorted() } }
    /// The most requests that were open at once.
    var openMax: Int { state.withLock { $0.openMax } }

    func answer(_ token: String, _ response: HTTPResponse) {
        state.withLock { $0.open.removeValue(forKey: token) }?.resume(returning: response)
    }

    /// Not cancelled with its task: a request that was sent cannot be taken back.
    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let token = Self.refreshToken(request)
        let script = state.withLock { state in
            state.requests.append(request)
            return state.script
        }
        if let response = script?(token) { return response }
        return await withCheckedContinuation { continuation in
            state.withLock { state in
                state.open[token] = continuation
                state.openMax = max(state.openMax, state.open.count)
            }
        }
    }

    private static func refreshToken(_ request: HTTPRequest) -> String {
        let fields = String(decoding: request.body, as: UTF8.self).split(separator: "&")
        return fields.first { $0.hasPrefix("refresh_token=") }.map { String($0.dropFirst("refresh_token=".count)) }
            ?? ""
    }
}

extension HTTPResponse {
    /// A grant of tokens, as Supabase writes it.
    static func tokens(_ access: String, _ refresh: String, expiresIn seconds: Int = 3_600) -> Self {
        Self(
            status: 201,
            body: Array(
                """
                {"access_token":"\(access)","refresh_token":"\(refresh)","expires_in":\(seconds),"token_type":"Bearer"}
                """.utf8))
    }

    static func error(_ status: Int, _ name: String) -> Self {
        Self(status: status, body: Array(#"{"error":"\#(name)"}"#.utf8))
    }
}
