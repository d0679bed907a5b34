import HTTPClient
import Resilience
import StatusProviders
import Testing

@Suite("What a call says of its upstream")
struct CallVerdictTests {
    @Test(
        "an answer is a success, refusals and missing things as much as others",
        arguments: [200, 204, 301, 304, 400, 401, 402, 403, 404, 409, 422, 451, 499, 501, 540])
    func answers(status: Int) {
        #expect(CallVerdict.of(status: status) == .success)
    }

    @Test("a server that says it cannot is a failure", arguments: [500, 502, 503, 504, 520, 522, 544, 546, 599])
    func failures(status: Int) {
        #expect(CallVerdict.of(status: status) == .failure)
    }

    @Test("a rate limit and what is no status say nothing", arguments: [429, Int.min, -1, 0, 100, 600, 999, Int.max])
    func neutral(status: Int) {
        #expect(CallVerdict.of(status: status) == .neutral)
    }

    @Test(
        "silence is a failure where the upstream is silent, and nothing where this host is",
        arguments: [
            (.timeout, .failure), (.connect, .failure), (.reset, .failure), (.malformedResponse, .failure),
            (.tls(.handshake), .failure), (.tls(.untrusted), .neutral), (.tls(.expired), .neutral),
            (.tls(.wrongHost), .neutral), (.dns, .neutral), (.addressRefused, .neutral), (.redirectRefused, .neutral),
            (.invalidRequest, .neutral), (.overloaded, .neutral), (.bodyTooLarge, .neutral), (.other, .neutral),
            (.held(until: .now), .neutral),
        ] as [(HTTPClientError.Kind, CircuitBreaker.Outcome)])
    func silence(kind: HTTPClientError.Kind, outcome: CircuitBreaker.Outcome) {
        let error = HTTPClientError(kind: kind, detail: "")
        for elapsed in [Duration.zero, .seconds(1), .seconds(4)] {
            #expect(CallVerdict.of(error, elapsed: elapsed, totalTimeout: .seconds(2.5)) == outcome)
        }
    }

    @Test(
        "a request that was cancelled at its deadline has timed out, one that was cancelled before has not",
        arguments: [(0, .neutral), (2399, .neutral), (2400, .failure), (2500, .failure), (9000, .neutral)]
            as [(Int, CircuitBreaker.Outcome)])
    func cancelled(milliseconds: Int, outcome: CircuitBreaker.Outcome) {
        let error = HTTPClientError(kind: .cancelled, detail: "")
        let verdict = CallVerdict.of(error, elapsed: .milliseconds(milliseconds), totalTimeout: .seconds(2.5))
        #expect(verdict == outcome)
    }

    @Test("a request that had no time, and one that outlived its time by far, say nothing of the upstream")
    func ownFault() {
        let error = HTTPClientError(kind: .timeout, detail: "")
        #expect(CallVerdict.of(error, elapsed: .milliseconds(30), totalTimeout: .milliseconds(30)) == .neutral)
        #expect(CallVerdict.of(error, elapsed: .seconds(60), totalTimeout: .seconds(2.5)) == .neutral)
    }

    @Test(
        "a service that is asleep, and so answered for by its platform or silent, is not down",
        arguments: [502, 503, 504])
    func asleep(status: Int) {
        #expect(CallVerdict.of(status: status, from: .service) == .neutral)
        #expect(CallVerdict.of(status: 500, from: .service) == .failure)
        let silence = HTTPClientError(kind: .timeout, detail: "")
        #expect(CallVerdict.of(silence, elapsed: .seconds(2), totalTimeout: .seconds(2), from: .service) == .neutral)
        let refused = HTTPClientError(kind: .connect, detail: "")
        #expect(CallVerdict.of(refused, elapsed: .zero, totalTimeout: .seconds(2), from: .service) == .failure)
    }
}

@Suite("An origin")
struct HTTPOriginTests {
    @Test("scheme, host and port tell origins apart, and nothing else does")
    func identity() throws {
        let origin = try #require(HTTPOrigin("https://API.example.com/a/b?c=d"))
        #expect(origin == HTTPOrigin("https://api.example.com:443/"))
        #expect(origin.host == "api.example.com" && origin.port == 443)
        for other in ["http://api.example.com/a/b", "https://api.example.com:444/a", "https://example.com/"] {
            #expect(HTTPOrigin(other) != origin)
        }
    }

    @Test("what is no URL has none", arguments: ["", "api.example.com", "ftp://a/", "https://u:p@a/", "https://"])
    func malformed(text: String) {
        #expect(HTTPOrigin(text) == nil)
    }
}
