import StatusCore
import StatusModel
import TelltaleServer
import Testing

@Suite("The logger")
struct LoggerTests {
    private let sink = RecordingLogSink(level: .info)
    private var logger: Logger { Logger(sink: sink) { UnixTime(seconds: 7) } }

    @Test("a record has its time, level, message and fields, the logger's own first")
    func record() throws {
        let shop = try #require(ProjectID("shop"))
        logger.with(.projectID(shop)).warning("refresh failed", [.provider(.provider(.github)), .cacheHit(false)])
        #expect(
            sink.records == [
                LogRecord(
                    time: UnixTime(seconds: 7), level: .warning, message: "refresh failed",
                    fields: [.projectID(shop), .provider(.provider(.github)), .cacheHit(false)])
            ])
    }

    @Test("the fields of a record that nobody wants are never made")
    func lazyFields() {
        var madeCount = 0
        func fields() -> [LogField] {
            madeCount += 1
            return []
        }
        logger.debug("detail", fields())
        #expect(madeCount == 0)
        logger.info("news", fields())
        #expect(madeCount == 1)
        #expect(sink.records.count == 1)
    }

    @Test("each method logs at its level, and levels rise from debug to error")
    func levels() {
        let sink = RecordingLogSink()
        let logger = Logger(sink: sink) { UnixTime(seconds: 0) }
        logger.debug("m")
        logger.info("m")
        logger.notice("m")
        logger.warning("m")
        logger.error("m")
        #expect(sink.records.map(\.level) == LogLevel.allCases)
        #expect(LogLevel.allCases.sorted() == LogLevel.allCases)
        #expect(LogLevel.allCases.map(\.journalPriority) == [7, 6, 5, 4, 3])
    }

    @Test("a line of the audit is kept whatever the level is, with the logger's fields")
    func audit() {
        let sink = RecordingLogSink(level: .error)
        Logger(sink: sink) { UnixTime(seconds: 7) }.with(.number("uid", 1)).audit("decided", [.cacheHit(true)])
        let line = LogRecord(
            time: UnixTime(seconds: 7), level: .notice, message: "decided",
            fields: [.number("uid", 1), .cacheHit(true)])
        #expect(sink.records == [line])
    }

    @Test("a secret that slips into a text is not told")
    func secrets() {
        let secret = Secret("ghp_canary")
        logger.info("m", [.text("token", "\(secret)")])
        let line = String(decoding: LogEncoder(format: .json).encode(sink.records[0]), as: UTF8.self)
        #expect(!line.contains("ghp_canary"))
    }
}
