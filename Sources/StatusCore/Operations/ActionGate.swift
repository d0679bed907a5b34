package import StatusModel

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
