/// One HTTP request with its bounds.
package struct HTTPRequest: Sendable {
    package var method: String
    /// Absolute `http` or `https` URL.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// Time to connect, name resolution and TLS included. As long does what is sent once wait for a connection that others use.
    package var connectTimeout: Duration
    /// Time for all of it, redirects included: a server that drips a byte a second ends with this.
    package var totalTimeout: Duration
    /// A longer body ends the request with `bodyTooLarge`.
    package var bodyBytesMax: Int
    /// How many redirects are followed.
    package var redirectsMax: Int
    /// Whether it goes out on a connection of its own making. libcurl sends a request once more where a kept connection turns out
    /// to be broken, and cannot know whether the peer has acted on it already.
    package var isSentOnce = false
    /// Which addresses the request itself may reach; redirects are held to stricter ones.
    package var peerRule: PeerRule

    package init(
        method: String = "GET", url: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        connectTimeout: Duration = .seconds(2), totalTimeout: Duration = .seconds(10),
        bodyBytesMax: Int = 4 << 20, redirectsMax: Int = 5, peerRule: PeerRule = .any
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        self.bodyBytesMax = bodyBytesMax
        self.redirectsMax = redirectsMax
        self.peerRule = peerRule
    }
}

/// One HTTP answer, whole.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// Where the answer came from after redirects.
    package var url: String
    /// Whether a permanent redirect (301, 308) was followed on the way.
    package var movedPermanently: Bool
    /// From the call to the whole answer: waiting for a connection, making it, and redirects included.
    package var elapsed: Duration
    /// From the last request being sent to the first byte of its answer: what the server takes, and the way there.
    package var latency: Duration

    /// Makes one from its parts; the latency is `elapsed` where nothing finer is known.
    package init(
        status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], url: String = "",
        movedPermanently: Bool = false, elapsed: Duration = .zero, latency: Duration? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
        self.movedPermanently = movedPermanently
        self.elapsed = elapsed
        self.latency = latency ?? elapsed
    }
}

/// Header fields in order; names compare without regard to case (RFC 9110 §5.1).
package struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [(name: String, value: String)] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    /// The first value of a field. Setting replaces all values; nil removes them.
    package subscript(name: String) -> String? {
        get {
            let wanted = name.lowercased()
            return fields.first { $0.name.lowercased() == wanted }?.value
        }
        set {
            let wanted = name.lowercased()
            fields.removeAll { $0.name.lowercased() == wanted }
            if let newValue { fields.append((name: name, value: newValue)) }
        }
    }

    /// Adds a value beside those that are there.
    package mutating func append(name: String, value: String) { fields.append((name: name, value: value)) }
}

/// Why a request gave no answer.
package struct HTTPClientError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The name does not resolve.
        case dns
        /// Nobody listens, or there is no route.
        case connect
        /// TLS failed, by the reason.
        case tls(TLSReason)
        /// A bound on time was reached.
        case timeout
        /// The peer broke the connection off.
        case reset
        case bodyTooLarge
        /// A redirect that must not be followed: other scheme, forbidden address, or too many.
        case redirectRefused
        /// What came back is no HTTP.
        case malformedResponse
        /// The request itself is wrong: no URL, unknown scheme.
        case invalidRequest
        case cancelled
        /// The address connected to is this machine's or its link's, which the request does not allow.
        case addressRefused
        /// A guard above the client lets no request through to this host until then, because it keeps failing.
        case held(until: ContinuousClock.Instant)
        /// More requests wait than the client holds, or one has waited for a connection until its time was over. None of it was sent.
        case overloaded
        case other
    }

    package enum TLSReason: Hashable, Sendable {
        case expired, wrongHost, untrusted, handshake
    }

    package var kind: Kind
    /// One sentence for people, free of header values and query strings.
    package var detail: String
    /// Whether it is certain that nothing of the request was sent: no connection had come about for it.
    package var isUnsent: Bool

    package init(kind: Kind, detail: String, isUnsent: Bool = false) {
        self.kind = kind
        self.detail = detail
        self.isUnsent = isUnsent
    }
}

/// What providers need of an HTTP client; tests pass a scripted one.
package protocol HTTPTransport: Sendable {
    /// Sends one request and returns its whole answer, whatever its status code.
    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse
}
