import Locks
import Synchronization
import TelltaleServer

/// Keeps what was logged.
final class RecordingLogSink: LogSink {
    private let kept = Lock<[LogRecord]>([])
    private let level: LogLevel

    init(level: LogLevel = .debug) { self.level = level }

    var records: [LogRecord] { kept.withLock(\.self) }

    func accepts(_ level: LogLevel) -> Bool { level >= self.level }

    func emit(_ record: LogRecord) { kept.withLock { $0.append(record) } }
}
