import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Instants that providers name", .timeLimit(.minutes(1)))
struct NamedInstantTests {
    private static func late(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.elapsed = .seconds(2)
        return response
    }

    @Test("a wait counts from the answer that names it, however long that one took")
    func fromTheAnswer() async throws {
        let limited = Self.late(
            HTTPResponse(429, ["Retry-After": "120"], text: #"{"message":"secondary rate limit"}"#))
        let github = await GitHubScene(repository: limited).failure()
        #expect(github?.retryAfter == GitHubScene.wall.advanced(by: .seconds(122)))
        let vercel = await VercelScene(always: limited).failure()
        #expect(vercel?.retryAfter == VercelScene.wall.advanced(by: .seconds(122)))
    }

    @Test("a limit that strikes a probe beside a good answer holds for the whole")
    func besideGoodAnswers() async throws {
        let limited = HTTPResponse(
            403, ["Retry-After": "600", "x-ratelimit-remaining": "4000"],
            text: #"{"message":"You have exceeded a secondary rate limit."}"#)
        let reading = try await GitHubScene(repository: GitHubScene.repository(), commits: limited).read()
        #expect(reading.notBefore == GitHubScene.wall.advanced(by: .seconds(600)))
        #expect(reading.problem == nil)
    }

    @Test("a limit on the question whose token it is holds for the refusal that raised it")
    func besideRefusals() async throws {
        let limited = HTTPResponse(429, ["Retry-After": "600"], text: #"{"message":"rate limit exceeded"}"#)
        let github = GitHubScene(["/repos/octo/hello": [.answer(GitHubScene.notFound)], "/user": [.answer(limited)]])
        let absent = await github.failure()
        #expect(absent?.code == .notFound)
        #expect(absent?.retryAfter == GitHubScene.wall.advanced(by: .seconds(600)))
        let vercel = await VercelScene(
            project: VercelScene.notAuthorized, newest: VercelScene.notAuthorized,
            user: VercelScene.refusal(429, #""code":"rate_limited","message":"…""#, ["retry-after": "600"])
        ).failure()
        #expect(vercel?.code == .missingScope)
        #expect(vercel?.retryAfter == VercelScene.wall.advanced(by: .seconds(600)))
    }

    @Test("the worst of several failures keeps the latest instant that any named, and is then not retried")
    func obeying() async {
        let limited = VercelScene.refusal(429, #""code":"rate_limited","message":"…""#, ["retry-after": "3600"])
        let failure = await VercelScene(project: VercelScene.notFound, newest: limited).failure()
        #expect(failure?.code == .notFound)
        #expect(failure?.retryAfter == VercelScene.wall.advanced(by: .seconds(3600)))
        let reset = ProviderFailure(
            code: .network, cause: .provider, hint: "", disposition: .keepsLast, isRetryable: true)
        #expect(reset.obeying([]) == reset)
        var dated = reset
        dated.retryAfter = GitHubScene.wall
        #expect(reset.obeying([dated]).retryAfter == GitHubScene.wall)
        #expect(!reset.obeying([dated]).isRetryable)
    }

    @Test("a refusal by GitHub names the scopes and permissions that the token lacks")
    func missingScopes() async {
        let body = #"{"message":"Resource not accessible by personal access token","status":"403"}"#
        let classic = HTTPResponse(
            403, ["X-OAuth-Scopes": "gist, user", "X-Accepted-OAuth-Scopes": "repo, public_repo"], text: body)
        let fine = HTTPResponse(403, ["X-Accepted-GitHub-Permissions": "contents=read"], text: body)
        let scopes = GitHubClassifier.failure(for: classic, now: GitHubScene.wall)
        #expect(scopes.code == .missingScope && scopes.hint.contains("repo, public_repo"))
        let permissions = GitHubClassifier.failure(for: fine, now: GitHubScene.wall)
        #expect(permissions.code == .missingScope && permissions.hint.contains("contents=read"))
        let absent = HTTPResponse(
            404, ["X-OAuth-Scopes": "gist", "X-Accepted-OAuth-Scopes": "repo"], text: #"{"message":"Not Found"}"#)
        let hidden = GitHubClassifier.failure(for: absent, now: GitHubScene.wall)
        #expect(hidden.code == .notFound && hidden.hint.contains("the scope repo"))
    }
}
