package import HTTPClient
package import StatusCore
import StatusModel

/// Reads a project's state from Supabase: its management API, and the project's own host (providers.md §5).
///
/// All requests go out side by side, so a read takes one round trip. What an answer means is decided elsewhere:
/// ``SupabaseManagementClassifier`` and ``SupabaseProbeClassifier`` for one, ``SupabaseFindings`` for all together.
package struct SupabaseProvider: Provider {
    /// How many latency samples are kept.
    package static let samplesMax = 32

    private let transport: any HTTPTransport
    private let digest: DigestFunction
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - digest: One-way; ties what is remembered to the credentials without holding them.
    ///   - userAgent: Whom Supabase shall see.
    package init(transport: any HTTPTransport, digest: @escaping DigestFunction, userAgent: String = "telltale") {
        self.transport = transport
        self.digest = digest
        self.userAgent = userAgent
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        let (target, requests, token, key) = try prepared(request)
        let validator = requests.validator(token: try? token?.get(), key: try? key?.get(), digest)
        let known = SupabaseMemo(request.previous?.memo ?? [:], validator: validator, now: request.now.wall)

        let (findings, budget) = await ask(request, of: target, requests, token: token, key: key, hold: known?.hold)
        let samples = Self.samples(known == nil ? [] : request.previous?.latencies ?? [], findings.probe)
        let verdict = try findings.verdict(for: target, samples: samples)
        let memo = (known ?? SupabaseMemo(validator: validator)).updated(by: findings, now: request.now.wall)

        var reading = Reading(
            key: .provider(.supabase), observedAt: request.now, status: StatusTimeline(verdict.status),
            summary: Self.summary(verdict, findings.probe, samples))
        reading.label = ResourceLabel(full: memo.name ?? target.reference, generic: "Project")
        reading.problem = verdict.problem
        reading.latencies = samples
        reading.budget = budget
        // A limit of the management API is held in the memo, so that the probe goes on.
        reading.notBefore = memo.hold == nil ? findings.notBefore : nil
        reading.memo = memo.fields
        return reading
    }

    /// What all requests of a read find out, with nothing remembered.
    func findings(_ request: ReadRequest) async throws(ProviderFailure) -> SupabaseFindings {
        let (target, requests, token, key) = try prepared(request)
        return await ask(request, of: target, requests, token: token, key: key, hold: nil).0
    }

    private typealias Credential = Result<String, ProviderFailure>

    private func prepared(
        _ request: ReadRequest
    ) throws(ProviderFailure) -> (SupabaseTarget, SupabaseRequests, token: Credential?, key: Credential?) {
        guard case .supabase(let target) = request.link.target else { throw Self.foreignLink }
        let requests = try SupabaseRequests(target: target, userAgent: userAgent)
        let token = request.secret.map { SupabaseCredential.usable($0, named: "management token") }
        let key = request.namedSecrets[SupabaseTarget.projectKey].map { secret in
            secret.flatMap { SupabaseCredential.usable($0, named: "project key") }
        }
        guard token != nil || key != nil else { throw Self.noCredential }
        return (target, requests, token, key)
    }

    /// Sends all requests at once and waits for the last.
    private func ask(
        _ request: ReadRequest, of target: SupabaseTarget, _ requests: SupabaseRequests,
        token: Result<String, ProviderFailure>?, key: Result<String, ProviderFailure>?, hold: SupabaseMemo.Hold?
    ) async -> (SupabaseFindings, RateBudget?) {
        let management = SupabaseManagement(
            token: token, hold: hold, exchange: exchange(SupabaseManagementClassifier.server, request))
        async let project = management.ask(requests.project, reading: SupabaseProject.init(json:))
        async let health = management.ask(
            { requests.health(token: $0, timeLeft: management.exchange.timeLeft) },
            reading: SupabaseHealth.init(json:))
        async let probe = Self.probe(
            requests, key, target.probe, exchange(SupabaseProbeClassifier.server, request))
        let answers = await (project: project, health: health, probe: probe)
        let budgets = [answers.project.budget, answers.health.budget].compactMap { $0 }
        return (
            SupabaseFindings(
                project: answers.project.result, health: answers.health.result, probe: answers.probe),
            budgets.min { $0.remaining < $1.remaining }
        )
    }

    private func exchange(_ server: String, _ request: ReadRequest) -> ProviderExchange {
        ProviderExchange(
            transport: transport, provider: server, now: request.now,
            deadline: request.deadline.advanced(by: .zero - ProviderExchange.deadlineMargin))
    }

    /// Asks the project's own host; nil without a key.
    private static func probe(
        _ requests: SupabaseRequests, _ key: Result<String, ProviderFailure>?, _ probe: SupabaseTarget.Probe,
        _ exchange: ProviderExchange
    ) async -> SupabaseProbeResult? {
        var exchange = exchange
        do throws(ProviderFailure) {
            guard let key = try key?.get() else { return nil }
            let response = try await exchange.send(requests.probe(key: key))
            return SupabaseProbeClassifier.result(of: response, probe: probe, now: exchange.answeredAt)
        } catch {
            return .failed(error)
        }
    }

    private static func samples(_ earlier: [Duration], _ probe: SupabaseProbeResult?) -> [Duration] {
        guard case .answered(let latency) = probe else { return earlier.suffix(samplesMax) }
        return (earlier + [latency]).suffix(samplesMax)
    }

    /// The latency is shown beside a probe that is fine: `Database healthy · 12ms avg`.
    private static func summary(
        _ verdict: SupabaseVerdict, _ probe: SupabaseProbeResult?, _ samples: [Duration]
    ) -> Summary {
        var parts = verdict.words.map { Summary.Part.text($0) }
        if case .answered = probe, let mean = LatencySummary(samples: samples)?.mean {
            // To the nearest millisecond, and never none at all.
            let milliseconds = max(1, (mean.saturatedNanoseconds + 500_000) / 1_000_000)
            parts.append(.measured("\(milliseconds)ms avg"))
        }
        return Summary(parts)
    }

    private static let foreignLink = ProviderFailure(
        code: .misconfigured, cause: .host, hint: "The link is not one to Supabase; correct the configuration.",
        disposition: .replaces)

    private static let noCredential = ProviderFailure(
        code: .misconfigured, cause: .host,
        hint: "The link has neither a management token nor a project key; set credential, projectKey or both.",
        disposition: .replaces)
}
