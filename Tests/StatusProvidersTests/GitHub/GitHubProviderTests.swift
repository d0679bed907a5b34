import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("GitHub: reading a repository", .timeLimit(.minutes(1)))
struct GitHubProviderTests {
    private let week = Duration.seconds(7 * 86_400)

    @Test("GH1: a push within seven days is connected, and turns into a warning by itself")
    func recentPush() async throws {
        let reading = try await GitHubScene(repository: GitHubScene.repository()).read()
        let pushedAt = GitHubScene.wall.advanced(by: .seconds(-3600))
        #expect(reading.key == .provider(.github))
        #expect(reading.status.status(at: GitHubScene.wall) == .connected)
        #expect(reading.status.status(at: pushedAt.advanced(by: week - .nanoseconds(1))) == .connected)
        #expect(reading.status.status(at: pushedAt.advanced(by: week)) == .warning)
        #expect(
            reading.summary.parts == [
                .restricted("Linked to main", generic: "Linked"), .ago(label: "Last push", pushedAt),
            ])
        #expect(reading.milestones == [Milestone(kind: "github:push", at: pushedAt, message: "New push")])
        #expect(reading.problem == nil)
        #expect(
            reading.budget
                == RateBudget(limit: 5000, remaining: 4987, resetsAt: UnixTime(seconds: 1_768_480_000)))
    }

    @Test("of the branch a viewer reads nothing", arguments: Role.allCases)
    func branch(role: Role) async throws {
        let reading = try await GitHubScene(repository: GitHubScene.repository()).read()
        let told = "\(Redaction(for: role).facts(reading.summary).facts)"
        #expect(told.contains("main") == (role != .viewer), "\(told)")
    }

    @Test("GH2: a push long ago, or none, is a warning", arguments: ["2025-11-03T20:11:46Z", nil])
    func quiet(pushedAt: String?) async throws {
        let reading = try await GitHubScene(repository: GitHubScene.repository(pushedAt: pushedAt)).read()
        #expect(reading.status.status(at: GitHubScene.wall) == .warning)
        #expect(reading.problem == nil)
    }

    @Test("GH2: a repository without commits is a warning, however young")
    func empty() async throws {
        let scene = GitHubScene(repository: GitHubScene.repository(), commits: GitHubScene.emptyRepository)
        let reading = try await scene.read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.summary.parts == [.restricted("Linked to main", generic: "Linked"), .text("No commits yet")])
        #expect(reading.milestones.isEmpty)
    }

    @Test("GH3: a dead token is an error that replaces what was known")
    func deadToken() async {
        let failure = await GitHubScene(repository: GitHubScene.badCredentials).failure()
        #expect(failure?.code == .oauthRevoked)
        #expect(failure?.cause == .refused)
        #expect(failure?.disposition == .replaces)
    }

    @Test("GH8: an archived or a disabled repository is a warning and says so")
    func archived() async throws {
        let archived = try await GitHubScene(repository: GitHubScene.repository(archived: true)).read()
        #expect(archived.status == StatusTimeline(.warning))
        #expect(archived.summary.parts.contains(.text("Archived")))
        let disabled = try await GitHubScene(repository: GitHubScene.repository(disabled: true)).read()
        #expect(disabled.status == StatusTimeline(.warning))
        #expect(disabled.summary.parts.contains(.text("Disabled by GitHub")))
    }

    @Test("an unauthorised viewer reads neither the owner nor the name", arguments: [true, false])
    func label(isPrivate: Bool) async throws {
        let reading = try await GitHubScene(repository: GitHubScene.repository(isPrivate: isPrivate)).read()
        #expect(
            reading.label
                == ResourceLabel(full: "octo/hello", generic: isPrivate ? "Private repository" : "Repository"))
    }

    @Test("a push in the future, by a clock that runs ahead, is a recent push")
    func futurePush() async throws {
        let reading = try await GitHubScene(repository: GitHubScene.repository(pushedAt: "2026-01-15T13:00:00Z")).read()
        #expect(reading.status.status(at: GitHubScene.wall) == .connected)
    }

    @Test("GH7: a 404 is not_found while the token lives, also for an app, whose token GET /user refuses")
    func absent() async {
        for user in [
            HTTPResponse(200, text: "{}"),
            HTTPResponse(403, text: #"{"message":"Resource not accessible by integration"}"#),
        ] {
            let scene = GitHubScene(["/repos/octo/hello": [.answer(GitHubScene.notFound)], "/user": [.answer(user)]])
            let failure = await scene.failure()
            #expect(failure?.code == .notFound)
            #expect(failure?.disposition == .replaces)
            #expect(
                scene.transport.paths.filter { $0 != "/repos/octo/hello/commits" } == ["/repos/octo/hello", "/user"])
        }
    }

    @Test("GH7: a 404 is oauth_revoked when the token is dead, and stays not_found when nobody can tell")
    func absentWithDeadToken() async {
        let dead = GitHubScene([
            "/repos/octo/hello": [.answer(GitHubScene.notFound)], "/user": [.answer(GitHubScene.badCredentials)],
        ])
        #expect(await dead.failure()?.code == .oauthRevoked)
        let unknown = GitHubScene(["/repos/octo/hello": [.answer(GitHubScene.notFound)], "/user": [.failure(.reset)]])
        #expect(await unknown.failure()?.code == .notFound)
    }

    @Test("without a credential a 404 is not_found at once, and no request carries one")
    func anonymousAbsence() async {
        var scene = GitHubScene(["/repos/octo/hello": [.answer(GitHubScene.notFound)]])
        scene.secret = nil
        #expect(await scene.failure()?.code == .notFound)
        #expect(!scene.transport.paths.contains("/user"))
        #expect(scene.transport.requests.allSatisfy { $0.headers["Authorization"] == nil })
    }

    @Test("the requests of one read share its deadline")
    func deadline() async throws {
        var slow = GitHubScene.notFound
        slow.elapsed = .milliseconds(2000)
        let scene = GitHubScene([
            "/repos/octo/hello": [.answer(slow)], "/user": [.answer(HTTPResponse(200, text: "{}"))],
        ])
        _ = await scene.failure()
        let requests = scene.transport.requests.filter { !$0.url.contains("/commits") }
        #expect(requests.map(\.totalTimeout) == [.milliseconds(2500), .milliseconds(500)])
        #expect(requests.map(\.connectTimeout) == [.seconds(1), .milliseconds(500)])
    }

    @Test("the first read sends its probes side by side, so that it takes one round trip")
    func firstReadIsOneRoundTrip() async throws {
        var slow = GitHubScene.repository()
        slow.elapsed = .milliseconds(2000)
        let scene = GitHubScene(repository: slow)
        let reading = try await scene.read()
        #expect(reading.problem == nil && reading.memo["commits"] == "present")
        #expect(
            scene.transport.requests.map(\.totalTimeout).sorted()
                == [GitHubRequests.commitsTimeout, .milliseconds(2500)])
    }

    @Test("however far the deadline, no request outlasts what GitHub itself permits")
    func farDeadline() async throws {
        var scene = GitHubScene(repository: GitHubScene.repository())
        scene.timeLimit = .seconds(3600)
        _ = try await scene.read()
        #expect(scene.transport.requests.map(\.totalTimeout).max() == .seconds(10))
    }

    @Test("a read that begins past its deadline asks nobody")
    func lateRead() async {
        var scene = GitHubScene(repository: GitHubScene.repository())
        scene.timeLimit = .milliseconds(-1)
        #expect(await scene.failure()?.code == .timeout)
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("a request without an answer is a failure of the transport's kind")
    func noAnswer() async {
        #expect(await GitHubScene(["/repos/octo/hello": [.failure(.dns)]]).failure()?.cause == .host)
        #expect(await GitHubScene(["/repos/octo/hello": [.failure(.cancelled)]]).failure()?.code == .timeout)
    }

    @Test(
        "a body that is no repository keeps the last reading",
        arguments: [
            "", "null", "[]", "{}", "<html>", #"{"full_name":7}"#, #"{"full_name":"octo/hello","pushed_at":"x"}"#,
        ])
    func nonsense(body: String) async {
        let failure = await GitHubScene(repository: HTTPResponse(200, text: body)).failure()
        #expect(failure == GitHubClassifier.unreadable)
        #expect(failure?.disposition == .keepsLast)
    }

    @Test("neither the token nor GitHub's own secrets turn up in what is kept or said")
    func canary() async throws {
        var said: [String] = []
        let scene = GitHubScene(repository: GitHubScene.repository(isPrivate: true))
        let reading = try await scene.read()
        said.append(String(reflecting: reading))
        said.append(String(reflecting: try await scene.read(previous: reading)))
        for status in [400, 401, 403, 404, 409, 418, 429, 451, 500, 504] {
            let echo = HTTPResponse(
                status, ["X-GitHub-SSO": "required; url=https://github.com/\(GitHubScene.canary)"],
                text: #"{"message":"\#(GitHubScene.canary)"}"#)
            said.append(String(reflecting: await GitHubScene(repository: echo).failure()))
        }
        for text in said {
            // Half the token is as bad as all of it.
            #expect(!text.contains("CANARY") && !text.contains("ghp_"))
        }
        let carriers = scene.transport.requests.filter { $0.url.contains("CANARY") }
        #expect(carriers.isEmpty)
    }
}
