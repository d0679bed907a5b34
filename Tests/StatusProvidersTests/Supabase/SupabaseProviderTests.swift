import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Supabase: reading a project", .timeLimit(.minutes(1)))
struct SupabaseProviderTests {
    private let table = SupabaseTarget.Probe.table(name: "ping", column: "id")

    @Test("three requests go out, each with its own plane's credential")
    func requests() async throws {
        let scene = SupabaseScene()
        _ = try await scene.read()
        let sent = scene.transport.requests
        #expect(
            Set(scene.transport.paths) == [SupabaseScene.projectPath, SupabaseScene.healthPath, SupabaseScene.authPath])
        #expect(sent.count == 3)
        for request in sent {
            let isManagement = request.url.hasPrefix("https://api.supabase.com/")
            #expect(request.headers["authorization"] == (isManagement ? "Bearer \(SupabaseScene.tokenCanary)" : nil))
            #expect(request.headers["apikey"] == (isManagement ? nil : SupabaseScene.keyCanary))
        }
    }

    @Test("the name is the label, and an unauthorised viewer does not read it")
    func label() async throws {
        #expect(try await SupabaseScene().read().label == ResourceLabel(full: "acme-shop", generic: "Project"))
        let unnamed = SupabaseScene(project: .answer(SupabaseScene.project(name: #"a\u001b[31mb"#)))
        #expect(try await unnamed.read().label?.full == SupabaseScene.reference)
    }

    @Test("the name is remembered for a day while the management API is silent")
    func rememberedName() async throws {
        let first = try await SupabaseScene().read()
        let silent = SupabaseScene(management: .failure(.timeout))
        #expect(try await silent.later(.seconds(86_000)).read(previous: first).label?.full == "acme-shop")
        let later = try await silent.later(.seconds(86_500)).read(previous: first)
        #expect(later.label?.full == SupabaseScene.reference)
    }

    @Test("latencies are kept, the newest last and 32 at most, and the mean of them is told")
    func latencies() async throws {
        var reading: Reading?
        for milliseconds in 1...40 {
            let scene = SupabaseScene(probe: .answer(SupabaseScene.authHealth(after: .milliseconds(milliseconds))))
            reading = try await scene.read(previous: reading)
        }
        #expect(reading?.latencies == (9...40).map { .milliseconds($0) })
        #expect(reading?.summary.parts == [.text("Database healthy"), .measured("25ms avg")])
    }

    @Test("one slow answer among quick ones is no warning, for the median counts")
    func median() async throws {
        var reading: Reading?
        for milliseconds in [10, 10, 4000] {
            let scene = SupabaseScene(probe: .answer(SupabaseScene.authHealth(after: .milliseconds(milliseconds))))
            reading = try await scene.read(previous: reading)
        }
        #expect(reading?.status == StatusTimeline(.connected))
        #expect(reading?.latencies.count == 3)
    }

    @Test("a probe without an answer adds no sample, and the samples before it stay")
    func noSample() async throws {
        let first = try await SupabaseScene().read()
        let second = try await SupabaseScene(probe: .failure(.reset)).read(previous: first)
        #expect(second.latencies == [.milliseconds(12)])
        #expect(second.summary.parts == [.text("Database healthy"), .text("Probe unreachable")])
    }

    @Test("another key, another probe or another token begins anew")
    func validator() async throws {
        let first = try await SupabaseScene().read()
        for scene in [
            SupabaseScene().with(key: Secret("sb_secret_other")), SupabaseScene().with(token: Secret("sbp_other")),
        ] {
            #expect(try await scene.read(previous: first).latencies.count == 1)
        }
        let table = SupabaseScene(probe: .answer(SupabaseScene.noRows())).probing(table)
        #expect(try await table.read(previous: first).latencies.count == 1)
    }

    @Test("the limit of the management API is told, its reset in seconds left")
    func budget() async throws {
        let reading = try await SupabaseScene().read()
        #expect(
            reading.budget
                == RateBudget(limit: 120, remaining: 119, resetsAt: SupabaseScene.wall.advanced(by: .seconds(60))))
    }

    @Test("SU8: a throttle says to the second when to come again")
    func throttle() async {
        let failure = await SupabaseScene(management: .answer(SupabaseScene.throttled)).failure()
        #expect(failure?.retryAfter == SupabaseScene.wall.advanced(by: .seconds(41)))
        #expect(failure?.disposition == .keepsLast)
        #expect(failure?.isRetryable == false)
    }

    @Test("bad news outranks a throttle, which is honoured all the same: the management API is not asked until then")
    func throttleBesideBadNews() async throws {
        let scene = SupabaseScene(
            management: .answer(SupabaseScene.throttled), probe: .answer(SupabaseScene.postgREST(503, "PGRST000"))
        )
        .probing(table)
        let first = try await scene.read()
        #expect(first.status == StatusTimeline(.error))
        #expect(scene.transport.requests.count == 3)
        let second = try await scene.later(.seconds(40)).read(previous: first)
        #expect(second.status == StatusTimeline(.error))
        #expect(scene.transport.requests.count == 4)
        _ = try await scene.later(.seconds(42)).read(previous: second)
        #expect(scene.transport.requests.count == 7)
    }

    @Test("SU9: a dead token is left alone for a quarter of an hour, while the probe goes on")
    func deadTokenIsLeftAlone() async throws {
        let scene = SupabaseScene(management: .answer(SupabaseScene.unauthorized))
        let first = try await scene.read()
        let second = try await scene.later(.seconds(899)).read(previous: first)
        #expect(scene.transport.requests.count == 4)
        #expect(second.problem == first.problem)
        #expect(second.latencies.count == 2)
        _ = try await scene.later(.seconds(901)).read(previous: second)
        #expect(scene.transport.requests.count == 7)
    }

    @Test("a token that one endpoint takes is not dead, and both are asked again")
    func halfRefusedToken() async throws {
        let scene = SupabaseScene(health: .answer(SupabaseScene.unauthorized))
        let first = try await scene.read()
        #expect(first.status == StatusTimeline(.warning))
        #expect(first.problem?.code == .oauthRevoked)
        #expect(
            first.summary.parts
                == [.text("Auth healthy"), .text("Health API not authorised"), .measured("12ms avg")])
        _ = try await scene.read(previous: first)
        #expect(scene.transport.requests.count == 6)
    }

    @Test("SU9: another token is tried at once")
    func anotherToken() async throws {
        let dead = try await SupabaseScene(management: .answer(SupabaseScene.unauthorized)).read()
        let renewed = try await SupabaseScene().with(token: Secret("sbp_new")).read(previous: dead)
        #expect(renewed.status == StatusTimeline(.connected))
    }

    @Test("a project key that cannot be read spoils the probe alone")
    func unreadableKey() async throws {
        let missing = ProviderFailure(
            code: .misconfigured, cause: .host, hint: "The file is not there.", disposition: .replaces)
        var scene = SupabaseScene()
        scene.key = .failure(missing)
        let reading = try await scene.read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.problem == ReadingProblem(code: .misconfigured, cause: .host, hint: missing.hint))
        scene.token = nil
        #expect(await scene.failure() == missing)
    }

    @Test("a credential that could add a header of its own is sent nowhere", arguments: ["", "a b", "a\r\nX: y", "ä"])
    func brokenCredential(text: String) async throws {
        let scene = SupabaseScene().with(token: Secret(text)).with(key: Secret(text))
        let failure = await scene.failure()
        #expect(failure?.code == .misconfigured)
        #expect(failure?.cause == .host)
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("the requests end before the read does, so that one that hangs spoils no other")
    func deadline() async throws {
        let scene = SupabaseScene()
        _ = try await scene.read()
        #expect(scene.transport.requests.allSatisfy { $0.totalTimeout == .milliseconds(2400) })
    }

    @Test("a read that begins past its deadline asks nobody")
    func lateRead() async {
        var scene = SupabaseScene()
        scene.timeLimit = .milliseconds(50)
        #expect(await scene.failure()?.code == .timeout)
        #expect(scene.transport.requests.isEmpty)
    }

    @Test("a link to somebody else, or to no project, is misconfigured")
    func foreignLink() async {
        var scene = SupabaseScene()
        scene.target.reference = "../../other"
        #expect(await scene.failure()?.code == .misconfigured)
        #expect(scene.transport.requests.isEmpty)
    }

    @Test(
        "a body that is not what was asked for keeps the last reading",
        arguments: ["", "null", "[]]", "{}", "<html>", #"{"status":7}"#, #"{"name":7}"#])
    func nonsense(body: String) async {
        let step = ScriptedTransport.Step.answer(HTTPResponse(200, text: body))
        let failure = await SupabaseScene(management: step, probe: step).probing(table).failure()
        #expect(failure?.code == .unknown)
        #expect(failure?.disposition == .keepsLast)
    }

    @Test("no credential turns up in what is kept or said, whatever Supabase echoes")
    func canary() async throws {
        var said: [String] = []
        let scene = SupabaseScene()
        let reading = try await scene.read()
        said.append(String(reflecting: reading))
        said.append(String(reflecting: try await scene.read(previous: reading)))
        for status in [400, 401, 402, 403, 404, 418, 429, 500, 504, 540, 544] {
            let text = #"{"message":"\#(SupabaseScene.keyCanary)","hint":"\#(SupabaseScene.tokenCanary)"}"#
            let echo = ScriptedTransport.Step.answer(HTTPResponse(status, text: text))
            for scene in [SupabaseScene(management: echo, probe: echo), SupabaseScene(probe: echo)] {
                said.append(String(reflecting: await scene.failure()))
                said.append(String(reflecting: try? await scene.read()))
            }
        }
        for text in said { #expect(!text.contains("CANARY")) }
        #expect(scene.transport.requests.allSatisfy { !$0.url.contains("CANARY") && $0.body.isEmpty })
    }
}
