import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension StoredItem: RecordRoot {
    init(message: Telltale__Store__V1__ItemRecord, clock: RecordClock) throws(RecordError) {
        let key = try readItem(message.item, "item")
        var record = ItemRecord(key: key, link: .linked)
        if let reading = message.reading {
            do { record.reading = try Reading(message: reading.pointee, of: key, clock: clock) } catch {
                throw error.within("reading")
            }
        }
        record.failure = try readPart(ifAny: message.failure, "failure", clock)
        record.blockedUntil = clock.planned(ifAny: message.blocked_until)
        record.isSuspended = message.is_suspended != 0
        record.nextAttemptAt = clock.planned(ifAny: message.next_attempt_at)
        record.dueAt = clock.planned(ifAny: message.due_at)
        record.attemptStartedAt = clock.past(ifAny: message.attempt_started_at)
        record.isToBeToldAnew = message.is_to_be_told_anew != 0
        record.refreshID = try readRefreshID(message.refresh_id, "refresh_id")
        record.lastRunAt = readTime(ifAny: message.last_run_at)
        record.runLatencies = try readLatencies(
            message.run_latencies, count: message.n_run_latencies, "run_latencies")
        record.toldIn = try readPart(ifAny: message.told_in, "told_in", clock) ?? record.toldIn
        self.init(project: try readProject(message.project, "project"), record: record)
        let refusals: [Refusal] = try readParts(
            message.refusals, count: message.n_refusals, max: RecordBounds.refusalsMax, "refusals", clock)
        for refusal in refusals {
            try enter(refusal.version, under: refusal.credential, into: &refusedWith, "refusals")
        }
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__ItemRecord> {
        let message = writer.make(telltale__store__v1__item_record__init)
        message.pointee.project = writer.text(project.rawValue)
        message.pointee.boot = writer.bootID
        message.pointee.item = writer.text(record.key.description)
        message.pointee.reading = record.reading?.message(in: writer, of: record.key)
        message.pointee.failure = writer.part(record.failure)
        message.pointee.blocked_until = writer.moment(record.blockedUntil)
        message.pointee.is_suspended = record.isSuspended ? 1 : 0
        message.pointee.next_attempt_at = writer.moment(record.nextAttemptAt)
        message.pointee.due_at = writer.moment(record.dueAt)
        message.pointee.attempt_started_at = writer.moment(record.attemptStartedAt)
        message.pointee.is_to_be_told_anew = record.isToBeToldAnew ? 1 : 0
        message.pointee.refresh_id = writer.refreshID(record.refreshID)
        message.pointee.last_run_at = writer.time(record.lastRunAt)
        (message.pointee.n_run_latencies, message.pointee.run_latencies) = writer.latencies(record.runLatencies)
        if record.toldIn.sequence > 0 { message.pointee.told_in = record.toldIn.message(in: writer) }
        (message.pointee.n_refusals, message.pointee.refusals) = writer.parts(
            refusedWith.lazy.map { Refusal(credential: $0.key, version: $0.value) }, max: RecordBounds.refusalsMax)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__ItemRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__item_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__ItemRecord) -> ProtobufCBinaryData { message.boot }
}

private struct Refusal: RecordPart {
    var credential: CredentialReference
    var version: CredentialVersion?

    init(credential: CredentialReference, version: CredentialVersion?) {
        self.credential = credential
        self.version = version
    }

    init(message: Telltale__Store__V1__Refusal, clock: RecordClock) throws(RecordError) {
        self.init(
            credential: try readPart(message.credential, "credential", clock),
            version: try readText(ifAny: message.version, "version").map { CredentialVersion($0) })
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Refusal> {
        let message = writer.make(telltale__store__v1__refusal__init)
        message.pointee.credential = credential.message(in: writer)
        message.pointee.version = writer.text(ifAny: version?.mark)
        return message
    }
}
