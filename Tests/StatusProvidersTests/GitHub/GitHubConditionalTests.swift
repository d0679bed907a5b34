import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: conditional requests and renames", .timeLimit(.minutes(1)))
struct GitHubConditionalTests {
    @Test("the second read sends the ETag exactly as received, and a 304 confirms the reading")
    func notModified() async throws {
        let scene = GitHubScene(repository: GitHubScene.repository())
        let first = try await scene.read()
        scene.transport.script("/repos/octo/hello", .answer(HTTPResponse(304, ["x-ratelimit-remaining": "4987"])))
        let later = scene.later(.seconds(60))
        let second = try await later.read(previous: first)

        #expect(scene.transport.requests.last?.headers["If-None-Match"] == #"W/"repo-1""#)
        #expect(scene.transport.paths.suffix(1) == ["/repos/octo/hello"])
        #expect(second.observedAt == later.now)
        #expect(second.status == first.status)
        #expect(second.summary == first.summary)
        #expect(second.label == first.label)
        #expect(second.milestones == first.milestones)
        #expect(second.memo == first.memo)
    }

    @Test("an ETag is not sent with another token, nor for another link, nor once the memo is damaged")
    func otherIdentity() async throws {
        let scene = GitHubScene(repository: GitHubScene.repository())
        let first = try await scene.read()

        var rotated = scene
        rotated.secret = Secret("ghp_another")
        _ = try await rotated.read(previous: first)
        var anonymous = scene
        anonymous.secret = nil
        _ = try await anonymous.read(previous: first)
        var damaged = first
        damaged.memo["full_name"] = "no path"
        _ = try await scene.read(previous: damaged)

        var moved = GitHubScene(["/api/v3/repos/octo/hello": [.answer(GitHubScene.repository())]])
        moved.target.baseURL = "https://git.example.com/api/v3"
        _ = try await moved.read(previous: first)
        let requests = scene.transport.requests + moved.transport.requests
        #expect(requests.allSatisfy { $0.headers["If-None-Match"] == nil })
    }

    @Test(
        "an ETag that cannot stand in a header is not kept",
        arguments: ["", "\"a\r\nX: y\"", String(repeating: "e", count: 300)])
    func oddETag(etag: String) async throws {
        let scene = GitHubScene(repository: GitHubScene.repository(headers: ["ETag": etag]))
        _ = try await scene.read(previous: try await scene.read())
        #expect(scene.transport.requests.allSatisfy { $0.headers["If-None-Match"] == nil })
    }

    @Test("a 304 that nobody asked for keeps the last reading")
    func unaskedNotModified() async throws {
        #expect(await GitHubScene(repository: HTTPResponse(304)).failure() == GitHubClassifier.unreadable)
        let scene = GitHubScene(repository: GitHubScene.repository(headers: [:]))
        let withoutETag = try await scene.read()
        scene.transport.script("/repos/octo/hello", .answer(HTTPResponse(304)))
        #expect(await scene.failure(previous: withoutETag) == GitHubClassifier.unreadable)
    }

    @Test("what a 304 says of the token counts, and what it leaves out stands")
    func tokenOnNotModified() async throws {
        let scene = GitHubScene(repository: GitHubScene.repository())
        let first = try await scene.read()
        scene.transport.script(
            "/repos/octo/hello",
            .answer(HTTPResponse(304, ["GitHub-Authentication-Token-Expiration": "2026-01-18 12:00:00 UTC"])),
            .answer(HTTPResponse(304)))
        let second = try await scene.read(previous: first)
        #expect(second.problem?.hint.contains("2026-01-18") == true)
        #expect(second.status == StatusTimeline(.warning))
        #expect(try await scene.read(previous: second).problem == second.problem)
    }

