import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Vercel: the rows of providers.md §8", .timeLimit(.minutes(1)))
struct VercelRowsTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var newest: [String]
        var status: ConnectionState
        var summary: String

        var testDescription: String { name }
    }

    private static func made(
        _ id: String, _ target: String? = "production", _ state: String = "READY", _ substate: String? = nil,
        ago: Int64 = 3600
    ) -> String {
        VercelScene.deployment(id, target: target, state: state, substate: substate, secondsAgo: ago)
    }

    private static let rows: [Row] = [
        Row(
            name: "VC1: the newest production deployment is live", newest: [made("a")], status: .connected,
            summary: "1 deployment this week · Live"),
        Row(
            name: "VC1: promoted, above one that failed, with previews that fail",
            newest: [
                made("c", nil, "ERROR", ago: 10), made("a", "production", "READY", "PROMOTED", ago: 20),
                made("b", "production", "ERROR", ago: 30),
            ], status: .connected, summary: "3 deployments this week · Live"),
        Row(
            name: "VC1: a newer one that is merely staged was never served",
            newest: [made("b", "production", "READY", "STAGED", ago: 10), made("a", ago: 20)], status: .connected,
            summary: "2 deployments this week · Live"),
        Row(
            name: "VC1: the next one is on its way",
            newest: [made("b", "production", "BUILDING", ago: 10), made("a", ago: 20)], status: .connected,
            summary: "2 deployments this week · Live · Deploying"),
        Row(
            name: "VC1: however old",
            newest: [made("a", ago: 400 * 86_400)], status: .connected, summary: "Last deployment 1y ago · Live"),
        Row(
            name: "VC2: the newest finished production deployment failed",
            newest: [
                made("c", nil, ago: 5), made("b", "production", "ERROR", ago: 10), made("a", ago: 20),
            ], status: .warning, summary: "3 deployments this week · Production failing · Earlier one live"),
        Row(
            name: "VC2: it failed, and none was ever live",
            newest: [made("b", "production", "ERROR"), made("s", "production", "READY", "STAGED", ago: 9000)],
            status: .warning, summary: "2 deployments this week · Production failing"),
        Row(
            name: "VC2: only previews are ready", newest: [made("a", nil, "READY", "STAGED")], status: .warning,
            summary: "1 deployment this week · Preview only"),
        Row(
            name: "VC2: previews are all there is, and they fail", newest: [made("a", nil, "ERROR")],
            status: .warning, summary: "1 deployment this week · Preview failing"),
        Row(name: "VC3: no deployments", newest: [], status: .warning, summary: "No deployments yet"),
        Row(
            name: "VC4: nothing has come to an end", newest: [made("a", "production", "QUEUED")], status: .warning,
            summary: "1 deployment this week · Deploying"),
    ]

    @Test("a project stands as the table says", arguments: rows)
    func status(row: Row) async throws {
        let scene = VercelScene(newest: VercelScene.list(row.newest))
        let reading = try await scene.read()
        #expect(reading.status == StatusTimeline(row.status))
        #expect(Redaction(for: .viewer).facts(reading.summary).rendered(at: VercelScene.wall).words == row.summary)
        #expect(reading.problem == nil)
        #expect(reading.label == ResourceLabel(full: "shop", generic: "Vercel project"))
    }

    @Test(
        "VC4: what merely waits, is built, blocked or cancelled keeps the last status",
        arguments: [
            "QUEUED", "INITIALIZING", "BUILDING", "BLOCKED", "CANCELED", "SOMETHING_NEW",
        ])
    func unfinished(state: String) async throws {
        let live = try await VercelScene(newest: VercelScene.list(Self.made("a"))).read()
        let waiting = VercelScene(newest: VercelScene.list(Self.made("b", "production", state)))
        #expect(try await waiting.read(previous: live).status == StatusTimeline(.connected))
        #expect(try await waiting.read().status == StatusTimeline(.warning))
        let twice = try await waiting.read(previous: try await waiting.read(previous: live))
        #expect(twice.status == StatusTimeline(.connected), "it is kept for as long as it lasts")
    }

    @Test("VC5: a dead token is an error that replaces what was known")
    func deadToken() async {
        let scene = VercelScene(always: VercelScene.invalidToken)
        let failure = await scene.failure()
        #expect(failure?.code == .oauthRevoked)
        #expect(failure?.cause == .refused)
        #expect(failure?.disposition == .replaces)
        #expect(!scene.script.paths.contains(VercelScene.userPath), "there is nothing left to ask")
    }

    @Test(
        "VC6: a scope that lacks, single sign-on, and a project left out of the answer are missing_scope",
        arguments: [
            VercelScene.refusal(
                403, #""code":"forbidden","message":"Not authorized: Trying …","saml":false,"scope":"x""#),
            VercelScene.refusal(403, #""code":"forbidden","saml":true,"teamId":"team_1""#),
            HTTPResponse(200, text: "{}"),
            HTTPResponse(200, text: #"{"projects":[],"pagination":{}}"#),
        ])
    func scope(answer: HTTPResponse) async {
        let failure = await VercelScene(project: answer, newest: VercelScene.list()).failure()
        #expect(failure?.code == .missingScope)
        #expect(failure?.cause == .refused)
        #expect(failure?.disposition == .replaces)
    }

    @Test("VC6: a 403 without a reason is missing_scope while the token lives, and oauth_revoked when it is dead")
    func confirmed() async {
        for (user, code) in [
            (VercelScene.user, ProblemCode.missingScope), (VercelScene.invalidToken, .oauthRevoked),
            (nil, .missingScope), (HTTPResponse(500), .missingScope), (VercelScene.notAuthorized, .oauthRevoked),
        ] {
            let scene = VercelScene(
                project: VercelScene.notAuthorized, newest: VercelScene.notAuthorized, user: user)
            #expect(await scene.failure()?.code == code)
            #expect(scene.script.paths.count { $0 == VercelScene.userPath } == 1)
        }
    }

    @Test("VC7: a project that is not found is an error, whose hint asks for the team where none is named")
    func notFound() async {
        var scene = VercelScene(always: VercelScene.notFound)
        let inTeam = await scene.failure()
        scene.target.teamID = nil
        let outside = await scene.failure()
        for failure in [inTeam, outside] {
            #expect(failure?.code == .notFound)
            #expect(failure?.cause == .refused)
            #expect(failure?.disposition == .replaces)
        }
        #expect(outside?.hint.contains("team id") == true)
        #expect(inTeam?.hint != outside?.hint)
    }

    @Test("VC8: a limit on one endpoint keeps the last reading, and waits as long as it says")
    func limited() async {
        let limited = VercelScene.refusal(429, #""code":"rate_limited","message":"…""#, ["retry-after": "120"])
        for scene in [
            VercelScene(always: limited), VercelScene(newest: limited),
            VercelScene(project: limited, newest: VercelScene.list()),
            VercelScene(newest: VercelScene.list(), productions: limited),
        ] {
            let failure = await scene.failure()
            #expect(failure?.code == .rateLimited)
            #expect(failure?.cause == .throttled)
            #expect(failure?.disposition == .keepsLast)
            #expect(failure?.retryAfter == VercelScene.wall.advanced(by: .seconds(120)))
            #expect(failure?.isRetryable == false)
        }
    }

    @Test("VC9: a spent quota is a limit, and not a refusal")
    func quota() async {
        let spent = VercelScene.refusal(402, #""code":"api-deployments-free-per-day","message":"Resource is limited""#)
        let failure = await VercelScene(newest: spent).failure()
        #expect(failure?.code == .rateLimited)
        #expect(failure?.cause == .throttled)
        #expect(failure?.disposition == .keepsLast)
        #expect(failure?.retryAfter == VercelScene.wall.advanced(by: .seconds(3600)))
    }
}
