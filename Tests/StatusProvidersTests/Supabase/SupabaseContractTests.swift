import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// One row or more for each of providers.md §8.
@Suite("Supabase: situation to status", .timeLimit(.minutes(1)))
struct SupabaseContractTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var project: ScriptedTransport.Step = .answer(SupabaseScene.project())
        var health: ScriptedTransport.Step = .answer(SupabaseScene.health())
        var probe: ScriptedTransport.Step = .answer(SupabaseScene.authHealth())
        var kind = SupabaseTarget.Probe.authHealth
        var hasToken = true
        var hasKey = true
        /// Without an earlier reading, and beside one that was connected.
        var status: ConnectionState
        var keeps = false
        var code: ProblemCode?
        var cause: ProblemCause?
        /// Of a reading; a failure has none.
        var summary: String?

        var testDescription: String { name }

        var scene: SupabaseScene {
            SupabaseScene(project: project, health: health, probe: probe).probing(kind)
                .with(token: hasToken ? Secret(SupabaseScene.tokenCanary) : nil)
                .with(key: hasKey ? Secret(SupabaseScene.keyCanary) : nil)
        }
    }

    @Test("a situation gives the status, code, cause and words of its row", arguments: good + unwell + refused + dead)
    func row(row: Row) async throws {
        let fine = try await SupabaseScene().read()
        for previous in [nil, fine] {
            let record = await Self.record(row.scene, previous: previous)
            let view = ItemView(
                of: record, isHidden: false, role: .owner,
                now: Moment(instant: ContinuousClock.now, wall: SupabaseScene.wall))
            #expect(view.status.status == (row.keeps && previous != nil ? .connected : row.status))
            #expect(view.status.problem?.code == row.code)
            #expect(view.status.problem?.cause == row.cause)
            if let summary = row.summary, !row.keeps { #expect(view.status.summary == summary) }
        }
    }

    /// What the engine knows after one read beside what it knew.
    private static func record(_ scene: SupabaseScene, previous: Reading?) async -> ItemRecord {
        var record = ItemRecord(key: .provider(.supabase), link: .linked)
        record.reading = previous
        do throws(ProviderFailure) {
            // Another link's reading: nothing of it may be taken over.
            record.reading = try await scene.read()
        } catch {
            record.failure = FailureRecord(
                failure: error, firstSeenAt: scene.now, lastSeenAt: scene.now, attempts: 1)
        }
        return record
    }

    private static let good: [Row] = [
        Row(name: "SU1: all is well", status: .connected, summary: "Database healthy · 12ms avg"),
        Row(
            name: "SU1: a table answers, without a token", probe: .answer(SupabaseScene.noRows()),
            kind: .table(name: "ping", column: "id"), hasToken: false, status: .connected,
            summary: "Database healthy · 12ms avg"),
        Row(
            name: "SU1: a function answers nothing", probe: .answer(HTTPResponse(204)), kind: .function(name: "ping"),
            hasToken: false, status: .connected, summary: "Database healthy · 1ms avg"),
        Row(
            name: "SU1: Auth alone proves nothing of the database", hasToken: false, status: .connected,
            summary: "Auth healthy · 12ms avg"),
        Row(
            name: "SU1: without a key there is no latency", hasKey: false, status: .connected,
            summary: "Database healthy"),
        Row(
            name: "SU1: a project's status that nobody knows yet",
            project: .answer(SupabaseScene.project(status: "HATCHING")),
            status: .connected, summary: "Database healthy · 12ms avg"),
    ]

    private static let unwell: [Row] = [
        Row(
            name: "SU2: slow", probe: .answer(SupabaseScene.authHealth(after: .milliseconds(501))), status: .warning,
            summary: "Database healthy · Slow · 501ms avg"),
        Row(
            name: "SU2: a service is unwell", health: .answer(SupabaseScene.health(["storage": "UNHEALTHY"])),
            status: .warning, summary: "Database healthy · Storage unhealthy · 12ms avg"),
        Row(
            name: "SU2: a service comes up", health: .answer(SupabaseScene.health(["realtime": "COMING_UP"])),
            status: .warning, summary: "Database healthy · Realtime coming up · 12ms avg"),
        Row(
            name: "SU2: a service's state that nobody knows yet",
            health: .answer(SupabaseScene.health(["pooler": "MELTING"])), status: .warning,
            summary: "Database healthy · Pooler status unknown · 12ms avg"),
        Row(
            name: "SU2: restarting explains what the services and the host say",
            project: .answer(SupabaseScene.project(status: "RESTARTING")),
            health: .answer(SupabaseScene.health(["db": "UNHEALTHY"])),
            probe: .answer(SupabaseScene.postgREST(503, "PGRST001")), status: .warning, summary: "Project is restarting"
        ),
        Row(
            name: "SU3: the database is unwell", health: .answer(SupabaseScene.health(["db": "UNHEALTHY"])),
            status: .error, code: .unknown, cause: .provider, summary: "Auth healthy · Database unhealthy · 12ms avg"),
        Row(
            name: "SU3: PostgREST has no database", probe: .answer(SupabaseScene.postgREST(503, "PGRST002")),
            kind: .table(name: "ping", column: "id"), status: .error, code: .unknown, cause: .provider,
            summary: "Database unreachable"),
        Row(
            name: "SU3: the same without a token", probe: .answer(SupabaseScene.postgREST(503, "PGRST000")),
            kind: .function(name: "ping"), hasToken: false, status: .error, code: .unknown, cause: .provider,
            summary: "Database unreachable"),
        Row(
            name: "SU3: the project failed to start", project: .answer(SupabaseScene.project(status: "INIT_FAILED")),
            status: .error, code: .unknown, cause: .provider),
        Row(
            name: "SU3: the project failed to be restored",
            project: .answer(SupabaseScene.project(status: "RESTORE_FAILED")),
            status: .error, code: .unknown, cause: .provider),
        Row(
            name: "SU4: paused, and its name is gone", project: .answer(SupabaseScene.project(status: "INACTIVE")),
            health: .answer(SupabaseScene.health(["db": "UNHEALTHY", "auth": "UNHEALTHY"])), probe: .failure(.dns),
            status: .warning, code: .sleeping, cause: .provider, summary: "Project is paused"),
        Row(
            name: "SU4: paused, and nobody tells of its services",
            project: .answer(SupabaseScene.project(status: "INACTIVE")),
            health: .answer(SupabaseScene.notFound), hasKey: false, status: .warning, code: .sleeping, cause: .provider,
            summary: "Project is paused"),
        Row(
            name: "SU4: being paused", project: .answer(SupabaseScene.project(status: "PAUSING")), status: .warning,
            code: .sleeping, cause: .provider),
        Row(
            name: "SU4: 540, without a token", probe: .answer(SupabaseScene.paused), hasToken: false, status: .warning,
            code: .sleeping, cause: .provider, summary: "Project is paused"),
    ]

    private static let refused: [Row] = [
        Row(
            name: "SU5: removed", project: .answer(SupabaseScene.project(status: "REMOVED")), status: .error,
            code: .notFound, cause: .refused),
        Row(
            name: "SU5: 404", project: .answer(SupabaseScene.notFound), health: .answer(SupabaseScene.notFound),
            status: .error, code: .notFound, cause: .refused),
        Row(
            name: "SU6: a dead management token", project: .answer(SupabaseScene.unauthorized),
            health: .answer(SupabaseScene.unauthorized), hasKey: false, status: .error, code: .oauthRevoked,
            cause: .refused),
        Row(
            name: "SU6: a project that is refused is refused, whatever its services",
            project: .answer(SupabaseScene.unauthorized), hasKey: false, status: .error, code: .oauthRevoked,
            cause: .refused),
        Row(
            name: "SU6: a dead management token beside a paused host", project: .answer(SupabaseScene.unauthorized),
            health: .answer(SupabaseScene.unauthorized), probe: .answer(SupabaseScene.paused), status: .error,
            code: .oauthRevoked, cause: .refused),
        Row(
            name: "SU6: a management token of the wrong kind", project: .answer(SupabaseScene.wrongToken),
            health: .answer(SupabaseScene.wrongToken), hasKey: false, status: .error, code: .misconfigured,
            cause: .refused),
        Row(
            name: "SU6: a dead project key", probe: .answer(SupabaseScene.invalidKey), status: .error,
            code: .oauthRevoked, cause: .refused),
        Row(
            name: "SU6: an expired project key", probe: .answer(SupabaseScene.postgREST(401, "PGRST303")),
            kind: .table(name: "ping", column: "id"), status: .error, code: .oauthRevoked, cause: .refused),
        Row(
            name: "SU7: the management token may not", project: .answer(SupabaseScene.noPrivileges),
            health: .answer(SupabaseScene.noPrivileges), status: .error, code: .missingScope, cause: .refused),
        Row(
            name: "SU9: a dead management token beside a probe that is fine",
            project: .answer(SupabaseScene.unauthorized), health: .answer(SupabaseScene.unauthorized),
            status: .warning, code: .oauthRevoked, cause: .refused,
            summary: "Auth healthy · Health API not authorised · 12ms avg"),
    ]

    private static let dead: [Row] = [
        Row(
            name: "SU8: the management API throttles", project: .answer(SupabaseScene.throttled),
            health: .answer(SupabaseScene.throttled), status: .warning, keeps: true, code: .rateLimited,
            cause: .throttled),
        Row(
            name: "any: nobody answers", project: .failure(.timeout), health: .failure(.timeout),
            probe: .failure(.timeout), status: .error, keeps: true, code: .timeout, cause: .provider),
        Row(
            name: "any: the host does not answer", probe: .failure(.timeout), status: .warning, code: .timeout,
            cause: .provider, summary: "Database healthy · Probe does not answer"),
        Row(
            name: "any: a page of Cloudflare's", probe: .answer(SupabaseScene.cloudflare), status: .warning,
            code: .unknown, cause: .provider, summary: "Database healthy · Probe out of order"),
        Row(
            name: "any: the health API gives a server error", health: .answer(HTTPResponse(503, text: "<html>")),
            status: .warning, code: .unknown, cause: .provider,
            summary: "Auth healthy · Health API out of order · 12ms avg"),
        Row(
            name: "a table that is not there does not prove the database",
            probe: .answer(SupabaseScene.postgREST(404, "PGRST205")), kind: .table(name: "ping", column: "id"),
            hasToken: false, status: .error, code: .misconfigured, cause: .refused),
        Row(
            name: "the same beside a management API that does",
            probe: .answer(SupabaseScene.postgREST(404, "PGRST205")), kind: .table(name: "ping", column: "id"),
            status: .warning, code: .misconfigured, cause: .refused,
            summary: "Database healthy · Probe misconfigured"),
        Row(
            name: "an unpaid bill", probe: .answer(HTTPResponse(402, text: #"{"message":"overdue_payment"}"#)),
            status: .warning, code: .rateLimited, cause: .throttled,
            summary: "Database healthy · Project restricted"),
        Row(
            name: "neither token nor key", hasToken: false, hasKey: false, status: .error, code: .misconfigured,
            cause: .host),
    ]
}
