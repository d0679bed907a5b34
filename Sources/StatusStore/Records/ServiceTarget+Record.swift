import CTelltaleProtos
import StatusCore
import StatusModel

extension ServiceTarget: RecordPart {
    init(message: Telltale__Store__V1__ServiceTarget, clock: RecordClock) throws(RecordError) {
        let ranges: [StatusRange] = try readParts(
            message.expected_status, count: message.n_expected_status, max: RecordBounds.statusRangesMax,
            "expected_status", clock)
        self.init(
            name: try Self.name(of: message), url: try readText(message.url, "url"),
            method: try readText(message.method, "method"),
            headers: try readEntries(
                message.headers, count: message.n_headers, max: RecordBounds.headersMax, "headers"),
            expectedStatus: ranges.map(\.range),
            expectedHeaders: try readEntries(
                message.expected_headers, count: message.n_expected_headers, max: RecordBounds.headersMax,
                "expected_headers"),
            bodyChecks: try readParts(
                message.body_checks, count: message.n_body_checks, max: RecordBounds.bodyChecksMax, "body_checks",
                clock),
            latencyLimit: .nanoseconds(message.latency_limit), timeout: .nanoseconds(message.timeout),
            warmUpTimeout: .nanoseconds(message.warm_up_timeout),
            warmUpURL: try readText(ifAny: message.warm_up_url, "warm_up_url"),
            isLocalAllowed: message.is_local_allowed != 0)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__ServiceTarget> {
        let message = writer.make(telltale__store__v1__service_target__init)
        message.pointee.name = writer.text(name)
        message.pointee.url = writer.text(url)
        message.pointee.method = writer.text(method)
        (message.pointee.n_headers, message.pointee.headers) = writer.entries(headers, max: RecordBounds.headersMax)
        (message.pointee.n_expected_status, message.pointee.expected_status) = writer.parts(
            expectedStatus.lazy.map { StatusRange(range: $0) }, max: RecordBounds.statusRangesMax)
        (message.pointee.n_expected_headers, message.pointee.expected_headers) = writer.entries(
            expectedHeaders, max: RecordBounds.headersMax)
        (message.pointee.n_body_checks, message.pointee.body_checks) = writer.parts(
            bodyChecks, max: RecordBounds.bodyChecksMax)
        message.pointee.latency_limit = latencyLimit.saturatedNanoseconds
        message.pointee.timeout = timeout.saturatedNanoseconds
        message.pointee.warm_up_timeout = warmUpTimeout.saturatedNanoseconds
        message.pointee.warm_up_url = writer.text(ifAny: warmUpURL)
        message.pointee.is_local_allowed = isLocalAllowed ? 1 : 0
        return message
    }

    /// It is a part of the item's key, so it must be fit for one.
    private static func name(of message: Telltale__Store__V1__ServiceTarget) throws(RecordError) -> String {
        let name = try readText(message.name, "name")
        guard ItemKey("service:\(name)") != nil else {
            throw RecordError(field: "name", reason: "must be the name of a service")
        }
        return name
    }
}

extension ServiceTarget.BodyCheck: RecordPart {
    init(message: Telltale__Store__V1__BodyCheck, clock: RecordClock) throws(RecordError) {
        self.init(
            pointer: try readText(message.pointer, "pointer"),
            expected: try readText(ifAny: message.expected, "expected"))
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__BodyCheck> {
        let message = writer.make(telltale__store__v1__body_check__init)
        message.pointee.pointer = writer.text(pointer)
        message.pointee.expected = writer.text(ifAny: expected)
        return message
    }
}

private struct StatusRange: RecordPart {
    var range: ClosedRange<Int>

    init(range: ClosedRange<Int>) { self.range = range }

    init(message: Telltale__Store__V1__StatusRange, clock: RecordClock) throws(RecordError) {
        let first = try readNumber(message.first, "first")
        let last = try readNumber(message.last, "last")
        guard first <= last else { throw RecordError(field: "last", reason: "must be at least first") }
        self.init(range: first...last)
    }

    func message(in writer: RecordWriter) -> UnsafeMutablePointer<Telltale__Store__V1__StatusRange> {
        let message = writer.make(telltale__store__v1__status_range__init)
        message.pointee.first = Int64(range.lowerBound)
        message.pointee.last = Int64(range.upperBound)
        return message
    }
}
