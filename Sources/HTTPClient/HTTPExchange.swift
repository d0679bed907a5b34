/// One request to one place and its bounds: what the loop performs. Redirects are another exchange.
package struct HTTPExchange: Sendable {
    package var hop: HTTPHop
    package var peerRule: PeerRule
    package var connectTimeout: Duration
    /// When it ends, whether it waits for a connection or runs.
    package var deadline: ContinuousClock.Instant
    package var bodyBytesMax: Int
    /// How long it may wait for a connection; what is left is for the answer.
    package var beginBy: ContinuousClock.Instant
    /// Whether no connection that was kept may carry it.
    package var isSentOnce = false
    /// Whether another server chose the place, and not whoever composed the request.
    package var isRedirect = false

    package init(
        hop: HTTPHop, peerRule: PeerRule, connectTimeout: Duration, deadline: ContinuousClock.Instant, bodyBytesMax: Int
    ) {
        self.hop = hop
        self.peerRule = peerRule
        self.connectTimeout = connectTimeout
        self.deadline = deadline
        beginBy = deadline
        self.bodyBytesMax = bodyBytesMax
    }

    /// The answer to one exchange.
    package struct Answer: Sendable {
        package var status: Int
        package var headers: HTTPHeaders
        package var body: [UInt8]
        /// The address connected to.
        package var peer: IPAddress?
        /// From the request being sent to the first byte of the answer.
        package var latency: Duration
    }

    package typealias Outcome = Result<Answer, HTTPClientError>
}
