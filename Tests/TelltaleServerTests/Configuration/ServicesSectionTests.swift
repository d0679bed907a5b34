import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("A project's services")
struct ServicesSectionTests {
    private func links(_ services: String) throws -> LinkTable {
        try parse("{projects: {shop: {services: \(services)}}}").projects.first?.links ?? [:]
    }

    private func target(_ service: String) throws -> ServiceTarget? {
        guard case .service(let target)? = try links("{w: \(service)}")[.service("w")]?.target else { return nil }
        return target
    }

    @Test("an address is enough, and everything else has its default")
    func defaults() throws {
        #expect(
            try target("{url: 'https://w.example.com/health'}")
                == ServiceTarget(
                    name: "w", url: "https://w.example.com/health"))
        #expect(try links("{w: {url: 'http://w/'}}")[.service("w")]?.isEnabled == true)
    }

    @Test("every key is read")
    func full() throws {
        let links = try links(
            """
            {'api/v2': {
                url: "https://w.example.com/health", method: "POST", headers: { "X-Check": "1" },
                secretHeaders: { Authorization: "file:/etc/token", "X-Key": "env:KEY" },
                expect: {
                    status: [200, "202-204", "3xx"], headers: { "X-Role": "primary", "Content-Length": "2" },
                    body: { "/status": "ok", "/n": 3, "/f": 0.5, "/up": true, "/none": null, "/l": ["a\\"b", {x: 1}] },
                    present: ["/version"],
                },
                latencyLimit: "200ms", timeout: "2s", warmUp: { url: "https://w.example.com/wake", timeout: "1s" },
                allowLocal: true, enabled: false,
            }}
            """)
        let expected = ServiceTarget(
            name: "api/v2", url: "https://w.example.com/health", method: "POST", headers: ["X-Check": "1"],
            expectedStatus: [200...200, 202...204, 300...399],
            expectedHeaders: ["X-Role": "primary", "Content-Length": "2"],
            bodyChecks: [
                .init(pointer: "/f", expected: "0.5"), .init(pointer: "/l", expected: #"["a\"b",{"x":1}]"#),
                .init(pointer: "/n", expected: "3"), .init(pointer: "/none", expected: "null"),
                .init(pointer: "/status", expected: #""ok""#), .init(pointer: "/up", expected: "true"),
                .init(pointer: "/version"),
            ], latencyLimit: .milliseconds(200), timeout: .seconds(2), warmUpTimeout: .seconds(1),
            warmUpURL: "https://w.example.com/wake", isLocalAllowed: true)
        #expect(
            links == [
                .service("api/v2"): Link(
                    target: .service(expected),
                    namedCredentials: ["Authorization": .file(path: "/etc/token"), "X-Key": .environment(name: "KEY")],
                    isEnabled: false)
            ])
    }

    @Test("services stand beside each other, and beside the providers")
    func several() throws {
        let text =
            "{projects: {a: {github: {repo: 'a/b'}, services: {x: {url: 'https://x/'}, y: {url: 'https://y/'}}}}}"
        let keys = try parse(text).projects.first?.links.keys.sorted()
        #expect(keys == [.provider(.github), .service("x"), .service("y")])
    }

    @Test("a secret header goes over http to this host alone")
    func localSecret() throws {
        #expect(try target("{url: 'http://127.0.0.1:80/', secretHeaders: {'X-Key': 'env:K'}}") != nil)
    }

    static let mistakes: [MistakeCase] = [
        .init("{}", "w: url is missing"),
        .init("{url: 'w.example.com'}", "w.url: is no URL"),
        .init("{url: 'ftp://w/'}", "w.url: must begin with https:// or http://"),
        .init("{url: 'https://me:pw@w/'}", "w.url: may hold no user or password"),
        .init("{url: 'https://w/', methd: 'GET'}", "w.methd: unknown key; did you mean \"method\"?"),
        .init("{url: 'https://w/', method: 'get'}", "w.method: expected one of GET, HEAD, POST"),
        .init("{url: 'https://w/', timeout: 5}", "w.timeout: a duration needs its unit"),
        .init("{url: 'https://w/', latencyLimit: '2m'}", "w.latencyLimit: \"2m\" is outside 1ms … 1m"),
        .init("{url: 'https://w/', warmUp: {timeout: '1m'}}", "w.warmUp.timeout: \"1m\" is outside 50ms … 10s"),
        .init("{url: 'https://w/', warmUp: {url: 'w'}}", "w.warmUp.url: is no URL"),
        .init("{url: 'https://w/', headers: {'Content-Length': '3'}}", "w.headers.Content-Length: The header"),
        .init("{url: 'https://w/', headers: {'a b': '3'}}", "w.headers.\"a b\": The name of a header"),
        .init("{url: 'https://w/', headers: {A: 'x\\r\\nB: y'}}", "w.headers.A: The value of the header A holds"),
        .init("{url: 'https://w/', headers: {a: '1', A: '2'}}", "w.headers.a: stands here twice"),
        .init("{url: 'https://w/', headers: {Cookie: 's3cret'}}", "w.headers.Cookie: holds a secret"),
        .init("{url: 'https://w/', secretHeaders: {A: 's3cret'}}", "w.secretHeaders.A: write where the secret"),
        .init(
            "{url: 'https://w/', headers: {a: '1'}, secretHeaders: {A: 'env:K'}}",
            "w.secretHeaders.A: stands in headers as well"),
        .init("{url: 'http://w/', secretHeaders: {A: 'env:K'}}", "w.url: must be https://"),
        .init("{url: 'https://w/', expect: {status: 99}}", "w.expect.status: expected status codes"),
        .init("{url: 'https://w/', expect: {status: [200, '6xx']}}", "w.expect.status[1]: expected status codes"),
        .init("{url: 'https://w/', expect: {status: '204-200'}}", "w.expect.status: expected status codes"),
        .init("{url: 'https://w/', expect: {status: []}}", "w.expect.status: expected 1 to 16"),
        .init("{url: 'https://w/', expect: {body: {status: 'ok'}}}", "w.expect.body.status: is no JSON pointer"),
        .init("{url: 'https://w/', expect: {body: {'/n': NaN}}}", "w.expect.body./n: is no JSON value"),
        .init("{url: 'https://w/', expect: {present: ['x']}}", "w.expect.present[0]: is no JSON pointer"),
        .init(
            "{url: 'https://w/', method: 'HEAD', expect: {body: {'/status': 'ok'}}}",
            "w.method: an answer to HEAD has no body to check"),
    ]

    @Test("each mistake is told at its place, and no value that may be a secret with it", arguments: mistakes)
    func oneMistake(_ example: MistakeCase) throws {
        let found = complaints("{projects: {shop: {services: {w: \(example.text)}}}}")
        #expect(found.count == 1, "\(found)")
        #expect(
            try #require(found.first).hasPrefix("t.json5:1: projects.shop.services.\(example.complaint)"), "\(found)")
        #expect(found.first?.contains("s3cret") == false)
    }

    @Test("a name that is none, and more than a project may have, are refused")
    func names() {
        #expect(complaints("{projects: {a: {services: {'-x': {}}}}}").first?.contains("is no service's name") == true)
        let many = (0..<65).map { "s\($0): {url: 'https://w/'}" }.joined(separator: ",")
        #expect(
            complaints("{projects: {a: {services: {\(many)}}}}") == [
                "t.json5:1: projects.a.services: 65 services are more than the 64 of one project"
            ])
    }
}
