package import StatusModel

/// Why an action is not run. Decided before anybody outside is asked (SPEC §7, §8).
package enum ActionRefusal: Error, Hashable, Sendable {
    /// The role may not. Says the same whether or not there is anything to do it to.
    case denied(Role, action: String, ItemKey)
    case keyMissing
    /// No UUID.
    case keyMalformed
    case projectUnknown(ProjectID)
    case itemUnknown(ItemKey, ProjectID)
    /// The item has no such action; what it has.
    case actionUnknown(String, ItemKey)
    /// The item's state forbids it.
    case unavailable(reason: String)
    /// The payload is not what the action takes, or the link lacks what it needs.
    case invalid(ActionFailure)
    /// The key belongs to another request.
    case keyReused(operationID: String)
    /// The key is not known, and may be one that the store has forgotten.
    case keysLost(KeyLoss, until: UnixTime)
    /// So many a minute; when there is room again.
    case limited(perMinute: Int, retryAfter: Duration)
    /// So many are under way already.
    case tooMany(Int)
    /// The daemon stops, and begins nothing more.
    case stopping
    /// The line of the audit that allows it cannot be written, so it is not run; the name that it would have had, and why.
    case notAudited(operationID: String, reason: String)
    /// It cannot be recorded, so it is not run.
    case notRecorded(StoreError)
}

/// The permission, before anything is looked up: what a refused caller learns must not depend on what there is.
package enum ActionGate {
    /// Whether the role may ask for such a thing at all.
    ///
    /// - Throws: ``ActionRefusal/denied(_:action:_:)``.
    package static func admit(_ request: ActionRequest, _ role: Role) throws(ActionRefusal) {
        guard let action = IntegrationAction(rawValue: request.action) else {
            // Who may do nothing learns nothing of what there is to do.
            guard role > .viewer else { throw .denied(role, action: request.action, request.key) }
            return
        }
        guard Permissions.allows(action, for: role) else { throw .denied(role, action: request.action, request.key) }
    }

    /// The action, if the project as the role sees it offers it now: by the table that the buttons are made of.
    ///
    /// - Parameters:
    ///   - request: The wish.
    ///   - role: Whose it is.
    ///   - envelope: The role's view; nil when there is no such project.
    /// - Returns: The action.
    /// - Throws: ``ActionRefusal``.
    package static func offered(
        _ request: ActionRequest, _ role: Role, in envelope: StatusEnvelope?
    ) throws(ActionRefusal) -> IntegrationAction {
        guard let envelope else { throw .projectUnknown(request.projectID) }
        guard let status = (envelope.items + envelope.services).first(where: { $0.key == request.key }) else {
            throw .itemUnknown(request.key, request.projectID)
        }
        guard status.visible else { throw .denied(role, action: request.action, request.key) }
        guard let action = IntegrationAction(rawValue: request.action),
            IntegrationAction.all(for: request.key).contains(action)
        else { throw .actionUnknown(request.action, request.key) }
        guard let offer = status.actions.first(where: { $0.action == request.action }) else {
            throw .denied(role, action: request.action, request.key)
        }
        guard offer.can else { throw .unavailable(reason: offer.reason) }
        return action
    }
}
