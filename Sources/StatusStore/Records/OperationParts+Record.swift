import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import StatusCore
import StatusModel

extension OperationRecord.Stage {
    init(_ message: Telltale__Store__V1__OperationRecord, _ clock: RecordClock) throws(RecordError) {
        func failure() throws(RecordError) -> ActionFailure { try readPart(message.failure, "failure", clock) }
        switch message.stage {
        case TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_RECORDED: self = .recorded
        case TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_SENT: self = .sent
        case TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_ACCEPTED:
            self = .accepted(handle: try readText(message.handle, max: ActionStep.handleBytesMax, "handle"))
        case TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_SUCCEEDED: self = .succeeded
        case TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_FAILED: self = .failed(try failure())
        case TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_UNKNOWN_OUTCOME:
            var failure = try failure()
            failure.isOutcomeUnknown = true
            self = .unknownOutcome(failure)
        default: throw RecordError(field: "stage", reason: "must be a number that this version knows")
        }
    }

    func write(to message: inout Telltale__Store__V1__OperationRecord, _ writer: RecordWriter) {
        switch self {
        case .recorded: message.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_RECORDED
        case .sent: message.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_SENT
        case .accepted(let handle):
            message.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_ACCEPTED
            message.handle = writer.text(handle, max: ActionStep.handleBytesMax)
        case .succeeded: message.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_SUCCEEDED
        case .failed(let failure):
            message.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_FAILED
            message.failure = failure.message(in: writer)
        case .unknownOutcome(let failure):
            message.stage = TELLTALE__STORE__V1__OPERATION_STAGE__OPERATION_STAGE_UNKNOWN_OUTCOME
            message.failure = failure.message(in: writer)
        }
    }
}

extension OperationWords: RecordPart {
    init(message: Telltale__Store__V1__OperationWords, clock: RecordClock) throws(RecordError) {
        self.init(
            try readText(message.full, max: OperationRecord.textBytesMax, "full"),
            generic: try readText(message.generic, max: OperationRecord.textBytesMax, "generic"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__OperationWords> {
        let message = writer.make(telltale__store__v1__operation_words__init)
        message.pointee.full = writer.text(full, max: OperationRecord.textBytesMax)
        message.pointee.generic = writer.text(generic, max: OperationRecord.textBytesMax)
        return message
    }
}

/// Whether its outcome is unknown, the stage says.
extension ActionFailure: RecordPart {
    init(message: Telltale__Store__V1__OperationFailure, clock: RecordClock) throws(RecordError) {
        guard let code = Code(rawValue: message.code) else {
            throw RecordError(field: "code", reason: "must be a number that this version knows")
        }
        self.init(
            code, reason: try readText(message.reason, max: OperationRecord.textBytesMax, "reason"),
            try readPart(message.message, "message", clock), retryAfter: readTime(ifAny: message.retry_after),
            field: try readText(message.field, max: OperationRecord.textBytesMax, "field"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__OperationFailure> {
        let message = writer.make(telltale__store__v1__operation_failure__init)
        message.pointee.code = code.rawValue
        message.pointee.reason = writer.text(reason, max: OperationRecord.textBytesMax)
        message.pointee.message = self.message.message(in: writer)
        message.pointee.retry_after = writer.time(retryAfter)
        message.pointee.field = writer.text(field, max: OperationRecord.textBytesMax)
        return message
    }
}

extension OperationCarrier {
    init(_ message: Telltale__Store__V1__OperationRecord) throws(RecordError) {
        let digest = try readText(message.command, max: OperationRecord.textBytesMax, "command")
        self =
            if !digest.isEmpty { .command(digest: digest) } else { message.is_built_in == 0 ? .unknown : .builtIn }
    }

    func write(to message: inout Telltale__Store__V1__OperationRecord, _ writer: RecordWriter) {
        switch self {
        case .unknown: break
        case .builtIn: message.is_built_in = 1
        case .command(let digest): message.command = writer.text(digest, max: OperationRecord.textBytesMax)
        }
    }
}

extension OperationFooting {
    init(_ message: Telltale__Store__V1__OperationRecord, _ clock: RecordClock) throws(RecordError) {
        if let stored: StoredLink = try readPart(ifAny: message.footing, "footing", clock) {
            self = .target(stored.link.target)
        } else {
            self = message.has_no_footing == 0 ? .unknown : .nothing
        }
    }

    func write(
        to message: inout Telltale__Store__V1__OperationRecord, of item: ItemReference, _ writer: RecordWriter
    ) {
        switch self {
        case .unknown: break
        case .nothing: message.has_no_footing = 1
        case .target(let target):
            message.footing = writer.part(StoredLink(project: item.project, link: Link(target: target)))
        }
    }
}
