import CTelltaleProtos
import StatusModel

/// A domain enum and the constants that stand for it on the wire. The zero of each, `…_UNSPECIFIED`, stands for no case.
protocol WireEnumeration: CaseIterable {
    associatedtype Wire: Equatable

    var wire: Wire { get }
}

extension WireEnumeration {
    /// Nil for the unspecified value, and for one from a newer peer. Where a case must stand for these, the enum's
    /// `unrecognised` is the one that promises the least.
    init?(wire: Wire) {
        guard let known = Self.allCases.first(where: { $0.wire == wire }) else { return nil }
        self = known
    }
}

extension ConnectionState: WireEnumeration {
    /// A person should look at it.
    static let unrecognised = Self.warning

    var wire: Telltale__V1__ConnectionState {
        switch self {
        case .connected: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_CONNECTED
        case .warning: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_WARNING
        case .error: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_ERROR
        case .disconnected: TELLTALE__V1__CONNECTION_STATE__CONNECTION_STATE_DISCONNECTED
        }
    }
}

extension ConfiguredReason: WireEnumeration {
    var wire: Telltale__V1__ConfiguredReason {
        switch self {
        case .notLinked: TELLTALE__V1__CONFIGURED_REASON__CONFIGURED_REASON_NOT_LINKED
        case .revoked: TELLTALE__V1__CONFIGURED_REASON__CONFIGURED_REASON_REVOKED
        case .disabled: TELLTALE__V1__CONFIGURED_REASON__CONFIGURED_REASON_DISABLED
        case .hiddenByPolicy: TELLTALE__V1__CONFIGURED_REASON__CONFIGURED_REASON_HIDDEN_BY_POLICY
        }
    }
}

extension Freshness: WireEnumeration {
    /// Nothing to rely on.
    static let unrecognised = Self.old

    var wire: Telltale__V1__Freshness {
        switch self {
        case .never: TELLTALE__V1__FRESHNESS__FRESHNESS_NEVER
        case .fresh: TELLTALE__V1__FRESHNESS__FRESHNESS_FRESH
        case .ageing: TELLTALE__V1__FRESHNESS__FRESHNESS_AGEING
        case .old: TELLTALE__V1__FRESHNESS__FRESHNESS_OLD
        }
    }
}

extension ProblemCode: WireEnumeration {
    /// The code for what has no other.
    static let unrecognised = Self.unknown

    var wire: Telltale__V1__ProblemCode {
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

extension ProblemCause: WireEnumeration {
    /// The one that asks nothing of the reader.
    static let unrecognised = Self.provider

    var wire: Telltale__V1__ProblemCause {
        switch self {
        case .provider: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_PROVIDER
        case .refused: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_REFUSED
        case .throttled: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_THROTTLED
        case .host: TELLTALE__V1__PROBLEM_CAUSE__PROBLEM_CAUSE_HOST
        }
    }
}

extension RefreshAttempt.Outcome: WireEnumeration {
    /// Neither success nor failure is claimed.
    static let unrecognised = Self.partial

    var wire: Telltale__V1__RefreshOutcome {
        switch self {
        case .succeeded: TELLTALE__V1__REFRESH_OUTCOME__REFRESH_OUTCOME_SUCCEEDED
        case .partial: TELLTALE__V1__REFRESH_OUTCOME__REFRESH_OUTCOME_PARTIAL
        case .failed: TELLTALE__V1__REFRESH_OUTCOME__REFRESH_OUTCOME_FAILED
        }
    }
}

extension ReadingMode: WireEnumeration {
    /// The default of the protocol.
    static let unrecognised = Self.cached

    var wire: Telltale__V1__ReadingMode {
        switch self {
        case .cached: TELLTALE__V1__READING_MODE__READING_MODE_CACHED
        case .preferFresh: TELLTALE__V1__READING_MODE__READING_MODE_PREFER_FRESH
        case .force: TELLTALE__V1__READING_MODE__READING_MODE_FORCE
        }
    }
}

extension AnswerSource: WireEnumeration {
    /// Nothing newer is claimed.
    static let unrecognised = Self.stale

    var wire: Telltale__V1__AnswerSource {
        switch self {
        case .hit: TELLTALE__V1__ANSWER_SOURCE__ANSWER_SOURCE_HIT
        case .stale: TELLTALE__V1__ANSWER_SOURCE__ANSWER_SOURCE_STALE
        case .collapsed: TELLTALE__V1__ANSWER_SOURCE__ANSWER_SOURCE_COLLAPSED
        case .fetched: TELLTALE__V1__ANSWER_SOURCE__ANSWER_SOURCE_FETCHED
        case .checking: TELLTALE__V1__ANSWER_SOURCE__ANSWER_SOURCE_CHECKING
        }
    }
}

extension BreakerState: WireEnumeration {
    var wire: Telltale__V1__BreakerState {
        switch self {
        case .closed: TELLTALE__V1__BREAKER_STATE__BREAKER_STATE_CLOSED
        case .open: TELLTALE__V1__BREAKER_STATE__BREAKER_STATE_OPEN
        case .halfOpen: TELLTALE__V1__BREAKER_STATE__BREAKER_STATE_HALF_OPEN
        }
    }
}

extension WatchEndReason: WireEnumeration {
    /// What any server does sooner or later.
    static let unrecognised = Self.draining

    var wire: Telltale__V1__GoingAway__Reason {
        switch self {
        case .draining: TELLTALE__V1__GOING_AWAY__REASON__REASON_DRAINING
        case .slowConsumer: TELLTALE__V1__GOING_AWAY__REASON__REASON_SLOW_CONSUMER
        }
    }
}

extension WatchReset.Reason: WireEnumeration {
    /// Whatever the reason, events were lost.
    static let unrecognised = Self.truncated

    var wire: Telltale__V1__WatchReset__Reason {
        switch self {
        case .truncated: TELLTALE__V1__WATCH_RESET__REASON__REASON_TRUNCATED
        case .epoch: TELLTALE__V1__WATCH_RESET__REASON__REASON_EPOCH
        case .future: TELLTALE__V1__WATCH_RESET__REASON__REASON_FUTURE
        }
    }
}

extension ServingStatus: WireEnumeration {
    /// The zero of the published protocol is a case of its own.
    static let unrecognised = Self.unknown

    var wire: Grpc__Health__V1__HealthCheckResponse__ServingStatus {
        switch self {
        case .unknown: GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__UNKNOWN
        case .serving: GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
        case .notServing: GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING
        case .serviceUnknown: GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN
        }
    }
}
