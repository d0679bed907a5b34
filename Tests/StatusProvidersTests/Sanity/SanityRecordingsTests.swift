import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

@Suite(
    "Sanity: recorded answers",
    .enabled(if: Recordings.sanity.isPresent, "no recordings at ../shared/payloads/sanity"),
    .timeLimit(.minutes(1)))
struct SanityRecordingsTests {
    /// A recorded answer in the place of one request, and what the reading says of it.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var path: String
        /// 2026-09-07T12:00:00Z unless told: the day after the documents changed.
        var at = UnixTime(seconds: 1_788_782_400)
        var status: ConnectionState
        var parts: [Summary.Part]
        var label = "Acme site"

        var testDescription: String { name }
    }

    private static let changedAt = UnixTime(seconds: 1_788_715_003)
    private static let quiet = Summary.Part.text("No changes in 7 days")

    private static let rows = [
        Row(
            name: "query_updated_since_200.json", path: SanityScene.query, status: .connected,
            parts: [.ago(label: "Last change", changedAt)]),
        // The recorded projection holds no _updatedAt, so that nothing is known to be recent.
        Row(name: "query_recent_changes_200.json", path: SanityScene.query, status: .warning, parts: [quiet]),
        Row(
            name: "history_document_200.json", path: SanityScene.query, status: .warning,
            parts: [.ago(label: "Last change", UnixTime(seconds: 1_559_063_803))]),
        Row(
            name: "hooks_list_200.json", path: SanityScene.hooks, status: .connected,
            parts: [quiet, .text("Live sync")]),
        Row(
            name: "hook_messages_200.json", path: SanityScene.messages("hook1"), status: .warning,
            parts: [quiet, .text("Webhook failing")]),
        Row(
            name: "hook_attempts_200.json", path: "\(SanityScene.hooks)/hook1/attempts", status: .warning,
            parts: [quiet, .text("Webhook failing")]),
        Row(
            name: "project_get_200.json", path: SanityScene.project, status: .connected,
            parts: [quiet, .text("Live sync")]),
    ]

    private static let refusals: [(name: String, code: ProblemCode, cause: ProblemCause, wait: Int64?)] = [
        ("groq_parse_error_400.json", .misconfigured, .refused, nil),
        ("unauthorized_session_not_found_401.json", .oauthRevoked, .refused, nil),
        ("rate_limited_429.json", .rateLimited, .throttled, 1),
    ]

    /// Deliveries to a receiver: none of them is an answer to a read.
    private static let deliveries: Set = ["webhook_delivery_update.json", "webhook_signature_vector.json"]

    @Test("a recorded answer means what it should", arguments: rows)
    func reading(row: Row) async throws {
        let isQuery = row.path == SanityScene.query
        var script = [row.path: try #require(try Recordings.sanity.response(row.name))]
        if isQuery {
            script[SanityScene.hooks] = HTTPResponse(200, text: "[]")
        } else {
            script[SanityScene.query] = SanityScene.empty
        }
        if row.path.hasSuffix("/attempts") { script[SanityScene.messages("hook1")] = HTTPResponse(404) }
        if row.path.hasSuffix("/attempts") { script["/v2025-08-04/hooks/hook1/messages"] = HTTPResponse(404) }
        if script[SanityScene.messages("hook1")] == nil {
            script[SanityScene.messages("hook1")] = SanityScene.delivered(at: "2026-09-07T11:00:00Z")
        }
        var scene = SanityScene(script)
        scene.now.wall = row.at
        let reading = try await scene.read()
        #expect(reading.status.status(at: row.at) == row.status)
        #expect(reading.summary.parts == row.parts)
        #expect(reading.label?.full == row.label)
        #expect(reading.problem == nil)
    }

    @Test("a recorded refusal means what the recording expects", arguments: refusals)
    func refusal(row: (name: String, code: ProblemCode, cause: ProblemCause, wait: Int64?)) async throws {
        let failure = await SanityScene([SanityScene.query: try #require(try Recordings.sanity.response(row.name))])
            .failure()
        #expect(failure?.code == row.code)
        #expect(failure?.cause == row.cause)
        #expect(failure?.disposition == (row.code == .rateLimited ? .keepsLast : .replaces))
        #expect(failure?.retryAfter == row.wait.map { SanityScene.wall.advanced(by: .seconds($0)) })
    }

    @Test("no recording is left out")
    func complete() throws {
        let played = Set(Self.rows.map(\.name) + Self.refusals.map(\.name))
        #expect(try Recordings.sanity.names == played.union(Self.deliveries))
    }
}