    @Test("commits are asked for once per push, and then conditionally")
    func commitsOncePerPush() async throws {
        let scene = GitHubScene(repository: GitHubScene.repository())
        let first = try await scene.read()
        let second = try await scene.read(previous: first)
        #expect(scene.transport.paths.filter { $0.hasSuffix("/commits") }.count == 1)

        scene.transport.script("/repos/octo/hello", .answer(GitHubScene.repository(pushedAt: "2026-01-15T11:30:00Z")))
        scene.transport.script("/repos/octo/hello/commits", .answer(HTTPResponse(304)))
        let third = try await scene.read(previous: second)
        let probe = scene.transport.requests.last
        #expect(probe?.url == "https://api.github.com/repos/octo/hello/commits?sha=main&per_page=1")
        #expect(probe?.headers["If-None-Match"] == #""commits-1""#)
        #expect(third.status.status(at: GitHubScene.wall) == .connected)
    }

    @Test(
        "a commits probe without an answer leaves the reading whole and is made again",
        arguments: [
            ScriptedTransport.Step.failure(.timeout), .answer(HTTPResponse(502)), .answer(HTTPResponse(200, text: "{")),
            .answer(HTTPResponse(403, ["retry-after": "60"], text: #"{"message":"secondary rate limit"}"#)),
            .answer(GitHubScene.badCredentials),
        ])
    func halfAlive(step: ScriptedTransport.Step) async throws {
        let scene = GitHubScene([
            "/repos/octo/hello": [.answer(GitHubScene.repository())],
            "/repos/octo/hello/commits": [step, .answer(GitHubScene.oneCommit)],
        ])
        let first = try await scene.read()
        #expect(first.status.status(at: GitHubScene.wall) == .connected)
        // A bad token is counted as nobody's: its limit of 60 is not this token's.
        #expect(first.budget?.limit == 5000)
        let second = try await scene.read(previous: first)
        _ = try await scene.read(previous: second)
        #expect(scene.transport.paths.filter { $0.hasSuffix("/commits") }.count == 2)
    }

    @Test("a token that may not read commits is a warning beside good data, looked at again after a while")
    func commitsRefused() async throws {
        let refusal = HTTPResponse(403, text: #"{"message":"Resource not accessible by personal access token"}"#)
        let scene = GitHubScene(repository: GitHubScene.repository(), commits: refusal)
        let first = try await scene.read()
        #expect(first.status == StatusTimeline(.warning))
        #expect(first.problem?.code == .missingScope)
        #expect(first.problem?.cause == .refused)

        scene.transport.script("/repos/octo/hello/commits", .answer(GitHubScene.oneCommit))
        let soon = try await scene.later(.seconds(60)).read(previous: first)
        #expect(soon.problem?.code == .missingScope)
        let healed = try await scene.later(.seconds(1000)).read(previous: soon)
        #expect(healed.problem == nil)
        #expect(healed.status.status(at: GitHubScene.wall) == .connected)
    }

    @Test("the commits probe leaves a spent limit alone")
    func spentLimit() async throws {
        var headers = GitHubScene.headers
        headers["X-RateLimit-Remaining"] = "0"
        let scene = GitHubScene([
            "/repos/octo/hello": [
                .answer(GitHubScene.repository()),
                .answer(GitHubScene.repository(pushedAt: "2026-01-15T11:59:00Z", headers: headers)),
            ], "/repos/octo/hello/commits": [.answer(GitHubScene.oneCommit)],
        ])
        let first = try await scene.read()
        #expect(try await scene.read(previous: first).budget?.remaining == 0)
        #expect(scene.transport.paths.filter { $0 == "/repos/octo/hello/commits" }.count == 1)
    }

    @Test("a followed rename shows the new name and is asked for under it from then on")
    func rename() async throws {
        var moved = GitHubScene.repository(fullName: "octo-org/hello-2")
        moved.movedPermanently = true
        let scene = GitHubScene([
            "/repos/octo/hello": [.answer(moved)],
            "/repos/octo-org/hello-2": [.answer(HTTPResponse(304))],
            "/repos/octo-org/hello-2/commits": [.answer(GitHubScene.oneCommit)],
        ])
        let first = try await scene.read()
        #expect(first.label?.full == "octo-org/hello-2")
        #expect(first.problem == nil)
        let second = try await scene.read(previous: first)
        #expect(second.label?.full == "octo-org/hello-2")
        #expect(
            scene.transport.paths.sorted() == [
                "/repos/octo-org/hello-2", "/repos/octo-org/hello-2/commits", "/repos/octo/hello",
                "/repos/octo/hello/commits",
            ])
    }

    @Test("once a day the linked name is tried again: it may belong to another repository by then")
    func renameStandsForADay() async throws {
        var moved = GitHubScene.repository(fullName: "octo-org/hello-2")
        moved.movedPermanently = true
        let scene = GitHubScene([
            "/repos/octo/hello": [.answer(moved), .answer(moved), .answer(GitHubScene.repository())],
            "/repos/octo/hello/commits": [.answer(GitHubScene.oneCommit)],
            "/repos/octo-org/hello-2": [.answer(HTTPResponse(304))],
            "/repos/octo-org/hello-2/commits": [.answer(GitHubScene.oneCommit)],
        ])
        let repositories = { scene.transport.requests.filter { !$0.url.contains("commits") } }
        let day: Int64 = 24 * 3600
        var reading = try await scene.read()
        for hour in 1..<Int64(24) { reading = try await scene.later(.seconds(hour * 3600)).read(previous: reading) }
        #expect(repositories().map(\.url).filter { $0.hasSuffix("/octo/hello") }.count == 1)
        #expect(repositories().count == 24)

        reading = try await scene.later(.seconds(day)).read(previous: reading)
        #expect(repositories().last?.url.hasSuffix("/octo/hello") == true)
        // Nothing known stands for whatever is there now.
        #expect(repositories().last?.headers["If-None-Match"] == nil)
        #expect(reading.label?.full == "octo-org/hello-2")
        reading = try await scene.later(.seconds(2 * day - 1)).read(previous: reading)
        #expect(repositories().last?.url.hasSuffix("/octo-org/hello-2") == true)
        reading = try await scene.later(.seconds(2 * day)).read(previous: reading)
        #expect(reading.label?.full == "octo/hello")
        #expect(reading.memo["renamed_to"] == nil)
    }

    @Test("another link, and a clock that was set back, ask for the linked name at once")
    func renameContradicted() async throws {
        var moved = GitHubScene.repository(fullName: "octo-org/hello-2")
        moved.movedPermanently = true
        var scene = GitHubScene(repository: moved)
        let reading = try await scene.read()
        _ = try await scene.later(.seconds(-1)).read(previous: reading)
        #expect(scene.transport.paths.count { $0 == "/repos/octo/hello" } == 2)
        scene.target.repository = "else"
        _ = await scene.failure(previous: reading)
        #expect(scene.transport.paths.contains("/repos/octo/else"))
        #expect(!scene.transport.paths.contains("/repos/octo-org/hello-2"))
    }

    @Test("when the new name is gone, the linked one is asked for again")
    func renamedBack() async throws {
        var moved = GitHubScene.repository(fullName: "octo-org/hello-2")
        moved.movedPermanently = true
        let scene = GitHubScene([
            "/repos/octo/hello": [.answer(moved), .answer(GitHubScene.repository())],
            "/repos/octo/hello/commits": [.answer(GitHubScene.oneCommit)],
            "/repos/octo-org/hello-2": [.answer(GitHubScene.notFound)],
            "/repos/octo-org/hello-2/commits": [.answer(GitHubScene.oneCommit)],
        ])
        let second = try await scene.read(previous: try await scene.read())
        #expect(second.label?.full == "octo/hello")
        #expect(second.memo["renamed_to"] == nil)
    }

    @Test("a rename that the transport does not follow says to link the new name", arguments: [301, 302, 307, 308])
    func unfollowed(status: Int) async {
        let failure = await GitHubScene(
            repository: HTTPResponse(status, text: #"{"message":"Moved Permanently"}"#)
        ).failure()
        #expect(failure?.code == .misconfigured)
        #expect(failure?.disposition == .replaces)
    }
}
