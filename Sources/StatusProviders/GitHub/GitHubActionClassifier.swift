package import HTTPClient
package import StatusCore
package import StatusModel

/// What GitHub's answer to a request that changes something means, when it is not the one hoped for.
///
/// Refusals of the token and limits are those of a read (``GitHubClassifier``); what is peculiar to an action stands here.
package enum GitHubActionClassifier {
    /// - Parameters:
    ///   - response: The answer.
    ///   - order: To what.
    ///   - secret: What must not be repeated.
    ///   - now: When it came.
    /// - Returns: The failure.
    package static func failure(
        for response: HTTPResponse, to order: GitHubOrder, hiding secret: Secret?, now: UnixTime
    ) -> ActionFailure {
        let body = GitHubErrorBody(response.body)
        // GitHub gives up on a request after 10 s, and does not know either what became of it.
        let isLate = (500...599).contains(response.status) && body.message.contains("respond to your request in time")
        if isLate || LostAnswer.hidesOutcome(status: response.status) {
            return .lost(order.lost)
        }
        let failure = ActionFailure(GitHubClassifier.failure(for: response, now: now))
        guard body.isFromAPI else { return failure }
        switch response.status {
        case 403 where body.message.contains("resource not accessible by"):
            var refused = failure
            refused.message = OperationWords(
                "The token lacks a permission; grant it \(order.permission) for the repository on GitHub.")
            return refused
        case 404: return absent(order, body, failure)
        case 409: return conflict(order, response, hiding: secret)
        case 422:
            let told = ProviderMessage.shown(response.body, hiding: secret).map { " \($0)" } ?? ""
            return ActionFailure(
                .failedPrecondition, reason: "REQUEST_REJECTED",
                OperationWords(rejection(of: order) + told, generic: rejection(of: order)))
        default: return failure
        }
    }

    private static func absent(
        _ order: GitHubOrder, _ body: GitHubErrorBody, _ failure: ActionFailure
    ) -> ActionFailure {
        var failure = failure
        switch order {
        case .mergeUpstream where body.message.contains("branch not found"):
            failure.reason = "BRANCH_NOT_FOUND"
            failure.message = OperationWords(
                "The repository has no such branch; name one of its own as payload.branch.")
        case .workflow:
            failure.message = OperationWords(
                "There is no such workflow, or the token may not run it; correct payload.workflow, or grant the token "
                    + "\(order.permission).")
        default:
            failure.message = OperationWords(
                "The repository does not exist or the token may not write to it; correct the link, or grant the token "
                    + "\(order.permission).")
        }
        return failure
    }

    private static func conflict(
        _ order: GitHubOrder, _ response: HTTPResponse, hiding secret: Secret?
    ) -> ActionFailure {
        if case .mergeUpstream = order {
            return ActionFailure(
                .failedPrecondition, reason: "MERGE_CONFLICT",
                OperationWords("The branch and its upstream conflict; merge them by hand and push the result."))
        }
        let told = ProviderMessage.shown(response.body, hiding: secret).map { " \($0)" } ?? ""
        let words = "GitHub cannot do it in the repository's present state."
        return ActionFailure(.failedPrecondition, reason: "CONFLICT", OperationWords(words + told, generic: words))
    }

    private static func rejection(of order: GitHubOrder) -> String {
        switch order {
        case .mergeUpstream:
            "GitHub cannot sync the branch: the repository may be no fork, or the token lack the scope workflow."
        case .workflow: "GitHub does not run the workflow."
        case .event, .reread: "GitHub rejects the event."
        }
    }
}
