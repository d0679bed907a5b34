import HTTPClient
import Locks
import StatusCore
import StatusModel
import StatusProviders
import Synchronization
import Testing

@Suite("Sanity: who is asked, and when", .timeLimit(.minutes(1)))
struct SanityRoundTripTests {
    private let hook = SanityScene.messages("hook1")

    @Test("a first read asks four things, the deliveries as soon as their hook is known")
    func first() async throws {
        let scene = SanityScene()
        _ = try await scene.read()
        #expect(
            Set(scene.transport.paths) == [SanityScene.query, SanityScene.project, SanityScene.hooks, hook])
        #expect(scene.transport.requests.allSatisfy { $0.headers["Authorization"] == "Bearer \(SanityScene.canary)" })
    }

    @Test("where answers take long, nobody waits for the deliveries: the reading is in part, and the next one whole")
    func slow() async throws {
        var hooks = SanityScene.hookList()
        hooks.elapsed = .milliseconds(200)
        let scene = SanityScene([SanityScene.hooks: hooks])
        let part = try await scene.read()
        #expect(part.isPartial)
        #expect(part.status.status(at: SanityScene.wall) == .connected)
        #expect(part.summary.parts == [.text("2 docs updated today")])
        #expect(scene.count(hook) == 0)
        let whole = try await scene.later(.milliseconds(1)).read(previous: part)
        #expect(!whole.isPartial)
        #expect(whole.summary.parts.last == .text("Live sync"))
        #expect(scene.count(hook) == 1 && scene.count(SanityScene.hooks) == 1)
    }

    @Test("webhooks and the project are asked anew after five minutes, the documents each time")
    func slowly() async throws {
        let scene = SanityScene()
        var reading = try await scene.read()
        reading = try await scene.later(.seconds(299)).read(previous: reading)
        #expect(scene.transport.paths.count == 5)
        #expect(reading.summary.parts.last == .text("Live sync"))
        #expect(reading.label?.full == "Acme site")
        #expect(reading.milestones.count == 1)
        scene.transport.script(hook, .answer(SanityScene.delivered("failure")))
        reading = try await scene.later(.seconds(300)).read(previous: reading)
        #expect(scene.transport.paths.count == 9)
        #expect(reading.summary.parts.last == .text("Webhook failing"))
    }

    @Test("another token, another dataset or another address begins anew")
    func validator() async throws {
        let reading = try await SanityScene().read()
        var scenes = [SanityScene(), SanityScene(), SanityScene()]
        scenes[0].secret = Secret("sk-another")
        scenes[1].target.managementURL = "https://sanity.example"
        scenes[2].target.dataURL = "https://data.sanity.example"
        for scene in scenes {
            _ = try await scene.read(previous: reading)
            #expect(scene.count(SanityScene.hooks) == 1)
        }
    }

    @Test("deliveries are looked for by the other routes while one answers 404")
    func fallBack() async throws {
        let short = "/v2025-08-04/hooks/hook1/messages"
        let attempts = "\(SanityScene.hooks)/hook1/attempts"
        let missing = SanityScene.refusal(404, "Not Found")
        let scene = SanityScene([
            hook: missing, short: missing,
            attempts: HTTPResponse(
                200,
                text: """
                    [{"id":"a1","inProgress":true,"isFailure":false,"createdAt":"2026-01-15T11:50:00Z"},
                     {"id":"a2","inProgress":false,"isFailure":true,"failureReason":"network","resultCode":0,
                      "createdAt":"2026-01-15T11:40:00Z"},
                     {"id":"a3","inProgress":false,"isFailure":false,"createdAt":"2026-01-15T11:30:00Z"}]
                    """),
        ])
        #expect(try await scene.read().summary.parts.last == .text("Webhook failing"))
        scene.transport.script(short, .answer(SanityScene.delivered()))
        #expect(try await scene.read().summary.parts.last == .text("Live sync"))
    }

    @Test("the route that answers is taken first for a day, and others again as soon as it does not")
    func routeStands() async throws {
        let short = "/v2025-08-04/hooks/hook1/messages"
        let missing = SanityScene.refusal(404, "Not Found")
        let scene = SanityScene([hook: missing, short: SanityScene.delivered()])
        var reading = try await scene.read()
        #expect(scene.count(hook) == 1 && scene.count(short) == 1)
        let day: Int64 = 24 * 3600
        for seconds in stride(from: 300, to: day, by: 300) {
            reading = try await scene.later(.seconds(seconds)).read(previous: reading)
        }
        #expect(scene.count(hook) == 1 && scene.count(short) == 288)
        reading = try await scene.later(.seconds(day)).read(previous: reading)
        #expect(scene.count(hook) == 2 && scene.count(short) == 289)
        // It says nothing any more: the others are tried in the same read.
        scene.transport.script(short, .answer(missing))
        scene.transport.script(hook, .answer(SanityScene.delivered("failure")))
        reading = try await scene.later(.seconds(day + 300)).read(previous: reading)
        #expect(scene.count(hook) == 3 && scene.count(short) == 290)
        #expect(reading.summary.parts.last == .text("Webhook failing"))
        reading = try await scene.later(.seconds(day + 600)).read(previous: reading)
        #expect(scene.count(hook) == 4 && scene.count(short) == 290)
    }

    @Test("another link looks for the route anew")
    func routeOfAnotherLink() async throws {
        let short = "/v2025-08-04/hooks/hook1/messages"
        let script = [hook: SanityScene.refusal(404, "Not Found"), short: SanityScene.delivered()]
        let reading = try await SanityScene(script).read()
        var scene = SanityScene(script)
        scene.target.dataURL = "https://data.sanity.example"
        _ = try await scene.read(previous: reading)
        #expect(scene.count(hook) == 1 && scene.count(short) == 1)
    }

    @Test("at most ten hooks are judged, live ones before those switched off")
    func bounded() async throws {
        let off = (0..<5).map { SanityScene.hook("off\($0)", isDisabled: true, isDisabledByUser: true) }
        let live = (0..<20).map { SanityScene.hook("live\($0)") }
        let list = HTTPResponse(200, text: "[\((off + live).joined(separator: ","))]")
        let scene = SanityScene([SanityScene.hooks: list])
        let reading = try await scene.read()
        #expect(scene.transport.paths.count { $0.hasSuffix("/live0/messages") } == 1)
        #expect(scene.transport.paths.count { $0.hasSuffix("/messages") && $0.contains("/live") } == 10)
        #expect(!reading.isPartial)
    }

    @Test("a hook whose id cannot stand in a path is left out")
    func strangeIDs() async throws {
        let list = SanityScene.hookList(SanityScene.hook(".."), SanityScene.hook(""), SanityScene.hook("a/b?c"))
        let scene = SanityScene([SanityScene.hooks: list])
        _ = try await scene.read()
        #expect(scene.transport.paths.contains("\(SanityScene.hooks)/a%2Fb%3Fc/messages"))
        #expect(scene.transport.paths.count { $0.hasSuffix("/messages") } == 1)
    }

    @Test("webhooks that cannot be had for a while keep their last word, and are asked again after a minute")
    func passing() async throws {
        let scene = SanityScene()
        let first = try await scene.read()
        scene.transport.script(SanityScene.hooks, .answer(HTTPResponse(503)))
        let second = try await scene.later(.seconds(300)).read(previous: first)
        #expect(second.problem == nil)
        #expect(second.summary.parts.last == .text("Live sync"))
        _ = try await scene.later(.seconds(330)).read(previous: second)
        #expect(scene.count(SanityScene.hooks) == 2)
        let third = try await scene.later(.seconds(900)).read(previous: second)
        #expect(scene.count(SanityScene.hooks) == 3)
        #expect(third.problem?.code == .unknown)
        #expect(third.problem?.cause == .provider)
        #expect(third.status == StatusTimeline(.warning))
    }

    @Test("denied webhooks are asked for no sooner than granted ones, and a permission granted since counts then")
    func deniedStands() async throws {
        let scene = SanityScene([SanityScene.hooks: SanityScene.refusal(403, "Insufficient permissions")])
        let first = try await scene.read()
        scene.transport.script(SanityScene.hooks, .answer(SanityScene.hookList()))
        let second = try await scene.later(.seconds(299)).read(previous: first)
        #expect(scene.count(SanityScene.hooks) == 1)
        #expect(second.problem?.code == .missingScope)
        let third = try await scene.later(.seconds(300)).read(previous: second)
        #expect(third.problem == nil)
        #expect(third.summary.parts.last == .text("Live sync"))
    }

    @Test("webhooks that never could be had are named beside the documents")
    func neverHad() async throws {
        let scene = SanityScene()
        scene.transport.script(SanityScene.hooks, .failure(.timeout))
        let reading = try await scene.read()
        #expect(reading.problem?.code == .timeout)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(!reading.isPartial)
    }

    @Test("throttled webhooks are left alone to the second, and the documents are read on")
    func throttled() async throws {
        let scene = SanityScene()
        let limit = SanityScene.refusal(429, "Rate limit exceeded", headers: ["retry-after": "120"])
        scene.transport.script(SanityScene.hooks, .answer(limit))
        var reading = try await scene.read()
        for seconds in [60, 119] {
            reading = try await scene.later(.seconds(seconds)).read(previous: reading)
        }
        #expect(scene.count(SanityScene.hooks) == 1)
        #expect(reading.problem?.code == .rateLimited)
        scene.transport.script(SanityScene.hooks, .answer(SanityScene.hookList()))
        reading = try await scene.later(.seconds(120)).read(previous: reading)
        #expect(scene.count(SanityScene.hooks) == 2)
        #expect(reading.problem == nil)
    }

    @Test("nobody holds requests off for longer than a day, neither by an answer nor by a memo")
    func heldTooLong() async throws {
        let scene = SanityScene()
        let limit = SanityScene.refusal(429, "Rate limit exceeded", headers: ["retry-after": "99999999999"])
        scene.transport.script(SanityScene.hooks, .answer(limit))
        let reading = try await scene.read()
        _ = try await scene.later(.seconds(86_399)).read(previous: reading)
        #expect(scene.count(SanityScene.hooks) == 1)
        _ = try await scene.later(.seconds(86_400)).read(previous: reading)
        #expect(scene.count(SanityScene.hooks) == 2)
        _ = try await scene.later(.seconds(-1)).read(previous: reading)
        #expect(scene.count(SanityScene.hooks) == 3)
    }

    @Test("the requests of a first read go out side by side: each waits for the others here")
    func sideBySide() async throws {
        let gate = GatheringTransport(SanityScene().transport, until: 3)
        let scene = SanityScene()
        let reading = try await scene.read(through: gate)
        #expect(reading.summary.parts.last == .text("Live sync"))
    }

    @Test("a clock that was set back does not hold a request off")
    func clockSetBack() async throws {
        let scene = SanityScene()
        let reading = try await scene.later(.seconds(86_400)).read()
        _ = try await scene.read(previous: reading)
        #expect(scene.count(SanityScene.hooks) == 2)
    }

    @Test(
        "a memo that somebody else wrote is read with care",
        arguments: [
            ["webhooks": "7"], ["webhooks": #"{"hooks":[{"id":"..","state":"live"}]}"#],
            ["webhooks": #"{"hooks":[{"id":"x","state":"gone"}],"askedAt":9223372036854775807}"#],
            ["webhooks": #"{"hooks":[],"route":-9223372036854775808,"routeAt":1768478400000000000}"#],
            ["webhooks": #"{"hooks":[],"route":9,"routeAt":1768478400000000000}"#],
            ["project": "[]"], ["project": #"{"name":"\u202E","askedAt":-9223372036854775808}"#], [:],
        ])
    func strangeMemo(memo: [String: String]) async throws {
        var previous = try await SanityScene().read()
        previous.memo.merge(memo) { $1 }
        let reading = try await SanityScene().read(previous: previous)
        #expect(reading.status.status(at: SanityScene.wall) == .connected)
        #expect(reading.summary.parts.last == .text("Live sync"))
    }

    @Test("the query asks for a week, drafts too, with its parameter as JSON")
    func query() async throws {
        let scene = SanityScene()
        _ = try await scene.read()
        let url = try #require(scene.transport.requests.first { $0.url.contains("/data/query/") }?.url)
        #expect(
            url.hasPrefix("https://n1f7yabc.api.sanity.io/v2025-02-19/data/query/production?query=%2A%5B_updatedAt"))
        #expect(url.contains("&%24since=%222026-01-08T00%3A00%3A00Z%22&perspective=raw"))
    }

    @Test(
        "names and tokens that cannot stand in a request are refused before anybody is asked",
        arguments: [
            ("a/b", "production", "sk"), ("abc", "", "sk"), ("abc", "x?y", "sk"), ("abc", "production", "s k\n"),
        ])
    func unusable(project: String, dataset: String, token: String) async {
        var scene = SanityScene()
        scene.target = SanityTarget(projectID: project, dataset: dataset)
        scene.secret = Secret(token)
        let failure = await scene.failure()
        #expect(failure?.code == .misconfigured)
        #expect(failure?.cause == .host)
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("no secret turns up in what is kept or said")
    func canary() async throws {
        let scene = SanityScene()
        var reading = try await scene.read()
        var said = [String(reflecting: reading)]
        reading = try await scene.later(.seconds(400)).read(previous: reading)
        said.append(String(reflecting: reading))
        for status in [400, 401, 402, 403, 404, 418, 429, 500, 504] {
            let echo = SanityScene.refusal(status, "CANARY", code: "CANARY")
            said.append(String(reflecting: await SanityScene([SanityScene.query: echo]).failure()))
            said.append(String(reflecting: try await SanityScene([SanityScene.hooks: echo]).read()))
        }
        for text in said { #expect(!text.contains("CANARY")) }
        #expect(scene.transport.requests.allSatisfy { !$0.url.contains("CANARY") })
    }
}

/// Answers nobody until a number of requests has come in, and everybody from then on.
private final class GatheringTransport: HTTPTransport {
    private struct State {
        var missing: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let answers: ScriptedTransport
    private let state: Lock<State>

    init(_ answers: ScriptedTransport, until count: Int) {
        self.answers = answers
        state = Lock(State(missing: count))
    }

    func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let released = state.withLock { state in
                state.missing -= 1
                state.waiters.append(continuation)
                guard state.missing <= 0 else { return [CheckedContinuation<Void, Never>]() }
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in released { waiter.resume() }
        }
        return try await answers.send(request)
    }
}
