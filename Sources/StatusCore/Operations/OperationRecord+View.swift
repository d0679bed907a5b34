package import StatusModel

extension OperationRecord {
    /// The operation as a role that sees its item may see it. Viewers read generic words, no result and no names.
    package func operation(for role: Role, at now: Moment) -> Operation {
        let redaction = Redaction(for: role)
        return Operation(
            id: id, projectID: item.project, key: item.key, action: action.rawValue, state: state,
            summary: redaction.words(words), createdAt: createdAt.wall(asOf: now), updatedAt: updatedAt.wall(asOf: now),
            endedAt: endedAt?.wall(asOf: now),
            error: failure.map { failure in
                OperationError(
                    code: failure.code.rawValue, reason: failure.reason, message: redaction.words(failure.message),
                    retryAfter: failure.retryAfter)
            },
            result: redaction.isRestricted ? [] : result, requestedBy: redaction.words(requestedBy), version: version)
    }

    /// What a dry run answers: what would be done, and nothing kept of it.
    package static func dryRun(
        _ request: ActionRequest, _ plan: ActionPlan, for role: Role, requestedBy: String, at now: Moment
    ) -> Operation {
        let redaction = Redaction(for: role)
        return Operation(
            id: "", projectID: request.projectID, key: request.key, action: request.action, state: .succeeded,
            summary: redaction.words(plan.words), createdAt: now.wall, updatedAt: now.wall, endedAt: now.wall,
            isDryRun: true, requestedBy: redaction.words(requestedBy), version: 1)
    }
}

extension Redaction {
    /// The words for the role.
    package func words(_ words: OperationWords) -> String { isRestricted ? words.generic : words.full }
}
