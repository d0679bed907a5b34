package import StatusCore

/// For an engine that runs no actions.
package struct NoActions: ActionExecutor, LinkReader {
    package init() {}

    package func plan(_ call: ActionCall) throws(ActionFailure) -> ActionPlan { throw Self.none }

    package func perform(_ call: ActionCall) async throws(ActionFailure) -> ActionStep { throw Self.none }

    package func proposal(
        _ action: IntegrationAction, of item: ItemReference, payload: [UInt8], configured: Link?, current: Link?
    ) throws(ActionFailure) -> LinkProposal? { nil }

    private static let none = ActionFailure(
        .failedPrecondition, reason: "NOT_SET_UP", OperationWords("This daemon is not set up to run actions."))
}
