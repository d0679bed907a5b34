/// Something that goes wrong on request: what, for whom, and how often.
package struct Fault: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The answer comes later, by `delay` and up to `jitter` more: drawn for each request, or, when it is steady, once
        /// for a provider at a place (``SimulatedRequest/place``), the same in every run.
        case latency(Duration, jitter: Duration = .zero, isSteady: Bool = false)
        /// Another status code with the provider's own error body; `retryAfter` in whole seconds when given.
        case status(Int, retryAfter: Int? = nil)
        /// The request is taken and never answered.
        case hang
        /// The head comes at once, the body a byte per interval.
        case drip(interval: Duration)
        /// TCP RST: before the first byte of an answer, or after that many bytes of its body.
        case reset(afterBodyBytes: Int? = nil)
        /// An orderly end of the connection after half the promised body.
        case truncated
        /// A body that is no JSON, though its type says so.
        case malformed
        /// A web page in place of JSON, as a provider's front end sends when what is behind it fails.
        case html(status: Int = 502)
        /// A body of that many blanks: legal JSON so far, and no end in sight.
        case huge(bytes: Int)
        /// The right body under the wrong media type.
        case contentType(String)
        /// The right status and no body.
        case empty
        /// Bytes that are no HTTP.
        case garbage
    }

    /// The longest delay, jitter or interval.
    package static let durationMax: Duration = .seconds(600)
    /// The largest `huge` body, in bytes.
    package static let hugeBytesMax = 1 << 30

    package var kind: Kind
    /// Only requests to this provider; nil for all.
    package var provider: SimulatedPart?
    /// Only requests whose path begins so; nil for all.
    package var pathPrefix: String?
    /// Only that many requests; nil until cleared.
    package var count: Int?

    package init(_ kind: Kind, provider: SimulatedPart? = nil, pathPrefix: String? = nil, count: Int? = nil) {
        self.kind = kind
        self.provider = provider
        self.pathPrefix = pathPrefix
        self.count = count
    }

    /// Whether it is aimed at a request.
    func matches(provider: SimulatedPart, path: String) -> Bool {
        (self.provider ?? provider) == provider && path.hasPrefix(pathPrefix ?? "")
    }

    /// Whether it only delays, and so leaves room for another fault on the same request.
    var isLatency: Bool {
        if case .latency = kind { true } else { false }
    }
}
