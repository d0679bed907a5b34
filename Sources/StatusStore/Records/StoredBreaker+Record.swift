import CProtobufC
import CTelltaleProtos
import ProtobufMessages
import Resilience
import StatusCore

extension StoredBreaker: RecordRoot {
    init(message: Telltale__Store__V1__BreakerRecord, clock: RecordClock) throws(RecordError) {
        self.init(
            upstream: try readText(message.upstream, "upstream"), place: try readText(message.place, "place"),
            record: try readPart(ifAny: message.breaker, "breaker", clock))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__BreakerRecord> {
        let message = writer.make(telltale__store__v1__breaker_record__init)
        message.pointee.upstream = writer.text(upstream)
        message.pointee.boot = writer.bootID
        message.pointee.place = writer.text(place)
        message.pointee.breaker = writer.part(record)
        return message
    }

    static func unpack(
        _ bytes: UnsafeRawBufferPointer, in arena: MessageArena
    ) -> UnsafePointer<Telltale__Store__V1__BreakerRecord>? {
        arena.unpack(bytes, with: telltale__store__v1__breaker_record__unpack)
    }

    static func boot(of message: Telltale__Store__V1__BreakerRecord) -> ProtobufCBinaryData { message.boot }
}

extension CircuitBreaker.Record: RecordPart {
    init(message: Telltale__Store__V1__Breaker, clock: RecordClock) throws(RecordError) {
        self.init(
            openingCount: try readNumber(message.opening_count, "opening_count"),
            opening: try readPart(ifAny: message.opening, "opening", clock),
            closedAt: clock.past(ifAny: message.closed_at)?.instant)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Breaker> {
        let message = writer.make(telltale__store__v1__breaker__init)
        message.pointee.opening_count = UInt64(max(0, openingCount))
        message.pointee.opening = writer.part(opening)
        message.pointee.closed_at = writer.moment(of: closedAt)
        return message
    }
}

extension CircuitBreaker.Record.Opening: RecordPart {
    init(message: Telltale__Store__V1__Opening, clock: RecordClock) throws(RecordError) {
        self.init(
            until: try clock.planned(message.until, "until").instant, reason: try readCase(message.reason, "reason"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Opening> {
        let message = writer.make(telltale__store__v1__opening__init)
        message.pointee.until = writer.moment(of: until)
        message.pointee.reason = reason.number
        return message
    }
}
