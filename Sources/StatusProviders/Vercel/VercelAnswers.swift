package import HTTPClient
package import StatusCore
package import StatusModel

/// What the requests of one read came to, and what that makes of the read.
///
/// Each answer stands for itself. Whether one that is missing spoils the reading depends on what the others hold.
package struct VercelAnswers: Sendable {
    package typealias Answer = Result<HTTPResponse, ProviderFailure>

    package let project: Result<VercelProject, ProviderFailure>
    /// The newest deployments of all environments.
    package let newest: Result<VercelDeploymentList, ProviderFailure>
    /// Production's own list; nil when it was not asked for.
    package private(set) var productions: Result<VercelDeploymentList, ProviderFailure>?
    /// What is left of the limit that is nearest to its end: Vercel has one for each endpoint.
    package let budget: RateBudget?

    private let hasTeam: Bool
    private let now: UnixTime

    package init(project: Answer, newest: Answer, productions: Answer?, hasTeam: Bool, now: UnixTime) {
        self.hasTeam = hasTeam
        self.now = now
        self.project = project.flatMap { response in
            Self.checked(response, hasTeam: hasTeam, now: now).flatMap { body in
                guard let project = VercelProject(json: body) else { return .failure(VercelClassifier.unreadable) }
                return project.id == nil ? .failure(VercelClassifier.withheld) : .success(project)
            }
        }
        self.newest = Self.list(newest, hasTeam: hasTeam, now: now)
        self.productions = productions.map { Self.list($0, hasTeam: hasTeam, now: now) }
        budget = [project, newest, productions].compactMap { try? $0?.get() }
            .compactMap { RateBudget(vercel: $0.headers, now: now) }
            .min { $0.remaining < $1.remaining }
    }

    /// Takes in production's own list, asked for after the others.
    package mutating func note(productions answer: Answer) {
        productions = Self.list(answer, hasTeam: hasTeam, now: now)
    }

    /// Whether the newest deployments leave production undecided: it may lie beneath more previews than one list holds.
    package var needsProductions: Bool {
        guard let newest = try? newest.get() else { return false }
        let production = newest.deployments.filter { $0.environment == .production }
        return VercelEnvironment(.production, production)?.finished == nil
    }

    /// Why the project could not be had while its deployments could, which is no reason to forget these: Vercel's own
    /// trouble, or silence. A refusal of the project speaks for all of it, and so does an answer that is not Vercel's.
    package var fault: ProviderFailure? {
        guard let failure = Self.failure(of: project), !failure.isRefusal, !failure.isThrottled,
            failure != VercelClassifier.unreadable,
            (try? newest.get()) != nil
        else { return nil }
        return failure
    }

    /// What spoils the reading; nil when all is there that it takes. A refusal says more than a limit, and a limit more
    /// than silence: it must not be met again at once.
    package var failure: ProviderFailure? {
        let needed = [fault == nil ? Self.failure(of: project) : nil, Self.failure(of: newest)]
        let production = needsProductions ? productions.flatMap(Self.failure) : nil
        let failures = (needed + [production]).compactMap { $0 }
        let worst = failures.first(where: \.isRefusal) ?? failures.first(where: \.isThrottled) ?? failures.first
        return worst?.obeying(failures)
    }

    private static func failure(of result: Result<some Sendable, ProviderFailure>) -> ProviderFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }

    private static func list(
        _ answer: Answer, hasTeam: Bool, now: UnixTime
    ) -> Result<VercelDeploymentList, ProviderFailure> {
        answer.flatMap { response in
            checked(response, hasTeam: hasTeam, now: now).flatMap { body in
                VercelDeploymentList(json: body).map(Result.success) ?? .failure(VercelClassifier.unreadable)
            }
        }
    }

    /// The body of an answer that is the one hoped for.
    private static func checked(
        _ response: HTTPResponse, hasTeam: Bool, now: UnixTime
    ) -> Result<[UInt8], ProviderFailure> {
        response.status == 200
            ? .success(response.body)
            : .failure(
                VercelClassifier.failure(for: response, hasTeam: hasTeam, now: now.advanced(by: response.elapsed)))
    }
}
