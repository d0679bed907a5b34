package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `ListOperations` is asked. A page that is too large counts as the largest.
extension OperationListQuery: WirePayload {
    /// The page of those who name no size.
    private static let pageSizeDefault = 50

    package init(message: Telltale__V1__ListOperationsRequest) throws(WireError) {
        let project = try decodeProject(message.project_id, "project_id")
        let key = try decodeText(message.key, "key")
        let size = message.page_size == 0 ? Self.pageSizeDefault : Int(message.page_size)
        self.init(
            projectID: project, key: key.isEmpty ? nil : try decodeItem(message.key, "key"),
            pageSize: min(size, Self.pageSizeMax), pageToken: try decodeText(message.page_token, "page_token"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ListOperationsRequest> {
        let message = arena.make(telltale__v1__list_operations_request__init)
        message.pointee.project_id = arena.text(projectID.rawValue)
        message.pointee.key = arena.text(key?.description ?? "")
        message.pointee.page_size = UInt32(clamping: pageSize)
        message.pointee.page_token = arena.text(pageToken)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ListOperationsRequest>? {
        arena.unpack(bytes, with: telltale__v1__list_operations_request__unpack)
    }
}

/// What `ListOperations` answers.
extension OperationPage: WirePayload {
    package init(message: Telltale__V1__ListOperationsResponse) throws(WireError) {
        self.init(
            operations: try decodeMessages(
                message.operations, count: message.n_operations, max: OperationListQuery.pageSizeMax, "operations"),
            nextPageToken: try decodeText(message.next_page_token, "next_page_token"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__ListOperationsResponse> {
        let message = arena.make(telltale__v1__list_operations_response__init)
        message.pointee.n_operations = operations.count
        message.pointee.operations = arena.list(operations) { $0.message(in: arena) }
        message.pointee.next_page_token = arena.text(nextPageToken)
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__ListOperationsResponse>? {
        arena.unpack(bytes, with: telltale__v1__list_operations_response__unpack)
    }
}
