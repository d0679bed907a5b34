import StatusCore
import StatusModel
import StatusStore
import TelltaleServer
import Testing

@Suite("The log of the store")
struct StoreLogTests {
    @Test(
        "tells where the store is, how bad it is, and what there is to do",
        arguments: [
            (.created, .notice, []), (.migrated(from: 1, to: 2), .notice, [.number("from", 1), .number("to", 2)]),
            (.setAside(path: "/s.db.damaged"), .error, [.text("setAside", "/s.db.damaged")]),
            (
                .salvaged(rows: 3, lostTables: ["events", "runs"]), .warning,
                [.number("rows", 3), .text("lostTables", "events runs")]
            ),
            (
                .trouble(StoreError(code: .full, message: "Make room.")), .error,
                [.text("reason", "Make room.")]
            ),
            (.markRefused(path: "/s.db.mark"), .error, [.text("mark", "/s.db.mark")]),
            (.recovered, .notice, []), (.reached, .notice, []), (.putBack, .notice, []),
        ] as [(StoreNotice, LogLevel, [LogField])])
    func notices(notice: StoreNotice, level: LogLevel, fields: [LogField]) {
        let sink = RecordingLogSink()
        StoreLog(logger: Logger(sink: sink) { UnixTime(seconds: 0) }, path: "/s.db").happened(notice)
        #expect(sink.records.map(\.level) == [level])
        #expect(sink.records.first?.fields == [.text("path", "/s.db")] + fields)
    }
}
