package import StatusCore

/// What became of a wish to have an action run.
package enum ActionAnswer: Sendable {
    /// It is recorded, or was before.
    case operation(OperationRecord, isReplayed: Bool)
    /// What would be done.
    case plan(ActionPlan)
}

/// What is decided of an action that may be run, before anything is done about it.
package struct ActionAllowance: Hashable, Sendable {
    /// The operation's name.
    package var operationID: String
    /// Keys may be forgotten, and the caller vouches for this one.
    package var isAfterLoss: Bool
}
