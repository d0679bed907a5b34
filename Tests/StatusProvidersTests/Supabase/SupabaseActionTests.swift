import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite("Supabase: a test of the connection")
struct SupabaseActionTests {
    private func test(_ scene: SupabaseScene, payload: String = "") async -> Result<ActionStep, ActionFailure> {
        var action = ActionScene(
            .testConnection, .supabase(scene.target), payload: payload, secret: scene.token?.reveal(), now: scene.now)
        action.call.namedSecrets = scene.key.map { [SupabaseTarget.projectKey: $0] } ?? [:]
        let outcome = await action.perform(
            SupabaseActions(transport: scene.transport, digest: GitHubScene.digest))
        #expect(!outcome.tells(SupabaseScene.tokenCanary))
        #expect(!outcome.tells(SupabaseScene.keyCanary))
        return outcome
    }

    private func json(_ outcome: Result<ActionStep, ActionFailure>) throws -> [String: JSONValue] {
        guard case .object(let members)? = JSONValue(try #require(outcome.done).json) else { return [:] }
        return members
    }

    @Test("a healthy project is told with its services and the latency of this one probe")
    func healthy() async throws {
        let scene = SupabaseScene(probe: .answer(SupabaseScene.authHealth(after: .milliseconds(37))))
        let outcome = await test(scene)
        #expect(outcome.done?.words.full == "Database healthy · 37ms")
        let services = SupabaseScene.services.map { ($0, JSONValue.string("healthy")) }
        #expect(
            try json(outcome) == [
                "healthy": .bool(true), "status": .string("connected"), "latency_ms": .integer(37),
                "services": .object(Dictionary(uniqueKeysWithValues: services)),
            ])
        #expect(scene.transport.requests.count == 3)
    }

    @Test("what is unwell is named, part by part, and is a result")
    func unwell() async throws {
        let scene = SupabaseScene(
            health: .answer(SupabaseScene.health(["storage": "UNHEALTHY", "rest": "COMING_UP"])),
            probe: .failure(.timeout))
        let outcome = await test(scene)
        let words = ["Storage unhealthy", "REST API coming up", "Probe does not answer"]
        #expect(words.allSatisfy { outcome.tells($0) })
        let members = try json(outcome)
        #expect(members["healthy"] == .bool(false))
        #expect(members["latency_ms"] == nil)
        guard case .object(let services)? = members["services"] else {
            Issue.record("no services are told")
            return
        }
        #expect(services["storage"] == .string("unhealthy"))
        #expect(services["rest"] == .string("coming_up"))
    }

    @Test("a paused project is said to be restored in the dashboard, whoever says that it is paused")
    func paused() async throws {
        for scene in [
            SupabaseScene(project: .answer(SupabaseScene.project(status: "INACTIVE")), probe: .failure(.dns)),
            SupabaseScene(probe: .answer(SupabaseScene.paused)).with(token: nil),
        ] {
            let outcome = await test(scene)
            #expect(outcome.tells("restore it in Supabase's dashboard"))
            #expect(try json(outcome)["problem"] == .string("sleeping"))
            #expect(try json(outcome)["healthy"] == .bool(false))
        }
    }

    @Test("the test fails where nothing can be told, with the reason that a read has")
    func failures() async {
        let rows: [(SupabaseScene, ActionFailure.Code)] = [
            (SupabaseScene(probe: .answer(SupabaseScene.invalidKey)), .unauthenticated),
            (SupabaseScene(management: .answer(SupabaseScene.unauthorized)).with(key: nil), .unauthenticated),
            (SupabaseScene(management: .answer(SupabaseScene.noPrivileges)).with(key: nil), .permissionDenied),
            (SupabaseScene(management: .answer(SupabaseScene.notFound)).with(key: nil), .notFound),
            (SupabaseScene(management: .answer(SupabaseScene.throttled)).with(key: nil), .resourceExhausted),
            (SupabaseScene(management: .failure(.timeout), probe: .failure(.timeout)), .deadlineExceeded),
            (SupabaseScene(management: .failure(.connect), probe: .failure(.connect)), .unavailable),
            (SupabaseScene().with(token: nil).with(key: nil), .failedPrecondition),
        ]
        for (scene, code) in rows {
            let failure = await test(scene).failure
            #expect(failure?.code == code)
            #expect(failure?.isOutcomeUnknown == false)
        }
        let limited = await test(SupabaseScene(management: .answer(SupabaseScene.throttled)).with(key: nil)).failure
        #expect(limited?.retryAfter == SupabaseScene.wall.advanced(by: .seconds(41)))
    }

    @Test("it takes no payload and sends nothing that changes anything")
    func plan() async throws {
        let executor = SupabaseActions(transport: ScriptedTransport([:]), digest: GitHubScene.digest)
        let target = Link.Target.supabase(SupabaseScene().target)
        #expect(try ActionScene(.testConnection, target).plan(executor).get().isSending == false)
        #expect(ActionScene(.testConnection, target, payload: #"{"a":1}"#).plan(executor).failure?.field == "payload.a")
        #expect(ActionScene(.sync, target).plan(executor).failure?.code == .internal)
    }
}
