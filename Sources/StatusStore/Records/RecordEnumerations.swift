import CTelltaleProtos
import Resilience
import StatusCore
import StatusModel

/// A domain enum and the numbers that stand for it in a record. The zero of each stands for no case: a record that
/// holds it, or a number that only a newer daemon knows, cannot be read.
protocol RecordEnumeration {
    associatedtype Number: Equatable

    static var cases: [Self] { get }

    var number: Number { get }
}

func readCase<Case: RecordEnumeration>(_ number: Case.Number, _ name: StaticString) throws(RecordError) -> Case {
    guard let known = Case.cases.first(where: { $0.number == number }) else {
        throw RecordError(field: name, reason: "must be a number that this version knows")
    }
    return known
}

extension ConnectionState: RecordEnumeration {
    static let cases = allCases

    var number: Telltale__V1__ConnectionState {
        switch self {
        case .connected: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_CONNECTED
        case .warning: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_WARNING
        case .error: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_ERROR
        case .disconnected: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_DISCONNECTED
        }
    }
}

extension ProblemCode: RecordEnumeration {
    static let cases = allCases

    var number: Telltale__V1__ProblemCode {
        switch self {
        case .oauthRevoked: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_OAUTH_REVOKED
        case .rateLimited: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_RATE_LIMITED
        case .timeout: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_TIMEOUT
        case .unknown: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_UNKNOWN
        case .missingScope: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_MISSING_SCOPE
        case .notFound: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_NOT_FOUND
        case .providerOutage: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_PROVIDER_OUTAGE
        case .sleeping: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_SLEEPING
        case .misconfigured: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_MISCONFIGURED
        case .network: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_NETWORK
        case .tls: TELLTALE__V1__PROBLEM_CODE__PROBLEM_CODE_TLS
        }
    }
}

extension ProblemCause: RecordEnumeration {
    static let cases = allCases

    var number: Telltale__V1__ProblemCause {
        switch self {
        case .provider: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_PROVIDER
        case .refused: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_REFUSED
        case .throttled: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_THROTTLED
        case .host: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_HOST
        }
    }
}

extension RefreshAttempt.Outcome: RecordEnumeration {
    static let cases = allCases

    var number: Telltale__V1__RefreshOutcome {
        switch self {
        case .succeeded: TELLTALE__V1__REFRESH_OUTCOME__REFRESH_OUTCOME_SUCCEEDED
        case .partial: TELLTALE__V1__REFRESH_OUTCOME__REFRESH_OUTCOME_PARTIAL
        case .failed: TELLTALE__V1__REFRESH_OUTCOME__REFRESH_OUTCOME_FAILED
        }
    }
}

extension Role: RecordEnumeration {
    static let cases = allCases

    var number: Telltale__Store__V1__Role {
        switch self {
        case .owner: TELLTALE__STORE__V1__ROLE__ROLE_OWNER
        case .admin: TELLTALE__STORE__V1__ROLE__ROLE_ADMIN
        case .editor: TELLTALE__STORE__V1__ROLE__ROLE_EDITOR
        case .viewer: TELLTALE__STORE__V1__ROLE__ROLE_VIEWER
        }
    }
}

extension ProviderFailure.Disposition: RecordEnumeration {
    static let cases = [keepsLast, replaces]

    var number: Telltale__Store__V1__Disposition {
        switch self {
        case .keepsLast: TELLTALE__STORE__V1__DISPOSITION__DISPOSITION_KEEPS_LAST
        case .replaces: TELLTALE__STORE__V1__DISPOSITION__DISPOSITION_REPLACES
        }
    }
}

extension CircuitBreaker.Reason: RecordEnumeration {
    static let cases = [failures, slow]

    var number: Telltale__Store__V1__BreakerReason {
        switch self {
        case .failures: TELLTALE__STORE__V1__BREAKER_REASON__BREAKER_REASON_FAILURES
        case .slow: TELLTALE__STORE__V1__BREAKER_REASON__BREAKER_REASON_SLOW
        }
    }
}
