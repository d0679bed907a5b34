package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `RunAction` is asked. Whether the action exists and the key is a UUID is for the receiver to judge, who answers with
/// a reason of its own.
extension ActionRequest: WirePayload {
    package init(message: Telltale__V1__RunActionRequest) throws(WireError) {
        let project = try decodeProject(message.project_id, "project_id")
        let action = try decodeText(message.action, "action")
        guard 1...Self.actionBytesMax ~= action.utf8.count else {
            throw WireError(field: "action", reason: "must be 1 to \(Self.actionBytesMax) bytes long")
        }
        let payload = UnsafeRawBufferPointer(field: message.payload)
        guard payload.count <= Self.payloadBytesMax else {
            throw WireError(field: "payload", reason: "must be at most \(Self.payloadBytesMax) bytes long")
        }
        self.init(
            projectID: project, key: try decodeItem(message.key, "key"), action: action, payload: [UInt8](payload),
            idempotencyKey: try decodeText(message.idempotency_key, "idempotency_key"), isDryRun: message.dry_run != 0,
            isAfterLoss: message.after_loss != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RunActionRequest> {
        let message = arena.make(telltale__v1__run_action_request__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.key = arena.text(key.description)
        message.pointee.action = arena.text(action)
        message.pointee.payload = payload.withUnsafeBytes { arena.bytes($0) }
        message.pointee.idempotency_key = arena.text(idempotencyKey)
        message.pointee.dry_run = isDryRun ? 1 : 0
        message.pointee.after_loss = isAfterLoss ? 1 : 0
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__RunActionRequest>? {
        arena.unpack(bytes, with: telltale__v1__run_action_request__unpack)
    }
}

/// What `RunAction` answers.
extension OperationReceipt: WirePayload {
    package init(message: Telltale__V1__RunActionResponse) throws(WireError) {
        self.init(operation: try decodeRequired(message.operation, "operation"), isReplayed: message.replayed != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__RunActionResponse> {
        let message = arena.make(telltale__v1__run_action_response__init)
        message.pointee.operation = operation.message(in: arena)
        message.pointee.replayed = isReplayed ? 1 : 0
        message.pointee.in_flight = isInFlight ? 1 : 0
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__RunActionResponse>? {
        arena.unpack(bytes, with: telltale__v1__run_action_response__unpack)
    }
}
