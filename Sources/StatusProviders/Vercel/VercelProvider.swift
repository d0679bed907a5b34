package import HTTPClient
package import StatusCore
import StatusModel

/// Reads a project's deployments from Vercel's REST API (providers.md §3).
///
/// One wave of requests side by side. Vercel has no conditional requests, so each read fetches anew. What the answers
/// mean is decided elsewhere: ``VercelClassifier`` for refusals, ``VercelStanding`` for the reading.
package struct VercelProvider: Provider {
    private let transport: any HTTPTransport
    private let digest: DigestFunction
    private let userAgent: String

    /// - Parameters:
    ///   - transport: Sends the requests.
    ///   - digest: One-way; ties what is remembered to the token without holding it.
    ///   - userAgent: Whom Vercel shall see.
    package init(transport: any HTTPTransport, digest: @escaping DigestFunction, userAgent: String = "telltale") {
        self.transport = transport
        self.digest = digest
        self.userAgent = userAgent
    }

    package func read(_ request: ReadRequest) async throws(ProviderFailure) -> Reading {
        guard case .vercel(let target) = request.link.target else { throw Self.foreignLink }
        let requests = try VercelRequests(target: target, secret: request.secret, userAgent: userAgent)
        let known = VercelMemo(
            request.previous?.memo ?? [:], validator: requests.validator(digest), now: request.now.wall)
        let fresh = ProviderExchange(
            transport: transport, provider: "Vercel", now: request.now,
            deadline: request.deadline.advanced(by: .zero - ProviderExchange.deadlineMargin))

        async let project = Self.ask(requests.linkedProject(), fresh)
        async let newest = Self.ask(requests.deployments(), fresh)
        async let productions = known.asksProductions ? Self.ask(requests.productions(), fresh) : nil
        let wave = (project: await project, newest: await newest, productions: await productions)
        var answers = VercelAnswers(
            project: wave.project.result, newest: wave.newest.result, productions: wave.productions?.result,
            hasTeam: requests.team != nil, now: request.now.wall)
        // What follows the wave has the time that its slowest request leaves.
        var exchange =
            [wave.project, wave.newest, wave.productions].compactMap { $0?.exchange }
            .min { $0.timeLeft < $1.timeLeft } ?? fresh

        // Since the last read so many previews were made that production fell off the list.
        if answers.failure == nil, answers.needsProductions, answers.productions == nil {
            answers.note(productions: await Self.ask(requests.productions(), exchange).result)
        }
        if let failure = answers.failure {
            throw failure == VercelClassifier.notAuthorized ? await confirmed(requests, &exchange) : failure
        }
        return try Self.reading(of: requests, answers, known: known, at: request.now)
    }

    /// Tells what a 403 without a reason stands for: only a token that lives has an owner to be asked for.
    private func confirmed(_ requests: VercelRequests, _ exchange: inout ProviderExchange) async -> ProviderFailure {
        let user = try? await exchange.send(requests.user())
        return VercelClassifier.confirmed(by: user, now: exchange.answeredAt)
    }

    private static func reading(
        of requests: VercelRequests, _ answers: VercelAnswers, known: VercelMemo, at now: Moment
    ) throws(ProviderFailure) -> Reading {
        // Without the project its deployments still decide; it is named beside them as the part that is missing.
        let found = try? answers.project.get()
        let project = found ?? VercelProject(id: nil)
        let standing = VercelStanding(
            project: project, newest: try answers.newest.get(), productions: try? answers.productions?.get(),
            now: now.wall)
        var memo = known
        memo.decided = standing.decided ?? known.decided
        memo.asksProductions = answers.needsProductions
        if let found { (memo.name, memo.nameLearntAt) = (found.name, found.name.map { _ in now.wall }) }
        var reading = Reading(
            key: .provider(.vercel), observedAt: now,
            status: StatusTimeline(answers.fault == nil ? memo.decided ?? .warning : .warning),
            summary: standing.summary)
        reading.problem = answers.fault.map { ReadingProblem(code: $0.code, cause: $0.cause, hint: $0.hint) }
        reading.notBefore = answers.fault?.retryAfter
        reading.label = ResourceLabel(full: memo.name ?? requests.project, generic: "Vercel project")
        reading.environments = standing.environments.map(\.reading)
        reading.milestones = standing.milestones
        reading.budget = answers.budget
        reading.memo = memo.fields
        return reading
    }

    /// One request of several side by side, with what it leaves of the time.
    private static func ask(
        _ request: HTTPRequest, _ exchange: ProviderExchange
    ) async -> (result: VercelAnswers.Answer, exchange: ProviderExchange) {
        var exchange = exchange
        do throws(ProviderFailure) {
            return (.success(try await exchange.send(request)), exchange)
        } catch {
            return (.failure(error), exchange)
        }
    }

    private static let foreignLink = ProviderFailure(
        code: .misconfigured, cause: .host, hint: "The link is not one to Vercel; correct the configuration.",
        disposition: .replaces)
}
