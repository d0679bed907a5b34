package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// The delay of its error counts from ``Operation/updatedAt``, for the message may be read at any time.
extension Operation: WireMessage {
    package init(message: Telltale__V1__Operation) throws(WireError) {
        let updatedAt: UnixTime = try decodeRequired(message.updated_at, "updated_at")
        self.init(
            id: try decodeText(message.id, "id"), projectID: try decodeProject(message.project_id, "project_id"),
            key: try decodeItem(message.key, "key"), action: try decodeText(message.action, "action"),
            state: OperationState(wire: message.state) ?? .unrecognised,
            summary: try decodeText(message.summary, "summary"),
            createdAt: try decodeRequired(message.created_at, "created_at"), updatedAt: updatedAt,
            endedAt: try decodeMessage(message.ended_at, "ended_at"),
            error: message.error.map { OperationError(ErrorStatus(message: $0.pointee), since: updatedAt) },
            result: [UInt8](UnsafeRawBufferPointer(field: message.result)), isDryRun: message.dry_run != 0,
            requestedBy: try decodeText(message.requested_by, "requested_by"), version: message.version)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__Operation> {
        let message = arena.make(telltale__v1__operation__init)
        message.pointee.id = arena.text(id)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.key = arena.text(key.description)
        message.pointee.action = arena.text(action)
        message.pointee.state = state.wire
        message.pointee.summary = arena.text(summary)
        message.pointee.created_at = createdAt.message(in: arena)
        message.pointee.updated_at = updatedAt.message(in: arena)
        message.pointee.ended_at = endedAt?.message(in: arena)
        message.pointee.error = error?.status(since: updatedAt).message(in: arena)
        message.pointee.result = result.withUnsafeBytes { arena.bytes($0) }
        message.pointee.dry_run = isDryRun ? 1 : 0
        message.pointee.requested_by = arena.text(requestedBy)
        message.pointee.version = version
        return message
    }
}

extension OperationError {
    fileprivate init(_ status: ErrorStatus, since moment: UnixTime) {
        self.init(
            code: status.code, reason: status.reason, message: status.message,
            retryAfter: status.retryAfter.map { moment.advanced(by: max(.zero, $0)) })
    }

    fileprivate func status(since moment: UnixTime) -> ErrorStatus {
        ErrorStatus(
            code: code, message: message, reason: reason, retryAfter: retryAfter.map { max(.zero, $0.since(moment)) })
    }
}

extension OperationState: WireEnumeration {
    /// No end is claimed.
    static let unrecognised = Self.running

    var wire: Telltale__V1__OperationState {
        switch self {
        case .pending: TELLTALE__V1__OPERATION_STATE__OPERATION_STATE_PENDING
        case .running: TELLTALE__V1__OPERATION_STATE__OPERATION_STATE_RUNNING
        case .succeeded: TELLTALE__V1__OPERATION_STATE__OPERATION_STATE_SUCCEEDED
        case .failed: TELLTALE__V1__OPERATION_STATE__OPERATION_STATE_FAILED
        case .unknownOutcome: TELLTALE__V1__OPERATION_STATE__OPERATION_STATE_UNKNOWN_OUTCOME
        }
    }
}
