import StatusCore
import StatusModel

/// One thing that is not as it should be, in words, and how bad it is.
struct SupabaseSymptom: Hashable, Sendable {
    var status: ConnectionState
    var words: String
    /// Nil when the words say it all, and there is nothing for the person to do (providers.md §8, SU2).
    var problem: ReadingProblem?

    static func warning(_ words: String) -> Self { Self(status: .warning, words: words) }

    /// SU4: paused, for good or on the way there.
    static func asleep(_ words: String) -> Self {
        Self(
            status: .warning, words: words,
            problem: ReadingProblem(
                code: .sleeping, cause: .provider, hint: "The project is paused; restore it in Supabase's dashboard."))
    }

    /// SU3: the database is not there to be used.
    static func broken(_ words: String) -> Self {
        Self(
            status: .error, words: words,
            problem: ReadingProblem(
                code: .unknown, cause: .provider,
                hint: "Supabase cannot use the project's database; see its dashboard, or restart the project there."))
    }

    static let restricted = Self(
        status: .warning, words: "Project restricted",
        problem: ReadingProblem(
            code: .rateLimited, cause: .throttled, hint: SupabaseProbeClassifier.restrictionHint))

    /// A part that is dead beside living ones; its name goes before what is wrong with it.
    static func dead(_ part: String, _ failure: ProviderFailure) -> Self {
        Self(
            status: .warning, words: "\(part) \(failure.code.partWords)",
            problem: ReadingProblem(code: failure.code, cause: failure.cause, hint: failure.hint))
    }
}

extension ProblemCode {
    /// What is wrong with one part, behind its name.
    fileprivate var partWords: String {
        switch self {
        case .oauthRevoked: "not authorised"
        case .missingScope: "not permitted"
        case .misconfigured: "misconfigured"
        case .notFound: "not found"
        case .rateLimited: "throttled"
        case .timeout: "does not answer"
        case .network, .tls: "unreachable"
        case .unknown, .providerOutage, .sleeping: "out of order"
        }
    }
}

extension SupabaseProject.Status {
    /// A stage of the project's life that explains whatever its services and its host say; nil while it should run.
    var stage: SupabaseSymptom? {
        switch self {
        case .inactive: .asleep("Project is paused")
        case .pausing: .asleep("Project is being paused")
        case .comingUp: .warning("Project is coming up")
        case .goingDown: .warning("Project is going down")
        case .resizing: .warning("Project is being resized")
        case .restarting: .warning("Project is restarting")
        case .restoring: .warning("Project is being restored")
        case .upgrading: .warning("Project is being upgraded")
        case .initFailed: .broken("Project failed to start")
        case .restoreFailed: .broken("Project failed to be restored")
        case .activeHealthy, .activeUnhealthy, .pauseFailed, .removed, .unknown: nil
        }
    }

    /// What is worth a word when no service explains it.
    var complaint: SupabaseSymptom? {
        switch self {
        case .activeUnhealthy: .warning("Project unhealthy")
        case .pauseFailed: .warning("Project failed to pause")
        default: nil
        }
    }
}

extension SupabaseHealth {
    /// What is wrong with the services that the link wants, in its order.
    func symptoms(of services: [String]) -> [SupabaseSymptom] {
        services.compactMap { service in
            let name = Self.title(of: service)
            switch state(of: service) {
            case .healthy: return nil
            case .unhealthy where Self.databaseServices.contains(service): return .broken("\(name) unhealthy")
            case .unhealthy: return .warning("\(name) unhealthy")
            case .comingUp: return .warning("\(name) coming up")
            case .unknown: return .warning("\(name) status unknown")
            }
        }
    }

    private static func title(of service: String) -> String {
        switch service {
        case "auth": "Auth"
        case "db", "db_postgres_user": "Database"
        case "pg_bouncer", "pooler": "Pooler"
        case "realtime": "Realtime"
        case "rest": "REST API"
        case "storage": "Storage"
        default: service
        }
    }
}
