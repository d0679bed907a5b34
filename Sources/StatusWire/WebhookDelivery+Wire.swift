import CProtobufC
package import CTelltaleProtos
package import ProtobufMessages
package import StatusModel

/// What `IngestWebhook` is asked.
extension WebhookDelivery: WirePayload {
    package init(message: Telltale__V1__IngestWebhookRequest) throws(WireError) {
        guard let provider = ProviderKey(rawValue: try decodeText(message.provider, "provider")) else {
            throw WireError(field: "provider", reason: "must be github, vercel, sanity or supabase")
        }
        let body = UnsafeRawBufferPointer(field: message.body)
        guard body.count <= Self.bodyBytesMax else {
            throw WireError(field: "body", reason: "must be at most \(Self.bodyBytesMax) bytes long")
        }
        let project = try decodeText(message.project_id, "project_id")
        self.init(
            provider: provider,
            headers: try decodeMessages(message.headers, count: message.n_headers, max: Self.headersMax, "headers"),
            body: Array(body), projectID: project.isEmpty ? nil : try decodeProject(message.project_id, "project_id"))
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__IngestWebhookRequest> {
        let message = arena.make(telltale__v1__ingest_webhook_request__init)
        message.pointee.project_id = arena.text(projectID?.rawValue ?? "")
        message.pointee.provider = arena.text(provider.rawValue)
        message.pointee.n_headers = headers.count
        message.pointee.headers = arena.list(headers) { $0.message(in: arena) }
        message.pointee.body = body.withUnsafeBytes { arena.bytes($0) }
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__IngestWebhookRequest>? {
        arena.unpack(bytes, with: telltale__v1__ingest_webhook_request__unpack)
    }
}

extension WebhookHeader: WireMessage {
    package init(message: Telltale__V1__HTTPHeader) throws(WireError) {
        self.init(try decodeText(message.name, "name"), try decodeText(message.value, "value"))
        guard !name.isEmpty else { throw WireError(field: "name", reason: "is required") }
        let longest = WebhookDelivery.headerBytesMax
        guard max(name.utf8.count, value.utf8.count) <= longest else {
            throw WireError(field: "value", reason: "must be, as the name, at most \(longest) bytes long")
        }
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__HTTPHeader> {
        let message = arena.make(telltale__v1__httpheader__init)
        message.pointee.name = arena.text(name)
        message.pointee.value = arena.text(value)
        return message
    }
}

/// What `IngestWebhook` answers.
extension WebhookReceipt: WirePayload {
    package init(message: Telltale__V1__IngestWebhookResponse) throws(WireError) {
        self.init(
            events: try decodeMessages(message.events, count: message.n_events, "events"),
            isDuplicate: message.duplicate != 0)
    }

    package func message(in arena: MessageArena) -> UnsafeMutablePointer<Telltale__V1__IngestWebhookResponse> {
        let message = arena.make(telltale__v1__ingest_webhook_response__init)
        message.pointee.n_events = events.count
        message.pointee.events = arena.list(events) { $0.message(in: arena) }
        message.pointee.duplicate = isDuplicate ? 1 : 0
        return message
    }

    package static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__V1__IngestWebhookResponse>? {
        arena.unpack(bytes, with: telltale__v1__ingest_webhook_response__unpack)
    }
}
