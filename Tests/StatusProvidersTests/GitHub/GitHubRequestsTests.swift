import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: requests")
struct GitHubRequestsTests {
    private func requests(
        _ owner: String = "octo", _ name: String = "hello", base: String = "https://api.github.com",
        secret: Secret? = Secret("ghp_x")
    ) throws -> GitHubRequests {
        try GitHubRequests(
            target: GitHubTarget(owner: owner, repository: name, baseURL: base), secret: secret, userAgent: "telltale/1"
        )
    }

    @Test("every request says who asks, for what and in which version")
    func headers() throws {
        let requests = try requests()
        for request in [
            requests.repository(at: requests.linked, etag: nil), requests.user(),
            requests.newestCommit(at: requests.linked, branch: "main", etag: nil),
        ] {
            #expect(request.method == "GET")
            #expect(request.headers["authorization"] == "Bearer ghp_x")
            #expect(request.headers["accept"] == "application/vnd.github+json")
            #expect(request.headers["user-agent"] == "telltale/1")
            #expect(request.headers["x-github-api-version"] == "2022-11-28")
            #expect(request.headers["if-none-match"] == nil)
            #expect(!request.url.hasSuffix("/"))
        }
    }

    @Test(
        "the base URL is taken with or without a slash at its end",
        arguments: ["https://git.example.com/api/v3", "https://git.example.com/api/v3//"])
    func enterprise(base: String) throws {
        let requests = try requests(base: base)
        #expect(
            requests.repository(at: requests.linked, etag: nil).url
                == "https://git.example.com/api/v3/repos/octo/hello")
        #expect(requests.user().url == "https://git.example.com/api/v3/user")
    }

    @Test("names and branches are one segment or one value, whatever they hold")
    func encoding() throws {
        let requests = try requests("octo org", "a?b#c%2F")
        let url = requests.newestCommit(at: requests.linked, branch: "feature/ü&x", etag: #""e""#).url
        #expect(
            url == "https://api.github.com/repos/octo%20org/a%3Fb%23c%252F/commits?sha=feature%2F%C3%BC%26x&per_page=1")
    }

    @Test(
        "names that name no repository are refused before any request",
        arguments: [("", "r"), ("o", ""), ("..", "user"), ("o", "."), ("o", "a/b"), ("o", "a\nb")])
    func badNames(owner: String, name: String) {
        #expect { try requests(owner, name) } throws: { ($0 as? ProviderFailure)?.code == .misconfigured }
    }

    @Test("a credential that could add a header of its own is refused", arguments: ["", "a b", "a\r\nX-Evil: 1", "ü"])
    func badToken(token: String) {
        #expect { try requests(secret: Secret(token)) } throws: {
            ($0 as? ProviderFailure)?.code == .misconfigured && ($0 as? ProviderFailure)?.cause == .host
        }
    }

    @Test("the validator differs by token and by link, and holds neither")
    func validator() throws {
        let all = try [
            requests(), requests(secret: nil), requests(secret: Secret("ghp_y")), requests("octo", "other"),
            requests(base: "https://git.example.com/api/v3"),
        ].map { $0.validator(GitHubScene.digest) }
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0.utf8.count <= 32 && !$0.contains("ghp_") && !$0.contains("octo") })
    }
}
