import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: what is warned of beside good data")
struct GitHubTokenTests {
    private static let now = GitHubScene.wall

    struct Scopes: Sendable {
        var granted: String?
        var accepted: String?
        var isPrivate = true
        var isMissing: Bool
    }

    @Test(
        "a scope is missing when the token grants none of those that would do",
        arguments: [
            Scopes(granted: "repo, user", accepted: "repo", isMissing: false),
            Scopes(granted: "gist, user", accepted: "repo", isMissing: true),
            Scopes(granted: "gist", accepted: "repo", isPrivate: false, isMissing: true),
            Scopes(granted: "public_repo", accepted: "repo", isPrivate: false, isMissing: false),
            Scopes(granted: "public_repo", accepted: "repo", isPrivate: true, isMissing: true),
            Scopes(granted: "repo:status", accepted: "repo, public_repo, repo:status", isMissing: false),
            Scopes(granted: "read:org", accepted: "", isMissing: false),
            Scopes(granted: "read:org", accepted: nil, isMissing: false),
            Scopes(granted: "", accepted: "repo", isMissing: false),
            Scopes(granted: nil, accepted: "repo", isMissing: false),
            Scopes(granted: nil, accepted: nil, isMissing: false),
        ])
    func scopes(scopes: Scopes) {
        var headers = HTTPHeaders()
        headers["X-OAuth-Scopes"] = scopes.granted
        headers["X-Accepted-OAuth-Scopes"] = scopes.accepted
        let problem = GitHubToken(headers).problem(isPrivate: scopes.isPrivate, now: Self.now)
        #expect((problem?.code == .missingScope) == scopes.isMissing)
    }

    @Test(
        "a token that ends within seven days is warned of, in either form of the date",
        arguments: [
            ("2026-01-18 12:00:00 UTC", true), ("2026-01-18 05:00:00 -0700", true), ("2026-01-22 12:00:00 UTC", true),
            ("2026-01-22 12:00:01 UTC", false), ("2026-07-01 00:00:00 UTC", false), ("2026-01-18T12:00:00Z", true),
            ("2026-01-15 11:00:00 UTC", false), ("soon", false), ("", false),
        ])
    func expiry(text: String, isNear: Bool) {
        let token = GitHubToken(["GitHub-Authentication-Token-Expiration": text])
        let problem = token.problem(isPrivate: true, now: Self.now)
        #expect((problem != nil) == isNear)
        #expect(problem == nil || problem?.code == .misconfigured)
    }

    @Test("a missing scope is a warning while the data is fine", .timeLimit(.minutes(1)))
    func missingScope() async throws {
        let response = GitHubScene.repository(
            isPrivate: true, headers: ["X-OAuth-Scopes": "gist", "X-Accepted-OAuth-Scopes": "repo"])
        let reading = try await GitHubScene(repository: response).read()
        #expect(reading.problem?.code == .missingScope)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.summary.parts.count == 2)
    }

    @Test("a rate limit is kept only when all of it is said and makes sense")
    func budget() {
        let whole: HTTPHeaders = [
            "x-ratelimit-limit": "5000", "x-ratelimit-remaining": " 12 ", "x-ratelimit-reset": "1768480000",
        ]
        #expect(
            RateBudget(gitHub: whole)
                == RateBudget(limit: 5000, remaining: 12, resetsAt: UnixTime(seconds: 1_768_480_000)))
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            for value in [nil, "", "-1", "many", "99999999999999999999"] {
                var headers = whole
                headers[name] = value
                #expect(RateBudget(gitHub: headers) == nil)
            }
        }
    }
}
