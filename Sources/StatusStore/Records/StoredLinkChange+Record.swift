import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredLinkChange: RecordRoot {
    init(message: Telltale__Store__V1__LinkChangeRecord, clock: RecordClock) throws(RecordError) {
        let project = try readProject(message.project, "project")
        let key = try readItem(message.item, "item")
        func link(
            _ field: UnsafeMutablePointer<Telltale__Store__V1__LinkRecord>?, _ name: StaticString
        ) throws(RecordError) -> Link? {
            guard let stored: StoredLink = try readPart(ifAny: field, name, clock) else { return nil }
            guard stored.project == project, stored.link.key == key else {
                throw RecordError(field: name, reason: "must be a link of the item that it changes")
            }
            return stored.link
        }
        self.init(
            project: project, key: key, link: try link(message.link, "link"),
            configured: try link(message.configured, "configured"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__LinkChangeRecord> {
        let message = writer.make(telltale__store__v1__link_change_record__init)
        message.pointee.project = writer.text(project.rawValue)
        message.pointee.item = writer.text(key.description)
        message.pointee.link = writer.part(link.map { StoredLink(project: project, link: $0) })
        message.pointee.configured = writer.part(configured.map { StoredLink(project: project, link: $0) })
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__LinkChangeRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__link_change_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__LinkChangeRecord) -> ProtobufCBinaryData {
        ProtobufCBinaryData()
    }
}
