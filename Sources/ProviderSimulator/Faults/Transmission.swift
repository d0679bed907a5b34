/// How an answer travels: as HTTP asks, or as a script of bytes and silences written to the socket itself.
enum Transmission: Hashable, Sendable {
    enum Step: Hashable, Sendable {
        case send([UInt8])
        /// One byte, then the interval, and so on.
        case drip([UInt8], interval: Duration)
        /// That many blanks.
        case blanks(Int)
        /// Nothing, until the client goes away.
        case silence
    }

    enum Ending: Hashable, Sendable {
        /// FIN.
        case close
        /// RST.
        case reset
    }

    case answer(SimulatedAnswer)
    case script([Step], Ending)
}

extension Fault {
    /// What becomes of `answer`, which the provider would have given; `failure` is how it words a failure of its own.
    func transmission(of answer: SimulatedAnswer, failure: (Int) -> SimulatedAnswer) -> Transmission {
        switch kind {
        case .latency: .answer(answer)
        case .status(let status, let retryAfter): .answer(Self.failed(failure(status), retryAfter: retryAfter))
        case .hang: .script([.silence], .close)
        case .drip(let interval): .script([.send(answer.head()), .drip(answer.body, interval: interval)], .close)
        case .reset(nil): .script([], .reset)
        case .reset(let bytes?): .script([.send(answer.head() + answer.body.prefix(bytes))], .reset)
        case .truncated: .script([.send(answer.head() + answer.body.prefix(answer.body.count / 2))], .close)
        case .malformed: .answer(answer.with(body: answer.body.prefix(answer.body.count / 2) + Array("\u{1}}{".utf8)))
        case .html(let status): .answer(.text(status, Self.page, type: "text/html; charset=utf-8"))
        case .huge(let bytes): .script([.send(answer.head(length: bytes)), .blanks(bytes)], .close)
        case .contentType(let type): .answer(answer.with(contentType: type))
        case .empty: .answer(answer.with(body: []))
        case .garbage: .script([.send(Array("\u{1}\u{2} this is no HTTP\r\n\r\n".utf8))], .close)
        }
    }

    private static func failed(_ answer: SimulatedAnswer, retryAfter: Int?) -> SimulatedAnswer {
        var answer = answer
        if let retryAfter { answer.headers["retry-after"] = String(retryAfter) }
        // These two never have a body (RFC 9110 §15.3.5, §15.4.5).
        if [204, 304].contains(answer.status) { answer.body = [] }
        return answer
    }

    private static let page = """
        <!DOCTYPE html>
        <html>
          <head><title>Unicorn! &middot; Simulator</title></head>
          <body><h1>This page is taking too long to load.</h1><p>Sorry about that. Please try again.</p></body>
        </html>

        """
}

extension SimulatedAnswer {
    /// Status line and header section of HTTP/1.1 with the connection's end announced (RFC 9112 §2.1); they promise a
    /// body of `length` bytes, or of its own length when that is nil.
    func head(length: Int? = nil) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status) "]
        // A field with a line break in its value would forge another field.
        for field in headers.fields where !field.value.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) {
            lines.append("\(field.name): \(field.value)")
        }
        lines.append("content-length: \(length ?? body.count)")
        lines.append("connection: close")
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    fileprivate func with(body: some Sequence<UInt8>) -> Self {
        var answer = self
        answer.body = Array(body)
        return answer
    }

    fileprivate func with(contentType: String) -> Self {
        var answer = self
        answer.headers["content-type"] = contentType
        return answer
    }
}
