package import HTTPClient
package import StatusCore
package import StatusModel

/// What Vercel's answer to a request that changes something means, when it is not the one hoped for.
///
/// Refusals of the token and limits are those of a read (``VercelClassifier``); what is peculiar to an action stands here.
package enum VercelActionClassifier {
    /// - Parameters:
    ///   - response: The answer.
    ///   - secret: What must not be repeated.
    ///   - hasTeam: Whether the link names a team.
    ///   - lost: Where to look when the answer does not say what became of the request.
    ///   - now: When it came.
    /// - Returns: The failure.
    package static func failure(
        for response: HTTPResponse, hiding secret: Secret?, hasTeam: Bool, lost: OperationWords, now: UnixTime
    ) -> ActionFailure {
        let body = VercelErrorBody(response.body)
        if LostAnswer.hidesOutcome(status: response.status) { return .lost(lost) }
        let failure = ActionFailure(VercelClassifier.failure(for: response, hasTeam: hasTeam, now: now))
        guard body.isFromAPI else { return failure }
        let told = ProviderMessage.shown(response.body, hiding: secret).map { " \($0)" } ?? ""
        switch response.status {
        case 402:
            var quota = failure
            quota.reason = "QUOTA_EXHAUSTED"
            quota.message = OperationWords(
                "Vercel's quota of deployments for this plan is used up; wait until it is whole again, or upgrade.")
            return quota
        case 409, 423:
            return rejected("Vercel cannot do it in the project's present state.", told, reason: "CONFLICT")
        case 400 where failure.code == .failedPrecondition, 422:
            return rejected("Vercel rejects the request.", told, reason: "REQUEST_REJECTED")
        default: return failure
        }
    }

    /// The same for a link to a repository: Vercel refuses one that its app on GitHub does not see.
    package static func linkFailure(
        for response: HTTPResponse, hiding secret: Secret?, hasTeam: Bool, lost: OperationWords, now: UnixTime
    ) -> ActionFailure {
        let failure = failure(for: response, hiding: secret, hasTeam: hasTeam, lost: lost, now: now)
        guard response.status == 400, failure.reason == "REQUEST_REJECTED" else { return failure }
        let told = ProviderMessage.shown(response.body, hiding: secret).map { " \($0)" } ?? ""
        return rejected(
            "Vercel's app on GitHub does not see the repository: install it for the repository, and link it again.",
            told,
            reason: "APP_NOT_INSTALLED")
    }

    private static func rejected(_ words: String, _ told: String, reason: String) -> ActionFailure {
        ActionFailure(.failedPrecondition, reason: reason, OperationWords(words + told, generic: words))
    }
}
