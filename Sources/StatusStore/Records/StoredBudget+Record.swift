import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import Resilience
import StatusCore

extension StoredBudget: RecordRoot {
    init(message: Telltale__Store__V1__BudgetRecord, clock: RecordClock) throws(RecordError) {
        self.init(
            upstream: try readText(message.upstream, "upstream"),
            record: RetryBudget.Record(
                slices: try readParts(
                    message.slices, count: message.n_slices, max: RecordBounds.budgetSlicesMax, "slices", clock)))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__BudgetRecord> {
        let message = writer.make(telltale__store__v1__budget_record__init)
        message.pointee.upstream = writer.text(upstream)
        message.pointee.boot = writer.bootID
        // The newest count longest.
        (message.pointee.n_slices, message.pointee.slices) = writer.parts(
            record.slices.suffix(RecordBounds.budgetSlicesMax), max: RecordBounds.budgetSlicesMax)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__BudgetRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__budget_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__BudgetRecord) -> ProtobufCBinaryData { message.boot }
}

extension RetryBudget.Record.Slice: RecordPart {
    init(message: Telltale__Store__V1__BudgetSlice, clock: RecordClock) throws(RecordError) {
        self.init(
            start: try clock.past(message.start, "start").instant,
            firstTryCount: try readNumber(message.first_tries, "first_tries"),
            retryCount: try readNumber(message.retries, "retries"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__BudgetSlice> {
        let message = writer.make(telltale__store__v1__budget_slice__init)
        message.pointee.start = writer.moment(of: start)
        message.pointee.first_tries = UInt64(max(0, firstTryCount))
        message.pointee.retries = UInt64(max(0, retryCount))
        return message
    }
}
