import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

/// Whether it was begun is not written while nothing was sent: it can be begun again.
extension OperationRecord: RecordRoot {
    init(message: Telltale__Store__V1__OperationRecord, clock: RecordClock) throws(RecordError) {
        guard let action = IntegrationAction(rawValue: try readText(message.action, "action")) else {
            throw RecordError(field: "action", reason: "must be an action that this version knows")
        }
        let asked = OperationRecord(
            id: try Self.text(message.id, "id"),
            item: ItemReference(
                project: try readProject(message.project, "project"), key: try readItem(message.item, "item")),
            action: action,
            name: OperationName(
                owner: try Self.text(message.owner, "owner"),
                key: try Self.text(message.idempotency_key, "idempotency_key")),
            requestedBy: try Self.text(message.requested_by, "requested_by"),
            fingerprint: try Self.text(message.fingerprint, "fingerprint"),
            payload: try readBytes(message.payload, max: ActionRequest.payloadBytesMax, "payload"),
            footing: try OperationFooting(message, clock), carrier: try OperationCarrier(message),
            createdAt: try clock.past(message.created_at, "created_at"),
            words: try readPart(message.words, "words", clock))
        self.init(
            restoring: asked, stage: try Stage(message, clock),
            updatedAt: try clock.past(message.updated_at, "updated_at"), endedAt: clock.past(ifAny: message.ended_at),
            result: try readBytes(message.result, max: Self.resultBytesMax, "result"), version: message.version)
        guard isOver == (endedAt != nil) else {
            throw RecordError(field: "ended_at", reason: "must be there when it is over, and only then")
        }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__OperationRecord> {
        let message = writer.make(telltale__store__v1__operation_record__init)
        func text(_ text: String) -> ProtobufCBinaryData { writer.text(text, max: Self.textBytesMax) }
        message.pointee.id = text(id)
        message.pointee.boot = writer.bootID
        message.pointee.project = writer.text(item.project.rawValue)
        message.pointee.item = writer.text(item.key.description)
        message.pointee.action = writer.text(action.rawValue)
        message.pointee.owner = text(name.owner)
        message.pointee.idempotency_key = text(name.key)
        message.pointee.requested_by = text(requestedBy)
        message.pointee.fingerprint = text(fingerprint)
        // What is cut is no JSON any more: an action refuses it, and nobody is shown half of a result.
        message.pointee.payload = writer.bytes(Array(payload.prefix(ActionRequest.payloadBytesMax)))
        message.pointee.result = writer.bytes(result.count <= Self.resultBytesMax ? result : [])
        message.pointee.created_at = writer.moment(createdAt)
        message.pointee.updated_at = writer.moment(updatedAt)
        message.pointee.ended_at = writer.moment(endedAt)
        footing.write(to: &message.pointee, of: item, writer)
        carrier.write(to: &message.pointee, writer)
        message.pointee.words = words.message(in: writer)
        message.pointee.version = version
        stage.write(to: &message.pointee, writer)
        return message
    }

    private static func text(_ field: ProtobufCBinaryData, _ name: StaticString) throws(RecordError) -> String {
        try readText(field, max: textBytesMax, name)
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__OperationRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__operation_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__OperationRecord) -> ProtobufCBinaryData { message.boot }
}
