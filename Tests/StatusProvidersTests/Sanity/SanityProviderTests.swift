import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Sanity: what situations mean", .timeLimit(.minutes(1)))
struct SanityProviderTests {
    private let week = Duration.seconds(7 * 86_400)
    private let wall = SanityScene.wall

    @Test("SN1: changed documents and a delivery that arrived are connected, until a week after the newest")
    func connected() async throws {
        let reading = try await SanityScene().read()
        let arrivedAt = UnixTime(nanoseconds: 1_768_476_600_628_000_000)
        #expect(reading.key == .provider(.sanity))
        #expect(reading.summary.parts == [.text("2 docs updated today"), .text("Live sync")])
        #expect(reading.label == ResourceLabel(full: "Acme site", generic: "Sanity project"))
        #expect(reading.status.status(at: wall) == .connected)
        #expect(reading.status.status(at: arrivedAt.advanced(by: week - .nanoseconds(1))) == .connected)
        #expect(reading.status.status(at: arrivedAt.advanced(by: week)) == .warning)
        #expect(
            reading.milestones == [Milestone(kind: "sanity:webhook", at: arrivedAt, message: "Webhook delivered")])
        #expect(reading.problem == nil)
        #expect(!reading.isPartial)
    }

    @Test("SN1: a delivery alone keeps a quiet dataset connected, and a change alone one without webhooks")
    func eitherIsEnough() async throws {
        let delivered = try await SanityScene([SanityScene.query: SanityScene.empty]).read()
        #expect(delivered.status.status(at: wall) == .connected)
        #expect(delivered.summary.parts == [.text("No changes in 7 days"), .text("Live sync")])
        let changed = try await SanityScene([
            SanityScene.query: SanityScene.documents("2026-01-14T23:00:00Z"),
            SanityScene.hooks: HTTPResponse(200, text: "[]"),
        ]).read()
        #expect(changed.status.status(at: wall) == .connected)
        #expect(changed.summary.parts == [.ago(label: "Last change", UnixTime(seconds: 1_768_431_600))])
    }

    @Test("SN1: one edit counts once, be it to a draft, a release or the published document")
    func distinctDocuments() async throws {
        let ids = ["a", "drafts.a", "versions.spring.a", "b"]
        let documents = ids.map { #"{"_id":"\#($0)","_updatedAt":"2026-01-15T11:00:00Z"}"# }
        let answer = SanityScene.result("[\(documents.joined(separator: ","))]")
        let reading = try await SanityScene([SanityScene.query: answer]).read()
        #expect(reading.summary.parts.first == .text("2 docs updated today"))
    }

    @Test("SN1: an answer that is cut says so, and one document is one doc")
    func counts() async throws {
        let many = (0..<100).map { #"{"_id":"d\#($0)","_updatedAt":"2026-01-15T11:00:00Z"}"# }
        let full = try await SanityScene([
            SanityScene.query: SanityScene.result("[\(many.joined(separator: ","))]")
        ]).read()
        #expect(full.summary.parts.first == .text("100+ docs updated today"))
        let one = try await SanityScene([SanityScene.query: SanityScene.documents("2026-01-15T00:00:00Z")]).read()
        #expect(one.summary.parts.first == .text("1 doc updated today"))
    }

    @Test(
        "SN2: trouble with a webhook is a warning that is named",
        arguments: [
            (SanityScene.hook(isDisabled: true), "success", "Webhook disabled by Sanity"),
            (SanityScene.hook(), "failure", "Webhook failing"),
            (SanityScene.hook(dataset: "*"), "failure", "Webhook failing"),
        ])
    func webhookTrouble(hook: String, status: String, words: String) async throws {
        let reading = try await SanityScene([
            SanityScene.hooks: SanityScene.hookList(hook),
            SanityScene.messages("hook1"): SanityScene.delivered(status),
        ]).read()
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.summary.parts == [.text("2 docs updated today"), .text(words)])
        #expect(reading.problem == nil)
    }

    @Test(
        "a webhook that was switched off on purpose, deleted, or is another dataset's is nobody's trouble",
        arguments: [
            SanityScene.hook(isDisabled: true, isDisabledByUser: true),
            SanityScene.hook(isDisabled: true, deletedAt: #""2025-12-01T00:00:00Z""#),
            SanityScene.hook(dataset: "staging", isDisabled: true),
        ])
    func nobodysTrouble(hook: String) async throws {
        let scene = SanityScene([SanityScene.hooks: SanityScene.hookList(hook)])
        let reading = try await scene.read()
        #expect(reading.status.status(at: wall) == .connected)
        #expect(reading.summary.parts == [.text("2 docs updated today")])
        #expect(scene.count(SanityScene.messages("hook1")) == 0)
    }

    @Test("SN2: the newest finished message counts, whatever its place; queued ones do not")
    func newestMessage() async throws {
        let messages = [
            SanityScene.message("failure", at: "2026-01-15T10:00:00Z"),
            SanityScene.message("success", at: "2026-01-15T11:00:00Z"),
            SanityScene.message("queued", at: "2026-01-15T11:59:00Z"),
            SanityScene.message("teleported", at: "2026-01-15T11:59:30Z"),
        ]
        for list in [messages, messages.reversed()] {
            let answer = HTTPResponse(200, text: "[\(list.joined(separator: ","))]")
            let reading = try await SanityScene([SanityScene.messages("hook1"): answer]).read()
            #expect(reading.summary.parts.last == .text("Live sync"))
        }
    }

    @Test("SN2: no activity within a week is a warning, and the last change is named")
    func quiet() async throws {
        let quiet = [SanityScene.hooks: HTTPResponse(200, text: "[]")]
        let nothing = try await SanityScene(quiet.merging([SanityScene.query: SanityScene.empty]) { $1 }).read()
        #expect(nothing.status == StatusTimeline(.warning))
        #expect(nothing.summary.parts == [.text("No changes in 7 days")])
        // The request asks from the beginning of a day, so that such a document still comes.
        let old = SanityScene.documents("2026-01-08T11:00:00Z")
        let almost = try await SanityScene(quiet.merging([SanityScene.query: old]) { $1 }).read()
        #expect(almost.status.status(at: wall) == .warning)
        #expect(almost.summary.parts == [.ago(label: "Last change", UnixTime(seconds: 1_767_870_000))])
    }

    @Test("SN3, SN4: a refused query is an error, whatever the webhooks say", arguments: SanityRefusal.all)
    func refused(row: SanityRefusal) async {
        let failure = await SanityScene([SanityScene.query: row.answer]).failure()
        #expect(failure?.code == row.code)
        #expect(failure?.cause == .refused)
        #expect(failure?.disposition == .replaces)
    }

    @Test("SN5: denied webhooks beside documents are a warning that names the webhooks", arguments: [401, 403])
    func deniedHooks(status: Int) async throws {
        let denied = SanityScene.refusal(status, "Insufficient permissions")
        for path in [SanityScene.hooks, SanityScene.messages("hook1")] {
            let reading = try await SanityScene([path: denied]).read()
            #expect(reading.status == StatusTimeline(.warning))
            #expect(reading.problem?.code == .missingScope)
            #expect(reading.problem?.cause == .refused)
            #expect(reading.problem?.hint.contains("webhooks") == true)
            #expect(reading.summary.parts == [.text("2 docs updated today")])
        }
    }

    @Test("SN5: documents left out for want of a permission are a warning, and an error when nothing is left")
    func omitted() async throws {
        let omission = #""omitted":[{"id":"b","reason":"permission"}]"#
        let some = HTTPResponse(
            200, text: #"{"documents":[{"_id":"a","_updatedAt":"2026-01-15T11:00:00Z"}],\#(omission)}"#)
        let reading = try await SanityScene([SanityScene.query: some]).read()
        #expect(reading.problem?.code == .missingScope)
        #expect(reading.status == StatusTimeline(.warning))
        #expect(reading.summary.parts.first == .text("1 doc updated today"))
        let none = HTTPResponse(200, text: #"{"documents":[],\#(omission)}"#)
        #expect(await SanityScene([SanityScene.query: none]).failure()?.code == .missingScope)
        let refused = SanityScene.refusal(403, "Insufficient permissions; permission read required")
        #expect(await SanityScene([SanityScene.query: refused]).failure()?.code == .missingScope)
    }

    @Test("SN6: nothing without a token proves nothing", arguments: ["[]", "null", "0"])
    func anonymousEmptiness(result: String) async {
        var scene = SanityScene([SanityScene.query: SanityScene.result(result)])
        scene.secret = nil
        let failure = await scene.failure()
        #expect(failure?.code == .misconfigured)
        #expect(failure?.disposition == .replaces)
    }

    @Test("a public dataset is read without a token, and nothing else is asked then")
    func anonymous() async throws {
        var scene = SanityScene()
        scene.secret = nil
        let reading = try await scene.read()
        #expect(reading.status.status(at: wall) == .connected)
        #expect(reading.summary.parts == [.text("2 docs updated today")])
        #expect(reading.label?.full == "n1f7yabc")
        #expect(scene.transport.paths == [SanityScene.query])
        #expect(scene.transport.requests.allSatisfy { $0.headers["Authorization"] == nil })
    }

    @Test("SN7: throttled documents keep the last reading until Sanity says")
    func throttled() async {
        let answer = SanityScene.refusal(
            429, "Rate limit exceeded",
            headers: ["retry-after": "1", "ratelimit-limit": "500", "ratelimit-remaining": "0", "ratelimit-reset": "1"])
        let failure = await SanityScene([SanityScene.query: answer]).failure()
        #expect(failure?.code == .rateLimited)
        #expect(failure?.cause == .throttled)
        #expect(failure?.disposition == .keepsLast)
        #expect(failure?.retryAfter == wall.advanced(by: .seconds(1)))
    }

    @Test(
        "a blocked or disabled project is an error, also where queries are refused", arguments: ["Blocked", "Disabled"])
    func blocked(flag: String) async {
        let project = HTTPResponse(200, text: #"{"id":"n1f7yabc","displayName":"Acme","is\#(flag)":true}"#)
        for query in [SanityScene.documents(), SanityScene.refusal(403, "Forbidden")] {
            let failure = await SanityScene([SanityScene.project: project, SanityScene.query: query]).failure()
            #expect(failure == SanityClassifier.blockedProject)
            #expect(failure?.disposition == .replaces)
        }
    }

    @Test(
        "a project that cannot be read costs its name alone",
        arguments: [
            SanityScene.refusal(403, "No"), HTTPResponse(200, text: "<html>"), HTTPResponse(502),
            HTTPResponse(200, text: #"{"id":"n1f7yabc","displayName":"\u202Eevil"}"#),
        ])
    func unreadableProject(project: HTTPResponse) async throws {
        let reading = try await SanityScene([SanityScene.project: project]).read()
        #expect(reading.label?.full == "n1f7yabc")
        #expect(reading.status.status(at: wall) == .connected)
        #expect(reading.problem == nil)
    }

    @Test(
        "other results of a query are read as what they are",
        arguments: [
            ("3", ConnectionState.connected, Summary.Part.text("3 docs updated this week")),
            ("1", .connected, .text("1 doc updated this week")),
            (
                #"{"_id":"a","_updatedAt":"2026-01-15T11:00:00Z"}"#, .connected, .text("1 doc updated today")
            ),
            ("null", .warning, .text("No changes in 7 days")),
            (#"[{"_id":"a","publishedAt":"2026-01-15T10:00:00Z"}]"#, .warning, .text("No changes in 7 days")),
            (#"[{"_id":"a","_updatedAt":"yesterday"}]"#, .warning, .text("No changes in 7 days")),
        ])
    func otherResults(result: String, status: ConnectionState, part: Summary.Part) async throws {
        let reading = try await SanityScene([
            SanityScene.query: SanityScene.result(result), SanityScene.hooks: HTTPResponse(200, text: "[]"),
        ]).read()
        #expect(reading.status.status(at: wall) == status)
        #expect(reading.summary.parts == [part])
    }

    @Test(
        "a body that is no answer to a query keeps the last reading",
        arguments: ["", "null", "[]", "{}", "<html>", #"{"result":"x"}"#, #"{"result":[7]}"#])
    func nonsense(body: String) async {
        let failure = await SanityScene([SanityScene.query: HTTPResponse(200, text: body)]).failure()
        #expect(failure == SanityClassifier.unreadable)
        #expect(failure?.disposition == .keepsLast)
    }

    @Test("a query without an answer is a failure of the transport's kind")
    func noAnswer() async {
        let scene = SanityScene()
        scene.transport.script(SanityScene.query, .failure(.dns))
        #expect(await scene.failure()?.cause == .host)
        scene.transport.script(SanityScene.query, .failure(.timeout))
        #expect(await scene.failure()?.code == .timeout)
    }
}

/// A refusal of the query, by the row of providers.md §8 that it stands for.
struct SanityRefusal: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var answer: HTTPResponse
    var code: ProblemCode

    static let all = [
        Self(testDescription: "SN3: session not found", answer: SanityScene.sessionNotFound, code: .oauthRevoked),
        Self(
            testDescription: "SN3: expired", answer: SanityScene.refusal(401, "Session expired", code: "SIO-401-AEX"),
            code: .oauthRevoked),
        Self(
            testDescription: "SN4: another project's token",
            answer: SanityScene.refusal(401, "Session does not match project host", code: "SIO-401-AWH"),
            code: .misconfigured),
        Self(
            testDescription: "SN4: a query that does not parse",
            answer: HTTPResponse(400, text: #"{"error":{"type":"queryParseError","description":"unexpected token"}}"#),
            code: .misconfigured),
        Self(
            testDescription: "SN4: no such dataset",
            answer: SanityScene.refusal(404, "Dataset not found for project ID"), code: .misconfigured),
    ]
}
