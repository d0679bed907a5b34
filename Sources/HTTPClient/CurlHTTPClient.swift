/// An HTTP client on libcurl: pooled connections, HTTP/2 over TLS, verified certificates, and a bound on everything.
///
/// One thread serves all requests; it starts with the first of them. Proxies are taken from the environment as curl
/// does (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`); behind one, the place a redirect leads to is judged by the
/// text of its URL alone, for only the proxy sees the address; a proxy on this very machine is a peer on this machine,
/// which a request's own ``HTTPRequest/peerRule`` must allow. There are no cookies and no netrc. Bodies in gzip are
/// decoded, and their headers left as they came.
package final class CurlHTTPClient: HTTPTransport {
    private let configuration: HTTPClientConfiguration
    private let loop: CurlLoop

    package init(_ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.configuration = configuration
        loop = CurlLoop(configuration)
    }

    /// Without waiting: the thread holds what it needs and ends by itself.
    deinit { loop.requestStop() }

    /// Sends a request, follows its redirects by ``RedirectPolicy``, and returns the last answer.
    ///
    /// With `redirectsMax` 0 a redirect is itself the answer. The total timeout covers the whole chain and the wait for
    /// a connection. A cancelled task ends its request at once.
    package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        let start = ContinuousClock.now
        var hop = try request.firstHop()
        guard request.peerRule.allows(host: hop.url.host) else { throw .addressRefused(host: hop.url.host) }
        var redirects = RedirectPolicy(redirectsMax: request.redirectsMax, original: hop.url)
        var exchange = HTTPExchange(
            hop: hop, peerRule: request.peerRule,
            connectTimeout: min(request.connectTimeout, configuration.connectTimeoutMax),
            deadline: start.advanced(by: min(request.totalTimeout, configuration.totalTimeoutMax)),
            bodyBytesMax: max(0, request.bodyBytesMax))
        exchange.isSentOnce = request.isSentOnce
        // Sent at the last moment it would be lost: nobody would be left to hear of it.
        if request.isSentOnce { exchange.beginBy = min(exchange.deadline, start.advanced(by: exchange.connectTimeout)) }
        while true {
            let answer = try await loop.perform(exchange).get()
            let step = redirects.answered(
                status: answer.status, location: answer.headers["Location"], peer: answer.peer, to: hop)
            switch step {
            case .deliver:
                return HTTPResponse(
                    status: answer.status, headers: answer.headers, body: answer.body, url: hop.url.text,
                    movedPermanently: redirects.movedPermanently, elapsed: start.duration(to: .now),
                    latency: answer.latency)
            case .refuse(let reason):
                throw HTTPClientError(kind: .redirectRefused, detail: reason)
            case .follow(let next, let rule):
                hop = next
                exchange.hop = next
                exchange.peerRule = rule
                exchange.isRedirect = true
            }
        }
    }

    /// Fails what is pending with `cancelled` and returns once every connection is closed. Later requests fail alike.
    package func shutdown() async {
        loop.requestStop()
        await loop.ended()
    }
}
