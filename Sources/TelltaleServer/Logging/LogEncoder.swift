import Glibc
import StatusModel

/// How a line is written.
package enum LogFormat: String, CaseIterable, Hashable, Sendable {
    /// `time=… level=info msg="refresh finished" projectId=shop`
    case logfmt
    /// The same as one JSON object.
    case json
}

/// Turns a record into one line. Whatever the values hold, it stays one line and each value stays one value.
package struct LogEncoder: Hashable, Sendable {
    /// The longest encoded value, in bytes; longer ones are cut and end in `…`.
    package static let valueBytesMax = 1 << 10
    /// The longest line, in bytes; fields that do not fit are left out, and the line says `truncated`.
    package static let lineBytesMax = 8 << 10

    package var format: LogFormat
    /// Whether lines begin with journald's priority, `<6>` (sd-daemon(3)).
    package var hasJournalPriority: Bool

    package init(format: LogFormat, hasJournalPriority: Bool = false) {
        self.format = format
        self.hasJournalPriority = hasJournalPriority
    }

    /// The line with its line break.
    package func encode(_ record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        if hasJournalPriority { line.append(contentsOf: "<\(record.level.journalPriority)>".utf8) }
        if format == .json { line.append(UInt8(ascii: "{")) }
        append("time", .text(Self.timestamp(record.time)), isFirst: true, to: &line)
        append("level", .text(record.level.rawValue), to: &line)
        append("msg", .text(record.message), to: &line)
        for field in record.fields {
            let length = line.count
            append(field.name, field.value, to: &line)
            if line.count > Self.lineBytesMax - 32 {
                line.removeSubrange(length...)
                append("truncated", .boolean(true), to: &line)
                break
            }
        }
        if format == .json { line.append(UInt8(ascii: "}")) }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func append(_ name: String, _ value: LogField.Value, isFirst: Bool = false, to line: inout [UInt8]) {
        switch format {
        case .logfmt:
            if !isFirst { line.append(UInt8(ascii: " ")) }
            line.append(contentsOf: name.utf8)
            line.append(UInt8(ascii: "="))
        case .json:
            if !isFirst { line.append(UInt8(ascii: ",")) }
            quote(name, to: &line)
            line.append(UInt8(ascii: ":"))
        }
        append(value, to: &line)
    }

    private func append(_ value: LogField.Value, to line: inout [UInt8]) {
        switch value {
        case .integer(let number): line.append(contentsOf: String(number).utf8)
        case .boolean(let flag): line.append(contentsOf: (flag ? "true" : "false").utf8)
        case .milliseconds(let duration): line.append(contentsOf: Self.milliseconds(duration).utf8)
        case .text(let text):
            if format == .logfmt, Self.isBare(text) {
                line.append(contentsOf: text.utf8)
            } else {
                quote(text, to: &line)
            }
        }
    }

    private func quote(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        PrintableText.appendEscaped(text, to: &line, bytesMax: Self.valueBytesMax)
        line.append(UInt8(ascii: "\""))
    }

    /// Whether logfmt needs no quotes around a text: nothing in it that could end a value or begin the next.
    private static func isBare(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && !quotedPunctuation.contains($0) }
    }

    private static let quotedPunctuation = Set("\"\\=`".utf8)

    /// Milliseconds with three decimals, which JSON reads as a number.
    static func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration.saturatedNanoseconds / 1_000
        let (whole, fraction) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000)
        return "\(microseconds < 0 ? "-" : "")\(whole).\(fraction.zeroPadded(to: 3))"
    }

    /// RFC 3339 in UTC with milliseconds.
    static func timestamp(_ time: UnixTime) -> String {
        var seconds = time_t(time.seconds)
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "invalid" }
        let year = (parts.tm_year + 1900).zeroPadded(to: 4)
        let date = [parts.tm_mon + 1, parts.tm_mday].map { "-" + $0.zeroPadded(to: 2) }.joined()
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0.zeroPadded(to: 2) }.joined(separator: ":")
        // Before 1970 the remainder is negative.
        let milliseconds = (time.nanoseconds / 1_000_000 % 1_000 + 1_000) % 1_000
        return "\(year)\(date)T\(clock).\(milliseconds.zeroPadded(to: 3))Z"
    }
}
