import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: reading a project", .timeLimit(.minutes(1)))
struct VercelProviderTests {
    private let live = VercelScene.deployment("live", secondsAgo: 86_400)

    @Test("the first read is one wave, and every request carries token and team")
    func firstRead() async throws {
        let scene = VercelScene(newest: VercelScene.list(live))
        _ = try await scene.read()
        #expect(
            Set(scene.script.paths) == [VercelScene.projectPath, VercelScene.newestPath, VercelScene.productionsPath])
        #expect(scene.script.requests.count == 3)
        for request in scene.script.requests {
            #expect(request.headers["authorization"] == "Bearer \(VercelScene.canary)")
            #expect(request.headers["user-agent"] == "telltale")
            #expect(request.url.hasSuffix("teamId=team_1"))
            #expect(request.url.hasPrefix("https://api.vercel.com/v"))
        }
        let lists = scene.script.requests.map(\.url).filter { $0.contains("/v7/deployments") }
        #expect(lists.contains { $0.contains("?projectId=shop&limit=100&") })
        #expect(lists.contains { $0.contains("projectId=shop&target=production&state=READY,ERROR&limit=100&") })
    }

    @Test("later reads leave production's own list alone while the newest deployments hold production")
    func laterReads() async throws {
        let scene = VercelScene(newest: VercelScene.list(live))
        let first = try await scene.read()
        _ = try await scene.later(.seconds(15)).read(previous: first)
        #expect(scene.script.paths.count { $0 == VercelScene.productionsPath } == 1)
        #expect(scene.script.requests.count == 5)
    }

    @Test("production is found beneath more previews than one list holds, at once and from then on in one wave")
    func buried() async throws {
        let previews = (0..<100).map { VercelScene.deployment("p\($0)", target: nil, secondsAgo: Int64($0)) }
        let scene = VercelScene(newest: VercelScene.list(live))
        let first = try await scene.read()
        scene.script.script(VercelScene.newestPath, .answer(VercelScene.list(previews)))
        scene.script.script(VercelScene.productionsPath, .answer(VercelScene.list(live)))
        let second = try await scene.read(previous: first)
        #expect(second.status == StatusTimeline(.connected))
        #expect(second.summary.parts == [.text("100+ deployments this week"), .text("Live")])
        #expect(scene.script.paths.count { $0 == VercelScene.productionsPath } == 2)
        #expect(second.memo["asks_productions"] == "true")
    }

    @Test("what production serves counts where lists have forgotten it")
    func retained() async throws {
        let serving = VercelScene.deployment("old", secondsAgo: 300 * 86_400)
        let scene = VercelScene(
            project: VercelScene.project(serving: serving),
            newest: VercelScene.list(VercelScene.deployment("p", target: nil)))
        let reading = try await scene.read()
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.environments.map(\.name) == ["production", "preview"])
    }

    @Test("preview and production are environments of their own, each with its address and time")
    func environments() async throws {
        let reading = try await VercelScene(
            newest: VercelScene.list(
                VercelScene.deployment("preview", target: nil, substate: "STAGED", secondsAgo: 600),
                VercelScene.deployment("failed", state: "ERROR", secondsAgo: 1200), live,
                VercelScene.deployment("qa", target: nil, secondsAgo: 60, extra: #","customEnvironment":{"slug":"qa"}"#)
            )
        ).read()
        func ago(_ seconds: Int64) -> UnixTime { VercelScene.wall.advanced(by: .seconds(-seconds)) }
        #expect(
            reading.environments == [
                EnvironmentReading(
                    name: "production", status: StatusTimeline(.warning),
                    summary: Summary([.ago(label: "Failed", ago(1200)), .text("Earlier one live")]),
                    url: "https://shop-live-acme.vercel.app", lastDeployAt: ago(1200)),
                EnvironmentReading(
                    name: "preview", status: StatusTimeline(.connected),
                    summary: Summary([.text("Ready"), .ago(label: "Deployed", ago(600))]),
                    url: "https://shop-preview-acme.vercel.app", lastDeployAt: ago(600)),
                EnvironmentReading(
                    name: "qa", status: StatusTimeline(.connected),
                    summary: Summary([.text("Ready"), .ago(label: "Deployed", ago(60))]),
                    url: "https://shop-qa-acme.vercel.app", lastDeployAt: ago(60)),
            ])
    }

    @Test("production that failed with nothing live is an error of that environment, and a warning of the project")
    func neverLive() async throws {
        let reading = try await VercelScene(newest: VercelScene.list(VercelScene.deployment("x", state: "ERROR")))
            .read()
        #expect(reading.environments.first?.status == StatusTimeline(.error))
        #expect(reading.status == StatusTimeline(.warning))
    }

    @Test("however many environments a team makes, eight are shown, production first")
    func manyEnvironments() async throws {
        let many = (0..<30).map {
            VercelScene.deployment("e\($0)", target: nil, extra: ",\"customEnvironment\":{\"slug\":\"env\($0)\"}")
        }
        let reading = try await VercelScene(newest: VercelScene.list(many + [live])).read()
        #expect(reading.environments.count == VercelStanding.environmentsMax)
        #expect(reading.environments.first?.name == "production")
    }

    @Test("after a rollback the address is that of the deployment which the project serves")
    func rollback() async throws {
        let older = VercelScene.deployment("older", secondsAgo: 2 * 86_400)
        let reading = try await VercelScene(
            project: VercelScene.project(serving: older), newest: VercelScene.list(live, older)
        ).read()
        #expect(reading.status == StatusTimeline(.connected))
        #expect(reading.environments.first?.url == "https://shop-older-acme.vercel.app")
    }

    @Test("a deployment of a substate that nobody knows is live where the project says that it serves it")
    func servedByTheProject() async throws {
        let odd = VercelScene.deployment("odd", substate: "ORBITING", secondsAgo: 60)
        let failed = VercelScene.deployment("failed", state: "ERROR", secondsAgo: 120)
        let newest = VercelScene.list(odd, failed)
        let told = try await VercelScene(project: VercelScene.project(serving: odd), newest: newest).read()
        #expect(told.status == StatusTimeline(.connected))
        #expect(try await VercelScene(newest: newest).read().status == StatusTimeline(.warning))
    }

    @Test("a production deployment that begins and one that ends are milestones")
    func milestones() async throws {
        let reading = try await VercelScene(
            newest: VercelScene.list(VercelScene.deployment("new", state: "BUILDING", secondsAgo: 30), live)
        ).read()
        #expect(
            reading.milestones == [
                Milestone(
                    kind: "deploy:started", at: VercelScene.wall.advanced(by: .seconds(-30)),
                    message: "Production deployment started",
                    subject: "new"),
                Milestone(
                    kind: "deploy:finished", at: VercelScene.wall.advanced(by: .seconds(-86_400)),
                    message: "Production deployed", subject: "live"),
            ])
    }

    @Test("the budget is that of the endpoint with the least left")
    func budget() async throws {
        func headers(_ remaining: Int) -> HTTPHeaders {
            [
                "x-ratelimit-limit": "500", "x-ratelimit-remaining": "\(remaining)",
                "x-ratelimit-reset": "\(VercelScene.wall.seconds + 60)",
            ]
        }
        let scene = VercelScene(
            newest: VercelScene.list(live, headers: headers(400)),
            productions: VercelScene.list(live, headers: headers(7)))
        #expect(try await scene.read().budget?.remaining == 7)
    }

    @Test("a project that cannot be had beside deployments that can is named, and they decide")
    func deploymentsWithoutProject() async throws {
        let scene = VercelScene(project: HTTPResponse(500), newest: VercelScene.list(live))
        let reading = try await scene.read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.problem?.code == .unknown && reading.problem?.cause == .provider)
        #expect(reading.label?.full == "shop")
        #expect(reading.environments.first?.status == StatusTimeline(.connected))
    }

    @Test("a project that cannot be had keeps its name for a day since it was last heard, for the same link alone")
    func nameStands() async throws {
        let byID = "/v9/projects/prj_1"
        var scene = VercelScene(newest: VercelScene.list(live))
        scene.target.project = "prj_1"
        scene.script.script(byID, .answer(VercelScene.project()))
        _ = try await scene.read()
        var reading = try await scene.later(.seconds(60)).read()
        #expect(reading.label?.full == "shop")
        scene.script.script(byID, .answer(HTTPResponse(500)))
        let heard = 60
        reading = try await scene.later(.seconds(3600)).read(previous: reading)
        reading = try await scene.later(.seconds(heard + 86_399)).read(previous: reading)
        #expect(reading.label?.full == "shop")
        var other = scene.later(.seconds(heard + 86_399))
        other.target.teamID = "team_2"
        #expect(try await other.read(previous: reading).label?.full == "prj_1")
        reading = try await scene.later(.seconds(heard + 86_400)).read(previous: reading)
        #expect(reading.label?.full == "prj_1")
        // The project itself is asked for with every read: what is gone or refused is noticed by the next.
        #expect(scene.script.paths.count { $0 == byID } == 6)
        scene.script.script(byID, .answer(VercelScene.notFound))
        #expect(await scene.failure(previous: reading)?.code == .notFound)
    }

    @Test("production's own list may fail where the newest deployments decide")
    func halfAlive() async throws {
        let scene = VercelScene(newest: VercelScene.list(live), productions: HTTPResponse(500))
        #expect(try await scene.read().status == StatusTimeline(.connected))
        let buried = VercelScene(newest: VercelScene.list(), productions: HTTPResponse(503))
        let failure = await buried.failure()
        #expect(failure?.disposition == .keepsLast)
        #expect(failure?.isRetryable == true)
    }

    @Test("a refusal says more than a limit, and a limit more than silence")
    func severity() async {
        let limited = VercelScene.refusal(429, #""code":"rate_limited""#)
        #expect(
            await VercelScene(project: HTTPResponse(502), newest: limited, productions: VercelScene.invalidToken)
                .failure()?.code == .rateLimited,
            "production's own list is not needed as long as the newest are missing")
        #expect(
            await VercelScene(project: limited, newest: VercelScene.invalidToken).failure()?.code == .oauthRevoked)
        #expect(
            await VercelScene(project: HTTPResponse(502), newest: HTTPResponse(502)).failure()?.isRetryable == true
        )
    }

    @Test(
        "an answer that is no project or no list keeps what was known",
        arguments: ["<html>Hello</html>", "[]", "7", ""])
    func nonsense(body: String) async {
        let nonsense = HTTPResponse(200, text: body)
        for scene in [
            VercelScene(project: nonsense, newest: VercelScene.list(live)), VercelScene(newest: nonsense),
        ] {
            #expect(await scene.failure() == VercelClassifier.unreadable)
        }
    }

    @Test("what was learnt with another token, team or project is not kept")
    func otherLink() async throws {
        let known = try await VercelScene(newest: VercelScene.list(live)).read()
        let waiting = VercelScene.list(VercelScene.deployment("b", state: "QUEUED"))
        var scene = VercelScene(newest: waiting)
        #expect(try await scene.read(previous: known).status == StatusTimeline(.connected))
        scene.secret = Secret("another")
        #expect(try await scene.read(previous: known).status == StatusTimeline(.warning))
        scene = VercelScene(newest: waiting)
        scene.target.teamID = nil
        #expect(try await scene.read(previous: known).status == StatusTimeline(.warning))
    }

    @Test(
        "a link without a token, or with one that no header can carry, is misconfigured and asks nobody",
        arguments: [
            nil, Secret(""), Secret("two words"), Secret("line\r\nX-Evil: 1"),
        ])
    func unusableToken(secret: Secret?) async {
        var scene = VercelScene(newest: VercelScene.list(live))
        scene.secret = secret
        let failure = await scene.failure()
        #expect(failure?.code == .misconfigured)
        #expect(failure?.cause == .host)
        #expect(scene.script.requests.isEmpty)
    }

    @Test("names cannot leave their place in a URL, and a team goes by id or slug")
    func urls() throws {
        func url(_ target: VercelTarget) throws -> String {
            try VercelRequests(target: target, secret: Secret("t"), userAgent: "t").linkedProject().url
        }
        #expect(
            try url(VercelTarget(project: "a/b?c", teamID: "team_1", baseURL: "http://127.0.0.1:1/vercel//"))
                == "http://127.0.0.1:1/vercel/v9/projects/a%2Fb%3Fc?teamId=team_1")
        #expect(try url(VercelTarget(project: "a", teamID: "acme")).hasSuffix("/v9/projects/a?slug=acme"))
        #expect(try url(VercelTarget(project: "a")).hasSuffix("/v9/projects/a"))
        for project in ["", "..", "a\u{7}", String(repeating: "a", count: 300)] {
            #expect(throws: ProviderFailure.self) { try url(VercelTarget(project: project)) }
        }
    }

    @Test("neither the token nor a deploy hook's address gets into a reading, a memo or a failure")
    func canary() async throws {
        let reading = try await VercelScene(newest: VercelScene.list(live)).read()
        let failures = await [
            VercelScene(always: VercelScene.invalidToken).failure(),
            VercelScene(always: VercelScene.notFound).failure(),
            VercelScene(always: HTTPResponse(500, text: VercelScene.canary)).failure(),
        ]
        let told = "\(reading) \(reading.memo) \(failures)"
        for secret in [VercelScene.canary, VercelScene.hookCanary, "ada@example.com"] {
            #expect(!told.contains(secret))
        }
    }
}
