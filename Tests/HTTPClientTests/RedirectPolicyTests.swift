import HTTPClient
import Testing

struct RedirectPolicyTests {
    /// What a step came to, comparable.
    enum Outcome: Equatable {
        case deliver
        case follow(method: String, url: String, rule: PeerRule)
        case refuse
    }

    static func outcome(_ step: RedirectPolicy.Step) -> Outcome {
        switch step {
        case .deliver: .deliver
        case .follow(let hop, let rule): .follow(method: hop.method, url: hop.url.text, rule: rule)
        case .refuse: .refuse
        }
    }

    static func step(
        status: Int = 302, location: String?, from url: String = "https://a.test/x", method: String = "GET",
        headers: HTTPHeaders = [:], body: [UInt8] = [], peer: String? = "203.0.113.1", redirectsMax: Int = 5
    ) throws -> RedirectPolicy.Step {
        let hop = HTTPHop(method: method, url: try HTTPURL(url), headers: headers, body: body)
        var policy = RedirectPolicy(redirectsMax: redirectsMax, original: hop.url)
        return policy.answered(status: status, location: location, peer: peer.flatMap { IPAddress($0) }, to: hop)
    }

    @Test(
        "only a redirecting status with a Location is a redirect", arguments: [200, 204, 300, 304, 305, 306, 404, 500])
    func otherStatuses(status: Int) throws {
        #expect(Self.outcome(try Self.step(status: status, location: "/y")) == .deliver)
    }

    @Test("a redirect without a Location is the answer", arguments: [301, 302, 303, 307, 308])
    func noLocation(status: Int) throws {
        #expect(Self.outcome(try Self.step(status: status, location: nil)) == .deliver)
    }

    @Test("with no redirects allowed the redirect is the answer")
    func noneAllowed() throws {
        #expect(Self.outcome(try Self.step(location: "/y", redirectsMax: 0)) == .deliver)
    }

    @Test(
        "the method follows the status",
        arguments: [
            (301, "GET", "GET", true), (301, "POST", "GET", false), (302, "POST", "GET", false),
            (303, "POST", "GET", false), (303, "PUT", "GET", false), (307, "POST", "POST", true),
            (308, "POST", "POST", true), (301, "HEAD", "HEAD", true), (303, "HEAD", "HEAD", true),
            (302, "PUT", "PUT", true),
        ])
    func methods(status: Int, method: String, expected: String, keepsBody: Bool) throws {
        let step = try Self.step(
            status: status, location: "/y", method: method, headers: ["Content-Type": "text/plain"], body: [1])
        guard case .follow(let hop, _) = step else {
            Issue.record("not followed")
            return
        }
        #expect(hop.method == expected)
        #expect(hop.body == (keepsBody ? [1] : []))
        #expect(hop.headers["Content-Type"] == (keepsBody ? "text/plain" : nil))
    }

    @Test(
        "a redirect is refused",
        arguments: [
            "http://a.test/x", "http://b.test/", "ftp://b.test/", "file:///etc/passwd", "javascript:alert(1)",
            "https://user:secret@b.test/", "https://b.test:99999/", "https://127.0.0.1/", "https://localhost/",
            "https://foo.localhost./", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/",
            "https://0x7f.1/", "https://169.254.169.254/latest/meta-data", "https://[fe80::1]/", "https://0.0.0.0/",
            "https://100.100.100.200/", "https://[fd00:ec2::254]/", "https://b.test/\u{0}", "https://b.test/\r\nX: y",
        ])
    func refusals(location: String) throws {
        #expect(Self.outcome(try Self.step(location: location)) == .refuse)
    }

