package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `GetOperation` is asked. A wait that is too long counts as the longest.
extension OperationQuery: WirePayload {
    package init(message: Telltale__V1__GetOperationRequest) throws(WireError) {
        let id = try decodeText(message.operation_id, "operation_id")
        guard 1...Self.idBytesMax ~= id.utf8.count else {
            throw WireError(field: "operation_id", reason: "must be 1 to \(Self.idBytesMax) bytes long")
        }
        let wait = try decodeWait(message.wait, "wait") ?? .zero
        self.init(id: id, wait: min(wait, Self.waitMax), knownVersion: message.known_version)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__GetOperationRequest> {
        let message = arena.make(telltale__v1__get_operation_request__init)
        message.pointee.operation_id = arena.text(id)
        if wait > .zero { message.pointee.wait = wait.message(in: arena) }
        message.pointee.known_version = knownVersion
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__GetOperationRequest>? {
        arena.unpack(bytes, with: telltale__v1__get_operation_request__unpack)
    }
}

/// What `GetOperation` answers.
package struct GetOperationResponse: Hashable, Sendable {
    package var operation: Operation

    package init(operation: Operation) { self.operation = operation }
}

extension GetOperationResponse: WirePayload {
    package init(message: Telltale__V1__GetOperationResponse) throws(WireError) {
        self.init(operation: try decodeRequired(message.operation, "operation"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__GetOperationResponse> {
        let message = arena.make(telltale__v1__get_operation_response__init)
        message.pointee.operation = operation.message(in: arena)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__GetOperationResponse>? {
        arena.unpack(bytes, with: telltale__v1__get_operation_response__unpack)
    }
}
