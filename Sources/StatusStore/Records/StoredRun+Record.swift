import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredRun: RecordRoot {
    init(message: Telltale__Store__V1__RunRecord, clock: RecordClock) throws(RecordError) {
        var keys: [ItemKey] = []
        for item in try bounded(message.items, count: message.n_items, max: RecordBounds.runItemsMax, "items") {
            keys.append(try readItem(item, "items"))
        }
        self.init(
            project: try readProject(message.project, "project"), id: try readText(message.id, "id"),
            run: RunRecord(
                kind: try readText(message.kind, "kind"), at: UnixTime(nanoseconds: message.at),
                passed: message.passed != 0),
            keys: keys, event: try readPart(ifAny: message.event, "event", clock))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__RunRecord> {
        let message = writer.make(telltale__store__v1__run_record__init)
        message.pointee.project = writer.text(project.rawValue)
        message.pointee.id = writer.text(id)
        message.pointee.kind = writer.text(run.kind)
        message.pointee.at = run.at.nanoseconds
        message.pointee.passed = run.passed ? 1 : 0
        (message.pointee.n_items, message.pointee.items) = writer.texts(
            keys.lazy.map(\.description), max: RecordBounds.runItemsMax)
        message.pointee.event = writer.part(event)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__RunRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__run_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__RunRecord) -> ProtobufCBinaryData { ProtobufCBinaryData() }
}