    @Test("http may become https, and private networks are allowed")
    func upgrades() throws {
        #expect(
            Self.outcome(try Self.step(location: "https://a.test/x", from: "http://a.test/x"))
                == .follow(method: "GET", url: "https://a.test/x", rule: .remote))
        #expect(
            Self.outcome(try Self.step(location: "https://10.0.0.1/"))
                == .follow(method: "GET", url: "https://10.0.0.1/", rule: .remote))
    }

    @Test("what began on this machine may stay on it, but goes to no metadata service")
    func loopbackOrigins() throws {
        for url in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/"] {
            let step = try Self.step(location: "http://127.0.0.1:9090/", from: url, peer: "127.0.0.1")
            #expect(
                Self.outcome(step) == .follow(method: "GET", url: "http://127.0.0.1:9090/", rule: .remoteOrLoopback))
            #expect(Self.outcome(try Self.step(location: "http://169.254.169.254/", from: url)) == .refuse)
        }
    }

    @Test("a name that led to this machine may lead to it again, but allows no literal")
    func loopbackPeer() throws {
        let own = try Self.step(location: "/login", from: "http://myhost/", peer: "127.0.1.1")
        #expect(Self.outcome(own) == .follow(method: "GET", url: "http://myhost/login", rule: .remoteOrLoopback))
        let literal = try Self.step(location: "http://127.0.0.1/", from: "http://myhost/", peer: "127.0.1.1")
        #expect(Self.outcome(literal) == .refuse)
    }

    @Test("the peer of a later hop does not widen the rule")
    func laterPeer() throws {
        var hop = HTTPHop(url: try HTTPURL("http://a.test/"))
        var policy = RedirectPolicy(redirectsMax: 5, original: hop.url)
        for (location, peer) in [("http://b.test/", "203.0.113.1"), ("http://c.test/", "127.0.0.1")] {
            let step = policy.answered(status: 302, location: location, peer: IPAddress(peer), to: hop)
            guard case .follow(let next, let rule) = step else {
                Issue.record("not followed")
                return
            }
            #expect(rule == .remote)
            hop = next
        }
    }

    @Test(
        "another origin gets no header but the harmless ones",
        arguments: [
            ("/y", true), ("https://a.test:443/y", true), ("https://a.test:444/y", false), ("https://b.test/", false),
            ("https://sub.a.test/", false),
        ])
    func credentials(location: String, isKept: Bool) throws {
        let secrets = ["Authorization", "cookie", "apikey", "X-API-Key", "X-My-Token", "Host", "If-None-Match"]
        var headers: HTTPHeaders = ["Accept": "application/json", "User-Agent": "me"]
        for name in secrets { headers.append(name: name, value: "s3cret") }
        guard case .follow(let hop, _) = try Self.step(location: location, headers: headers) else {
            Issue.record("not followed")
            return
        }
        #expect(hop.headers["accept"] == "application/json")
        #expect(hop.headers["user-agent"] == "me")
        for name in secrets { #expect((hop.headers[name] != nil) == isKept, "\(name)") }
    }

    @Test("a body is not sent on to another origin")
    func bodies() throws {
        for status in [307, 308] {
            let away = try Self.step(status: status, location: "https://b.test/", method: "POST", body: [1])
            #expect(Self.outcome(away) == .refuse)
            let home = try Self.step(status: status, location: "/y", method: "POST", body: [1])
            #expect(Self.outcome(home) == .follow(method: "POST", url: "https://a.test/y", rule: .remote))
        }
    }

    @Test("as many redirects are followed as allowed, and the one after is refused")
    func count() throws {
        var hop = HTTPHop(url: try HTTPURL("https://a.test/0"))
        var policy = RedirectPolicy(redirectsMax: 3, original: hop.url)
        for index in 1...3 {
            let step = policy.answered(status: 302, location: "/\(index)", peer: nil, to: hop)
            guard case .follow(let next, _) = step else {
                Issue.record("redirect \(index) not followed")
                return
            }
            hop = next
        }
        #expect(Self.outcome(policy.answered(status: 302, location: "/4", peer: nil, to: hop)) == .refuse)
        #expect(Self.outcome(policy.answered(status: 200, location: nil, peer: nil, to: hop)) == .deliver)
    }

    @Test(
        "only 301 and 308 are permanent",
        arguments: [(301, true), (302, false), (303, false), (307, false), (308, true)])
    func permanence(status: Int, expected: Bool) throws {
        let hop = HTTPHop(url: try HTTPURL("https://a.test/"))
        var policy = RedirectPolicy(redirectsMax: 5, original: hop.url)
        #expect(!policy.movedPermanently)
        _ = policy.answered(status: status, location: "/y", peer: nil, to: hop)
        #expect(policy.movedPermanently == expected)
    }

    @Test("a refusal names the host and nothing of the query")
    func sentences() throws {
        for location in ["http://b.test/?token=s3cret", "https://127.0.0.1/?token=s3cret", "https://u:s3cret@b.test/"] {
            guard case .refuse(let sentence) = try Self.step(location: location) else {
                Issue.record("\(location) not refused")
                continue
            }
            #expect(!sentence.contains("s3cret"))
        }
    }
}
