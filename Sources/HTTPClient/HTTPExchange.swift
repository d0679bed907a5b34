/// One request to one place and its bounds: what the loop performs. Redirects are another exchange.
struct HTTPExchange: Sendable {
    var hop: HTTPHop
    var peerRule: PeerRule
    var connectTimeout: Duration
    /// When it ends, whether it waits for a connection or runs.
    var deadline: ContinuousClock.Instant
    var bodyBytesMax: Int

    /// The answer to one exchange.
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: [UInt8]
        /// The address connected to.
        var peer: IPAddress?
    }

    typealias Outcome = Result<Answer, HTTPClientError>
}
