import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite(
    "Supabase: recorded answers",
    .enabled(if: Recordings.supabase.isPresent, "no recordings at ../shared/payloads/supabase"),
    .timeLimit(.minutes(1)))
struct SupabaseRecordingsTests {
    /// Each file that holds what a read is answered, and what the item then is.
    private static let expectations: [String: (ConnectionState, ProblemCode?, ProblemCause?, String)] = [
        "auth_health_200.json": (.connected, nil, nil, "Database healthy · 12ms avg"),
        "health_ok_200.json": (.connected, nil, nil, "Database healthy · 12ms avg"),
        "project_get_200.json": (.connected, nil, nil, "Database healthy · 12ms avg"),
        "invalid_api_key_401.json": (.error, .oauthRevoked, .refused, "Access revoked"),
        "postgrest_jwt_expired_401.json": (.error, .oauthRevoked, .refused, "Access revoked"),
        "management_no_privileges_403.json": (.error, .missingScope, .refused, "Missing permission"),
        "management_rate_limited_429.json": (.warning, .rateLimited, .throttled, "Throttled by Supabase"),
        "management_unauthorized_401.json": (
            .warning, .oauthRevoked, .refused, "Auth healthy · Health API not authorised · 12ms avg"
        ),
    ]

    /// What no read asks for, and why.
    private static let skipped = [
        "database_query_201.json": "a query through the control plane measures no database; an action's business",
        "webhook_database_insert.json": "comes to us, and is no answer",
    ]

    @Test("every recording is looked at here, or passed over for a reason")
    func complete() throws {
        let known = Set(Self.expectations.keys).union(Self.skipped.keys)
        #expect(try Recordings.supabase.names.isSubset(of: known))
    }

    @Test("a recorded answer gives the expected status, code, cause and words", arguments: expectations.keys.sorted())
    func recording(name: String) async throws {
        let expected = try #require(Self.expectations[name])
        var recorded = try #require(try Recordings.supabase.response(name))
        recorded.latency = .milliseconds(12)
        let scene = Self.scene(name, .answer(recorded))
        var record = ItemRecord(key: .provider(.supabase), link: .linked)
        do throws(ProviderFailure) {
            record.reading = try await scene.read()
        } catch {
            record.failure = FailureRecord(failure: error, firstSeenAt: scene.now, lastSeenAt: scene.now, attempts: 1)
        }
        let status = ItemView(of: record, isHidden: false, role: .owner, now: scene.now).status
        #expect(status.status == expected.0)
        #expect(status.problem?.code == expected.1)
        #expect(status.problem?.cause == expected.2)
        #expect(status.summary == expected.3)
        if name.contains("429") { #expect(status.problem?.retryAfter == scene.now.wall.advanced(by: .seconds(41))) }
    }

    /// A scene in which the answer stands where it was recorded, and all else is well.
    private static func scene(_ name: String, _ step: ScriptedTransport.Step) -> SupabaseScene {
        switch name {
        case "project_get_200.json": SupabaseScene(project: step)
        case "health_ok_200.json": SupabaseScene(health: step)
        case _ where name.hasPrefix("management"): SupabaseScene(management: step)
        case "postgrest_jwt_expired_401.json":
            SupabaseScene(probe: step).probing(.table(name: "mytable", column: "id"), answered: step)
        default: SupabaseScene(probe: step)
        }
    }
}

extension SupabaseScene {
    fileprivate func probing(_ probe: SupabaseTarget.Probe, answered step: ScriptedTransport.Step) -> Self {
        transport.script("/rest/v1/mytable", step)
        return probing(probe)
    }
}
