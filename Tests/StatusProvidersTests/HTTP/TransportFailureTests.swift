import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Requests without an answer")
struct TransportFailureTests {
    private static let now = Moment(instant: .now, wall: UnixTime(seconds: 1_768_478_400))
    private static let rows: [(HTTPClientError.Kind, ProblemCode, ProblemCause, isRetryable: Bool)] = [
        (.dns, .network, .host, true), (.connect, .network, .provider, true), (.reset, .network, .provider, true),
        (.timeout, .timeout, .provider, true), (.cancelled, .timeout, .host, false),
        (.tls(.expired), .tls, .provider, false), (.tls(.wrongHost), .tls, .provider, false),
        (.tls(.untrusted), .tls, .host, false), (.tls(.handshake), .tls, .provider, true),
        (.bodyTooLarge, .unknown, .provider, false), (.malformedResponse, .unknown, .provider, false),
        (.overloaded, .unknown, .host, false), (.other, .unknown, .host, false),
    ]

    @Test("each kind has its code and its cause, and keeps the last reading", arguments: rows)
    func table(kind: HTTPClientError.Kind, code: ProblemCode, cause: ProblemCause, isRetryable: Bool) {
        let failure = TransportFailure.classify(
            HTTPClientError(kind: kind, detail: "DETAIL"), provider: "Example", now: Self.now)
        #expect(failure.code == code)
        #expect(failure.cause == cause)
        #expect(failure.disposition == .keepsLast)
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.retryAfter == nil)
        #expect(!failure.hint.contains("DETAIL"))
    }

    @Test(
        "what only the configuration can repair replaces it",
        arguments: [HTTPClientError.Kind.redirectRefused, .invalidRequest, .addressRefused])
    func misconfigured(kind: HTTPClientError.Kind) {
        let failure = TransportFailure.classify(
            HTTPClientError(kind: kind, detail: ""), provider: "Example", now: Self.now)
        #expect(failure.code == .misconfigured)
        #expect(failure.disposition == .replaces)
    }

    @Test("no action is said to be asked again by itself", arguments: rows.map(\.0) + [.held(until: .now)])
    func action(kind: HTTPClientError.Kind) {
        let failure = ActionFailure(
            TransportFailure.classify(HTTPClientError(kind: kind, detail: ""), provider: "Example", now: Self.now))
        for text in [failure.message.full, failure.message.generic] {
            #expect(!text.contains("by itself") && !text.contains("asked again"), "\(text)")
        }
    }

    @Test("a request that a breaker held back says until when, and asks for no retry")
    func held() {
        let error = HTTPClientError(kind: .held(until: Self.now.instant.advanced(by: .seconds(30))), detail: "")
        let failure = TransportFailure.classify(error, provider: "Example", now: Self.now)
        #expect(failure.heldUntil == Self.now.wall.advanced(by: .seconds(30)))
        #expect(failure.cause == .provider)
        #expect(failure.disposition == .keepsLast)
        #expect(failure.retryAfter == nil && !failure.isRetryable)
    }
}
