import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredProject: RecordRoot {
    init(message: Telltale__Store__V1__ProjectRecord, clock: RecordClock) throws(RecordError) {
        self.init(
            id: try readProject(message.project, "project"),
            lastRefreshAttempt: try readPart(ifAny: message.last_refresh_attempt, "last_refresh_attempt", clock),
            lastRefreshError: try readPart(ifAny: message.last_refresh_error, "last_refresh_error", clock),
            refreshID: try readRefreshID(message.refresh_id, "refresh_id"),
            askedAt: clock.past(ifAny: message.asked_at), announcedAt: clock.past(ifAny: message.announced_at))
        let hiding: Hiding? = try readPart(ifAny: message.hiding, "hiding", clock)
        hidden = hiding?.items
        isRemoved = message.is_removed != 0
        let revisions: [Revision] = try readParts(
            message.revisions, count: message.n_revisions, max: RecordBounds.rolesMax, "revisions", clock)
        for revision in revisions {
            try enter(revision.count, under: revision.role, into: &self.revisions, "revisions")
        }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__ProjectRecord> {
        let message = writer.make(telltale__store__v1__project_record__init)
        message.pointee.project = writer.text(id.rawValue)
        message.pointee.boot = writer.bootID
        message.pointee.last_refresh_attempt = writer.part(lastRefreshAttempt)
        message.pointee.last_refresh_error = writer.part(lastRefreshError)
        message.pointee.refresh_id = writer.refreshID(refreshID)
        (message.pointee.n_revisions, message.pointee.revisions) = writer.parts(
            revisions.lazy.map { Revision(role: $0.key, count: $0.value) }, max: RecordBounds.rolesMax)
        message.pointee.asked_at = writer.moment(askedAt)
        message.pointee.announced_at = writer.moment(announcedAt)
        message.pointee.hiding = writer.part(hidden.flatMap(Hiding.init))
        message.pointee.is_removed = isRemoved ? 1 : 0
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__ProjectRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__project_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__ProjectRecord) -> ProtobufCBinaryData { message.boot }
}

extension RefreshAttempt: RecordPart {
    init(message: Telltale__Store__V1__RefreshAttempt, clock: RecordClock) throws(RecordError) {
        self.init(
            at: UnixTime(nanoseconds: message.at),
            outcome: try readCase(message.outcome, "outcome"), duration: .nanoseconds(message.took))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__RefreshAttempt> {
        let message = writer.make(telltale__store__v1__refresh_attempt__init)
        message.pointee.at = at.nanoseconds
        message.pointee.outcome = outcome.number
        message.pointee.took = duration.saturatedNanoseconds
        return message
    }
}

extension RefreshError: RecordPart {
    init(message: Telltale__Store__V1__RefreshError, clock: RecordClock) throws(RecordError) {
        self.init(
            code: try readCase(message.code, "code"), message: try readText(message.message, "message"),
            at: UnixTime(nanoseconds: message.at))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__RefreshError> {
        let message = writer.make(telltale__store__v1__refresh_error__init)
        message.pointee.code = code.number
        message.pointee.message = writer.text(self.message)
        message.pointee.at = at.nanoseconds
        return message
    }
}

private struct Revision: RecordPart {
    var role: Role
    var count: UInt64

    init(role: Role, count: UInt64) {
        self.role = role
        self.count = count
    }

    init(message: Telltale__Store__V1__Revision, clock: RecordClock) throws(RecordError) {
        self.init(role: try readCase(message.role, "role"), count: message.count)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Revision> {
        let message = writer.make(telltale__store__v1__revision__init)
        message.pointee.role = role.number
        message.pointee.count = count
        return message
    }
}
