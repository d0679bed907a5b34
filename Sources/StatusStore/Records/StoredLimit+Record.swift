import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore

extension StoredLimit: RecordRoot {
    init(message: Telltale__Store__V1__LimitRecord, clock: RecordClock) throws(RecordError) {
        self.init(
            scope: LimitScope(
                origin: try readText(message.origin, "origin"),
                credential: try readPart(ifAny: message.credential, "credential", clock)),
            until: try clock.planned(message.until, "until"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__LimitRecord> {
        let message = writer.make(telltale__store__v1__limit_record__init)
        message.pointee.origin = writer.text(scope.origin)
        message.pointee.boot = writer.bootID
        message.pointee.credential = writer.part(scope.credential)
        message.pointee.until = writer.moment(until)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__LimitRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__limit_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__LimitRecord) -> ProtobufCBinaryData { message.boot }
}
