import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredEvent: RecordRoot {
    init(message: Telltale__Store__V1__EventRecord, clock: RecordClock) throws(RecordError) {
        let contents: [RoleContent] = try readParts(
            message.contents, count: message.n_contents, max: RecordBounds.rolesMax, "contents", clock)
        var seen: [Role: [UInt8]] = [:]
        for content in contents { try enter(content.content, under: content.role, into: &seen, "contents") }
        self.init(
            id: try readPart(message.id, "id", clock), at: try clock.past(message.at, "at"),
            project: try readProject(message.project, "project"), kind: try readText(message.kind, "kind"),
            encoded: Role.allCases.map { seen[$0] })
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__EventRecord> {
        let message = writer.make(telltale__store__v1__event_record__init)
        message.pointee.id = id.message(in: writer)
        message.pointee.boot = writer.bootID
        message.pointee.at = writer.moment(at)
        message.pointee.project = writer.text(project.rawValue)
        message.pointee.kind = writer.text(kind)
        let contents = zip(Role.allCases, encoded).compactMap { role, content in
            content.map { RoleContent(role: role, content: $0) }
        }
        (message.pointee.n_contents, message.pointee.contents) = writer.parts(contents, max: RecordBounds.rolesMax)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__EventRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__event_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__EventRecord) -> ProtobufCBinaryData { message.boot }
}

private struct RoleContent: RecordPart {
    var role: Role
    var content: [UInt8]

    init(role: Role, content: [UInt8]) {
        self.role = role
        self.content = content
    }

    init(message: Telltale__Store__V1__RoleContent, clock: RecordClock) throws(RecordError) {
        self.init(
            role: try readCase(message.role, "role"), content: Array(UnsafeRawBufferPointer(field: message.content)))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__RoleContent> {
        let message = writer.make(telltale__store__v1__role_content__init)
        message.pointee.role = role.number
        message.pointee.content = writer.bytes(content)
        return message
    }
}
