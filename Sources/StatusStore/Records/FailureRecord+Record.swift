import CTelltaleProtos
import StatusCore
import StatusModel

extension FailureRecord: RecordPart {
    init(message: Telltale__Store__V1__Failure, clock: RecordClock) throws(RecordError) {
        var failure = ProviderFailure(
            code: try readCase(message.code, "code"), cause: try readCase(message.cause, "cause"),
            hint: try readText(message.hint, "hint"), disposition: try readCase(message.disposition, "disposition"),
            retryAfter: readTime(ifAny: message.retry_after), heldUntil: readTime(ifAny: message.held_until),
            isRetryable: message.is_retryable != 0)
        failure.isOwnLimit = message.is_own_limit != 0
        self.init(
            failure: failure, firstSeenAt: try clock.past(message.first_seen_at, "first_seen_at"),
            lastSeenAt: try clock.past(message.last_seen_at, "last_seen_at"),
            attempts: try readNumber(message.attempts, "attempts"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Failure> {
        let message = writer.make(telltale__store__v1__failure__init)
        message.pointee.code = failure.code.number
        message.pointee.cause = failure.cause.number
        message.pointee.hint = writer.text(failure.hint)
        message.pointee.disposition = failure.disposition.number
        message.pointee.retry_after = writer.time(failure.retryAfter)
        message.pointee.is_own_limit = failure.isOwnLimit ? 1 : 0
        message.pointee.held_until = writer.time(failure.heldUntil)
        message.pointee.is_retryable = failure.isRetryable ? 1 : 0
        message.pointee.first_seen_at = writer.moment(firstSeenAt)
        message.pointee.last_seen_at = writer.moment(lastSeenAt)
        message.pointee.attempts = UInt64(max(0, attempts))
        return message
    }
}
