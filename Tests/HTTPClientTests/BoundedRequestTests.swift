import HTTPClient
import TestSupport
import Testing

/// What no upstream can take from us, whatever it sends (BEHAVIOURS 27).
@Suite("Every request is bounded", .timeLimit(.minutes(1)))
struct BoundedRequestTests {
    private static let head = "HTTP/1.1 200 OK\r\n"

    @Test("a byte now and then ends with the total deadline, a body beyond its bound is cut, and redirects are few")
    func behaviour27_aDripAFloodAndARingOfRedirectsEnd() async throws {
        let bounds = HTTPRequest(url: "https://example.com/")
        #expect(bounds.totalTimeout == .seconds(10))
        #expect(bounds.bodyBytesMax == 4 << 20)
        #expect(bounds.redirectsMax == 5)

        // There is always another byte, sooner than any bound on idleness would notice.
        let drip = try ScriptedHTTPServer([
            .text("\(Self.head)Content-Length: 100000\r\n\r\n"), .drip(Array(repeating: 65, count: 100_000)),
        ])
        defer { drip.stop() }
        let start = ContinuousClock.now
        let slow = HTTPRequest(url: drip.url(), totalTimeout: .milliseconds(300))
        #expect(await CurlHTTPClientTests.failure(CurlHTTPClient(), slow)?.kind == .timeout)
        #expect(start.duration(to: .now) >= .milliseconds(300))

        let flood = try ScriptedHTTPServer([
            .text("\(Self.head)\r\n"), .flood(Array(repeating: 65, count: 65_536), times: 1_000_000),
        ])
        defer { flood.stop() }
        #expect(
            await CurlHTTPClientTests.failure(CurlHTTPClient(), HTTPRequest(url: flood.url()))?.kind == .bodyTooLarge)

        let ring = try ScriptedHTTPServer(.redirect(to: "/again"))
        defer { ring.stop() }
        #expect(
            await CurlHTTPClientTests.failure(CurlHTTPClient(), HTTPRequest(url: ring.url()))?.kind == .redirectRefused)
        #expect(ring.requests.count == 6)
    }

    @Test(
        "no redirect leads to this machine, its link, or a cloud's metadata",
        arguments: [
            "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/",
            "http://[fe80::1]/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://100.100.100.200/",
        ])
    func behaviour27_redirectsNeverLeadInside(location: String) throws {
        let url = try HTTPURL("http://api.example.com/")
        var policy = RedirectPolicy(redirectsMax: 5, original: url)
        let step = policy.answered(
            status: 302, location: location, peer: IPAddress("93.184.216.34"), to: HTTPHop(url: url))
        guard case .refuse = step else {
            Issue.record("a redirect to \(location) was not refused: \(step)")
            return
        }
    }
}
