import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredOperation: RecordRoot {
    init(message: Telltale__Store__V1__OperationRecord, clock: RecordClock) throws(RecordError) {
        self.init(
            id: try readText(message.id, "id"), project: try readProject(message.project, "project"),
            user: try readText(message.user, "user"),
            idempotencyKey: try readText(message.idempotency_key, "idempotency_key"),
            createdAt: try clock.past(message.created_at, "created_at"),
            endedAt: clock.past(ifAny: message.ended_at),
            content: Array(UnsafeRawBufferPointer(field: message.content)))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__OperationRecord> {
        let message = writer.make(telltale__store__v1__operation_record__init)
        message.pointee.id = writer.text(id)
        message.pointee.boot = writer.bootID
        message.pointee.project = writer.text(project.rawValue)
        message.pointee.user = writer.text(user)
        message.pointee.idempotency_key = writer.text(idempotencyKey)
        message.pointee.created_at = writer.moment(createdAt)
        message.pointee.ended_at = writer.moment(endedAt)
        message.pointee.content = writer.bytes(content)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__OperationRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__operation_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__OperationRecord) -> ProtobufCBinaryData { message.boot }
}
