import FoundationEssentials
package import HTTPClient
package import StatusCore
package import StatusModel

/// What the probe of the project's own host found out.
package enum SupabaseProbeResult: Hashable, Sendable {
    /// It answered, after so long.
    case answered(Duration)
    /// The host says that the project is paused (540).
    case asleep
    /// PostgREST cannot reach the database.
    case databaseDown
    /// The project is cut off for its quota or an unpaid bill (402).
    case restricted
    case failed(ProviderFailure)
}

/// What an answer of the project's own host means: a pure table (providers.md §1.2, §5.1, §8).
///
/// Gateway, Auth and PostgREST share that host. The gateway and Auth go by words, PostgREST by codes.
package enum SupabaseProbeClassifier {
    static let server = "Supabase's project host"
    static let restrictionHint =
        "Supabase restricts the project for its quota or an unpaid bill; see the organisation's billing page."

    /// Reads an answer to the probe.
    package static func result(
        of response: HTTPResponse, probe: SupabaseTarget.Probe, now: UnixTime
    ) -> SupabaseProbeResult {
        if (200...299).contains(response.status) {
            return isAnswer(response, to: probe) ? .answered(response.latency) : .failed(unreadable)
        }
        let body = SupabaseErrorBody(response.body)
        switch (response.status, body.code) {
        case (540, _): return .asleep
        case (402, _): return .restricted
        case (_, "PGRST000"), (_, "PGRST001"), (_, "PGRST002"): return .databaseDown
        default: return .failed(failure(for: response, body, now: now))
        }
    }

    /// An answer of 200 that is not what was asked for.
    package static let unreadable = SupabaseAnswers.unreadable(server)

    package static let deadKey = SupabaseAnswers.refused(
        .oauthRevoked, "Supabase no longer accepts the project key; store a current one of the project as projectKey.")

    private static func failure(
        for response: HTTPResponse, _ body: SupabaseErrorBody, now: UnixTime
    ) -> ProviderFailure {
        if body.code == "PGRST003" { return SupabaseAnswers.late(response, server, now: now) }
        if let known = refusals.first(where: { $0.code == body.code }) {
            return SupabaseAnswers.refused(known.means, known.hint)
        }
        // A page in Supabase's place says nothing of the key or the table. An empty body is nobody's page.
        guard body.isFromAPI || response.body.isEmpty || !(400...428).contains(response.status) else {
            return SupabaseAnswers.failure(for: response, server, now: now)
        }
        switch response.status {
        case 401: return body.message.contains("no api key found") ? missingKey : deadKey
        case 403: return forbidden
        case 404:
            return SupabaseAnswers.refused(
                .misconfigured, "The project's host has nothing at the probe's address; correct probe or url.")
        case 407, 408: return SupabaseAnswers.failure(for: response, server, now: now)
        case 400...428:
            return SupabaseAnswers.refused(
                .misconfigured, "The project's host rejects the probe (HTTP \(response.status)); correct the probe.")
        default: return SupabaseAnswers.failure(for: response, server, now: now)
        }
    }

    private static let missingKey = SupabaseAnswers.refused(
        .misconfigured, "The project's host found no key in the request; check projectKey and any proxy in between.")

    private static let forbidden = SupabaseAnswers.refused(
        .missingScope, "The project key may not do what the probe does; grant it the right, or probe something else.")

    /// https://docs.postgrest.org/en/stable/references/errors.html. Before PostgREST 13, 301 stood for what is 303 now.
    private static let refusals: [(code: String, means: ProblemCode, hint: String)] = [
        ("PGRST301", .oauthRevoked, deadKey.hint), ("PGRST303", .oauthRevoked, deadKey.hint),
        ("PGRST302", .misconfigured, "The project admits no anonymous request; store a key that it knows."),
        ("42501", .missingScope, forbidden.hint),
        ("PGRST202", .misconfigured, "The project has no function as the probe names it; correct the probe."),
        // From the schema cache: nothing was asked of the database, so this does not prove that it is up.
        ("PGRST205", .misconfigured, "The project has no table as the probe names it; correct the probe."),
        ("42P01", .misconfigured, "The project has no table as the probe names it; correct the probe."),
        ("42703", .misconfigured, "The probed table has no column as the probe names it; correct the probe."),
    ]

    /// Whether a good status comes with what was asked for, and is not some proxy's page. Row level security may leave
    /// the list of rows empty, which is an answer all the same.
    private static func isAnswer(_ response: HTTPResponse, to probe: SupabaseTarget.Probe) -> Bool {
        struct Row: Decodable {}
        struct Health: Decodable {
            var name: String?
            var version: String?
        }
        let body = Data(response.body)
        switch probe {
        case .authHealth:
            let health = try? JSONDecoder().decode(Health.self, from: body)
            return health?.name != nil || health?.version != nil
        case .table:
            return (try? JSONDecoder().decode([Row].self, from: body)) != nil
        case .function:
            // A function that returns nothing answers 204.
            return body.isEmpty || (try? JSONDecoder().decode(AnyJSON.self, from: body)) != nil
        }
    }

    /// Any JSON value.
    private struct AnyJSON: Decodable {
        init(from decoder: any Decoder) throws {
            // The decoder has parsed the whole text before it comes here.
        }
    }
}
