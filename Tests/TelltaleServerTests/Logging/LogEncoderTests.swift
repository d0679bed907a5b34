import FoundationEssentials
import StatusModel
import TelltaleServer
import TestSupport
import Testing

@Suite("A log line")
struct LogEncoderTests {
    private func record(_ fields: [LogField]) -> LogRecord {
        LogRecord(
            time: UnixTime(nanoseconds: 1_767_225_600_012_999_999), level: .info, message: "refresh finished",
            fields: fields)
    }

    private func line(_ fields: [LogField], _ encoder: LogEncoder = LogEncoder(format: .logfmt)) -> String {
        String(decoding: encoder.encode(record(fields)), as: UTF8.self)
    }

    private var everyField: [LogField] {
        get throws {
            [
                .projectID(try #require(ProjectID("shop"))), .userID("alice smith"), .provider(.service("worker")),
                .latency(.microseconds(12_345)), .cacheHit(true), .circuitBreakerState("half_open"), .traceID("4bf9"),
                .number("count", 3), .flag("ok", false), .text("path", "/etc/a=b"), .text("empty", ""),
            ]
        }
    }

    @Test("logfmt writes bare what needs no quotes")
    func logfmt() throws {
        #expect(
            try line(everyField)
                == "time=2026-01-01T00:00:00.012Z level=info msg=\"refresh finished\" projectId=shop "
                + "userId=\"alice smith\" provider=service:worker latencyMs=12.345 cacheHit=true "
                + "circuitBreakerState=half_open traceId=4bf9 count=3 ok=false path=\"/etc/a=b\" empty=\"\"\n")
    }

    @Test("JSON is one object with numbers and booleans as such")
    func json() throws {
        #expect(
            try line(everyField, LogEncoder(format: .json))
                == #"{"time":"2026-01-01T00:00:00.012Z","level":"info","msg":"refresh finished","projectId":"shop","#
                + #""userId":"alice smith","provider":"service:worker","latencyMs":12.345,"cacheHit":true,"#
                + #""circuitBreakerState":"half_open","traceId":"4bf9","count":3,"ok":false,"path":"/etc/a=b","#
                + "\"empty\":\"\"}\n")
    }

    @Test("under journald a line begins with its priority", arguments: [LogFormat.logfmt, .json])
    func priority(format: LogFormat) {
        let encoder = LogEncoder(format: format, hasJournalPriority: true)
        #expect(line([], encoder).hasPrefix("<6>"))
    }

    @Test(
        "what could end a value or a line, or repaint a terminal, is escaped",
        arguments: [
            ("a\nb", #"a\nb"#), ("a\r\nb", #"a\r\nb"#), ("a\tb", #"a\tb"#), ("\"", #"\""#), ("\\", #"\\"#),
            ("\u{1b}[2J", #"\u001b[2J"#), ("\0", #"\u0000"#), ("\u{7f}", #"\u007f"#), ("\u{85}", #"\u0085"#),
            ("\u{2028}", #"\u2028"#), ("\u{202e}", #"\u202e"#), ("\u{e0041}", #"\udb40\udc41"#), ("é ∆", "é ∆"),
        ])
    func escapes(text: String, escaped: String) {
        #expect(line([.text("v", text)]).hasSuffix(" v=\"\(escaped)\"\n"))
        #expect(line([.text("v", text)], LogEncoder(format: .json)).hasSuffix(",\"v\":\"\(escaped)\"}\n"))
    }

    @Test("a long value is cut between characters", arguments: [LogFormat.logfmt, .json])
    func longValue(format: LogFormat) {
        let text = line([.text("v", "x" + String(repeating: "é", count: 1_000_000))], LogEncoder(format: format))
        #expect(text.utf8.count < LogEncoder.valueBytesMax + 128)
        #expect(text.contains("éé…\""))
        #expect(!text.contains("\u{FFFD}"))
    }

    @Test("a line is bounded, and says that fields are missing", arguments: [LogFormat.logfmt, .json])
    func longLine(format: LogFormat) throws {
        let fields = [LogField](repeating: .text("v", String(repeating: "\u{1}", count: 2_000)), count: 100)
        let bytes = LogEncoder(format: format).encode(record(fields))
        #expect(bytes.count <= LogEncoder.lineBytesMax)
        #expect(String(decoding: bytes, as: UTF8.self).contains("truncated"))
    }

    @Test("hostile values stay values of one line, and JSON gives them back", arguments: 1...4 as ClosedRange<UInt64>)
    func hostile(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let spice: [Unicode.Scalar] = [
            "\n", "\r", "\"", "\\", "=", " ", "{", "}", ",", "\u{1b}", "\0", "é", "😀", "\u{2029}", "a",
        ]
        for round in 0..<300 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                text.append(spice.randomElement(using: &random) ?? "a")
            }
            let value = String(text)
            let json = line([.text("v", value)], LogEncoder(format: .json))
            let decoded = try JSONDecoder().decode([String: String].self, from: Data(json.utf8))
            #expect(decoded["v"] == value && decoded.count == 4, "seed \(seed), round \(round)")
            let logfmt = line([.text("v", value), .flag("last", true)])
            for one in [json, logfmt] {
                #expect(one.utf8.count { $0 < 0x20 } == 1 && one.hasSuffix("\n"), "seed \(seed), round \(round)")
            }
            #expect(
                pairs(of: logfmt).map(\.name) == ["time", "level", "msg", "v", "last"],
                "seed \(seed), round \(round): \(logfmt)")
        }
    }

    /// A reader of logfmt, as plain as can be.
    private func pairs(of line: String) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        var rest = Array(line.dropLast().unicodeScalars)[...]
        while !rest.isEmpty {
            let name = rest.prefix { $0 != "=" }
            rest = rest.dropFirst(name.count + 1)
            var value = String.UnicodeScalarView()
            if rest.first == "\"" {
                rest.removeFirst()
                while let scalar = rest.popFirst(), scalar != "\"" {
                    value.append(scalar == "\\" ? rest.popFirst() ?? scalar : scalar)
                }
            } else {
                value.append(contentsOf: rest.prefix { $0 != " " })
                rest = rest.dropFirst(value.count)
            }
            rest = rest.dropFirst()
            pairs.append((String(String.UnicodeScalarView(name)), String(value)))
        }
        return pairs
    }

    @Test(
        "times are RFC 3339 in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
            (.max, "2262-04-11T23:47:16.854Z"), (-1_000_000, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func times(nanoseconds: Int64, text: String) {
        let record = LogRecord(time: UnixTime(nanoseconds: nanoseconds), level: .debug, message: "m")
        let line = String(decoding: LogEncoder(format: .logfmt).encode(record), as: UTF8.self)
        #expect(line.hasPrefix("time=\(text) "))
    }

    @Test(
        "latencies are milliseconds with three decimals",
        arguments: [
            (.zero, "0.000"), (.microseconds(5), "0.005"), (.seconds(3), "3000.000"), (.microseconds(-1500), "-1.500"),
            (.seconds(Int64.max), "9223372036854.775"),
        ] as [(Duration, String)])
    func latencies(duration: Duration, text: String) {
        #expect(line([.latency(duration)]).hasSuffix(" latencyMs=\(text)\n"))
    }
}
