import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredDelivery: RecordRoot {
    init(message: Telltale__Store__V1__DeliveryRecord, clock: RecordClock) throws(RecordError) {
        guard let provider = ProviderKey(rawValue: try readText(message.provider, "provider")) else {
            throw RecordError(field: "provider", reason: "must be github, vercel, sanity or supabase")
        }
        self.init(
            project: try readProject(message.project, "project"), provider: provider,
            id: try readText(message.id, "id"), at: try clock.past(message.at, "at"),
            events: try readParts(
                message.events, count: message.n_events, max: RecordBounds.deliveryEventsMax, "events", clock))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__DeliveryRecord> {
        let message = writer.make(telltale__store__v1__delivery_record__init)
        message.pointee.project = writer.text(project.rawValue)
        message.pointee.boot = writer.bootID
        message.pointee.provider = writer.text(provider.rawValue)
        message.pointee.id = writer.text(id)
        message.pointee.at = writer.moment(at)
        (message.pointee.n_events, message.pointee.events) = writer.parts(events, max: RecordBounds.deliveryEventsMax)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__DeliveryRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__delivery_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__DeliveryRecord) -> ProtobufCBinaryData { message.boot }
}
