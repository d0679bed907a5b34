import FoundationEssentials
import HTTPClient
import StatusCore
import StatusModel
import StatusProviders
import Testing

/// Answers recorded from Supabase, where they lie beside the checkout (`../shared/payloads`); they are no part of it.
private enum SupabaseRecordings {
    static let directory: String = {
        // Tests/StatusProvidersTests/Supabase/<this file>: four steps up is the package, five its neighbours.
        let parts = #filePath.split(separator: "/").dropLast(5)
        return "/" + parts.joined(separator: "/") + "/shared/payloads/supabase"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: directory) }

    static var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".json") } }
    }

    static func response(_ name: String) throws -> HTTPResponse {
        let data = try Data(contentsOf: URL(filePath: "\(directory)/\(name)"))
        let recorded = try JSONDecoder().decode(File.self, from: data).response
        var response = HTTPResponse(recorded.status)
        for (name, value) in recorded.headers { response.headers[name] = value }
        response.body = Array(try JSONEncoder().encode(recorded.body))
        response.latency = .milliseconds(12)
        return response
    }

    private struct File: Decodable {
        struct Response: Decodable {
            var status: Int
            var headers: [String: String]
            var body: AnyJSON
        }

        var response: Response
    }
}

/// Any JSON, to write it out again.
private enum AnyJSON: Codable {
    case null, bool(Bool), number(Double), text(String), list([AnyJSON]), object([String: AnyJSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([AnyJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: AnyJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

@Suite(
    "Supabase: recorded answers",
    .enabled(if: SupabaseRecordings.isPresent, "no recordings at ../shared/payloads/supabase"),
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
        #expect(Set(try SupabaseRecordings.names).isSubset(of: known))
    }

    @Test("a recorded answer gives the expected status, code, cause and words", arguments: expectations.keys.sorted())
    func recording(name: String) async throws {
        let expected = try #require(Self.expectations[name])
        let scene = Self.scene(name, .answer(try SupabaseRecordings.response(name)))
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
