package import HTTPClient
package import StatusCore
import StatusModel

extension ActionFailure {
    /// What a provider's refusal, or its silence, means for an action of which nothing was done. The reason bears the
    /// problem's name, so that it reads as the item's problem does.
    ///
    /// - Parameters:
    ///   - failure: As a read would meet it.
    ///   - words: Better ones than its hint, where the action knows them.
    package init(_ failure: ProviderFailure, _ words: OperationWords? = nil) {
        let code: Code =
            switch failure.code {
            case .oauthRevoked: .unauthenticated
            case .missingScope: .permissionDenied
            case .notFound: .notFound
            case .rateLimited: .resourceExhausted
            case .timeout: .deadlineExceeded
            case .misconfigured: .failedPrecondition
            case .network, .tls, .providerOutage, .sleeping: .unavailable
            case .unknown: failure.cause == .host ? .internal : .unavailable
            }
        // Nobody tries an action again by itself.
        let held = failure.heldUntil.map { _ in
            OperationWords(
                "The provider keeps failing and is left alone for a while; nothing was sent: run it again then with a new key."
            )
        }
        self.init(
            code, reason: failure.code.rawValue.uppercased(),
            words ?? held ?? failure.actionWords,
            retryAfter: failure.retryAfter ?? failure.heldUntil, sharedLimitEndsAt: failure.sharedLimitEndsAt)
    }

    /// It was sent, and no answer of the provider's own says what became of it.
    ///
    /// - Parameter words: Where the person can look.
    /// - Returns: A failure of an unknown outcome.
    package static func lost(_ words: OperationWords) -> Self {
        Self(.unknown, reason: "OUTCOME_UNKNOWN", words, isOutcomeUnknown: true)
    }

    /// It never left this host: others took every connection for as long as it had time, or too many waited already.
    package static let overloaded = ActionFailure(
        .unavailable, reason: "OVERLOADED",
        OperationWords(
            "Too many requests wait on this host, so it was not sent and nothing was done; run it again in a minute with a new key."
        ))

    /// Its time was over before it could leave.
    static let noTimeLeft = ActionFailure(
        .deadlineExceeded, reason: "TIMEOUT",
        OperationWords("No time was left to send it, so nothing was changed; run it again with a new key."))

    /// A call about an action or a link that the executor is not for: a mistake of whoever chose it.
    static func foreign(_ provider: String) -> Self {
        Self(
            .internal, reason: "ACTION_FOREIGN",
            OperationWords("This is no action of \(provider)'s; see the daemon's log."))
    }
}

/// When a request that changes something may have done so although nobody said so.
package enum LostAnswer {
    /// Whether an answer leaves open what became of the request: whatever failed, the provider or a gateway before it, may have
    /// failed behind the doing. No refusal (4xx) comes of doing what it refuses.
    package static func hidesOutcome(status: Int) -> Bool { (500...599).contains(status) }

    /// Whether a request that got no answer may have reached its goal. Not without a connection, and not when none was tried.
    package static func isPossible(after error: HTTPClientError) -> Bool {
        if error.isUnsent { return false }
        switch error.kind {
        case .dns, .connect, .tls, .addressRefused, .invalidRequest, .held, .overloaded: return false
        case .timeout, .reset, .cancelled, .bodyTooLarge, .malformedResponse, .redirectRefused, .other: return true
        }
    }
}
