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
