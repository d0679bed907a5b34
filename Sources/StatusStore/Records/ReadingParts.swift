import CTelltaleProtos
import StatusCore
import StatusModel

extension ResourceLabel: RecordPart {
    init(message: Telltale__Store__V1__Label, clock: RecordClock) throws(RecordError) {
        self.init(full: try readText(message.full, "full"), generic: try readText(message.generic, "generic"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Label> {
        let message = writer.make(telltale__store__v1__label__init)
        message.pointee.full = writer.text(full)
        message.pointee.generic = writer.text(generic)
        return message
    }
}

extension ReadingProblem: RecordPart {
    init(message: Telltale__Store__V1__Problem, clock: RecordClock) throws(RecordError) {
        self.init(
            code: try readCase(message.code, "code"), cause: try readCase(message.cause, "cause"),
            hint: try readText(message.hint, "hint"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Problem> {
        let message = writer.make(telltale__store__v1__problem__init)
        message.pointee.code = code.number
        message.pointee.cause = cause.number
        message.pointee.hint = writer.text(hint)
        return message
    }
}

extension EnvironmentReading: RecordPart {
    init(message: Telltale__Store__V1__Environment, clock: RecordClock) throws(RecordError) {
        self.init(
            name: try readText(message.name, "name"), status: try readPart(message.status, "status", clock),
            summary: Summary(
                try readParts(
                    message.summary, count: message.n_summary, max: RecordBounds.summaryPartsMax, "summary", clock)),
            url: try readText(message.url, "url"), lastDeployAt: readTime(ifAny: message.last_deploy_at))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Environment> {
        let message = writer.make(telltale__store__v1__environment__init)
        message.pointee.name = writer.text(name)
        message.pointee.status = status.message(in: writer)
        (message.pointee.n_summary, message.pointee.summary) = writer.parts(
            summary.parts, max: RecordBounds.summaryPartsMax)
        message.pointee.url = writer.text(url)
        message.pointee.last_deploy_at = writer.time(lastDeployAt)
        return message
    }
}

extension Milestone: RecordPart {
    init(message: Telltale__Store__V1__Milestone, clock: RecordClock) throws(RecordError) {
        self.init(
            kind: try readText(message.kind, "kind"), at: UnixTime(nanoseconds: message.at),
            message: try readText(message.message, "message"), subject: try readText(message.subject, "subject"),
            isTold: message.told != 0)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__Milestone> {
        let message = writer.make(telltale__store__v1__milestone__init)
        message.pointee.kind = writer.text(kind)
        message.pointee.at = at.nanoseconds
        message.pointee.message = writer.text(self.message)
        message.pointee.subject = writer.text(subject)
        message.pointee.told = isTold ? 1 : 0
        return message
    }
}

extension RateBudget: RecordPart {
    init(message: Telltale__Store__V1__RateBudget, clock: RecordClock) throws(RecordError) {
        self.init(
            limit: try readNumber(message.limit, "limit"), remaining: try readNumber(message.remaining, "remaining"),
            resetsAt: UnixTime(nanoseconds: message.resets_at))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__RateBudget> {
        let message = writer.make(telltale__store__v1__rate_budget__init)
        message.pointee.limit = Int64(limit)
        message.pointee.remaining = Int64(remaining)
        message.pointee.resets_at = resetsAt.nanoseconds
        return message
    }
}
