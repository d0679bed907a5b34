import FoundationEssentials
import Glibc
import Locks
package import StatusCore
package import StatusModel
import Synchronization

/// Writes records as lines to a descriptor, usually stderr. Never blocks its callers: what does not fit the queue is
/// dropped, and a line tells how much.
package final class StreamLogSink: LogSink {
    /// How many bytes of lines wait for the writer at most.
    package static let queueBytesMax = 1 << 20
    /// How many of them are kept for lines that an action waits for, so that no other line keeps those out; at most half.
    package static let reservedBytes = 64 << 10

    private struct Settings {
        var level: LogLevel
        var encoder: LogEncoder
    }

    private let settings: Lock<Settings>
    private let writer: LogWriter

    /// - Parameters:
    ///   - configuration: the form of the lines and the lowest level; see ``apply(_:)``.
    ///   - descriptor: where to; it stays the caller's and must outlive the sink.
    ///   - hasJournalPriority: whether lines begin with journald's priority.
    ///   - queueBytesMax: how many bytes wait at most.
    ///   - clock: the wall clock, for the line about dropped lines.
    package init(
        _ configuration: LogConfiguration, descriptor: Int32 = STDERR_FILENO,
        hasJournalPriority: Bool = StreamLogSink.isJournal(STDERR_FILENO),
        queueBytesMax: Int = StreamLogSink.queueBytesMax, clock: @escaping @Sendable () -> UnixTime
    ) {
        let encoder = LogEncoder(format: configuration.format, hasJournalPriority: hasJournalPriority)
        settings = Lock(Settings(level: configuration.level, encoder: encoder))
        writer = LogWriter(
            descriptor: descriptor, queueBytesMax: queueBytesMax,
            reservedBytes: min(Self.reservedBytes, queueBytesMax / 2)
        ) { count in
            encoder.encode(
                LogRecord(
                    time: clock(), level: .warning, message: "log lines were dropped because nobody read them in time",
                    fields: [.number("count", count)]))
        }
    }

    /// Changes form and level from the next record on.
    package func apply(_ configuration: LogConfiguration) {
        settings.withLock { settings in
            settings.level = configuration.level
            settings.encoder.format = configuration.format
        }
    }

    package func accepts(_ level: LogLevel) -> Bool { settings.withLock { level >= $0.level } }

    package func emit(_ record: LogRecord) {
        let encoder = settings.withLock(\.encoder)
        writer.offer(encoder.encode(record))
    }

    package func write(
        _ records: [LogRecord], within limit: Duration, by time: any TimeSource
    ) async throws(LogFailure) {
        let encoder = settings.withLock(\.encoder)
        // Known at once, and not a matter of who is sooner.
        guard let outcomes = writer.keep(records.map(encoder.encode)) else { throw .dropped }
        let outcome = await withTaskGroup(of: LogWriter.Outcome.self) { group in
            group.addTask {
                for await outcome in outcomes { return outcome }
                return .failure(.late)
            }
            group.addTask {
                // Cancelled when it is written before.
                try? await time.sleep(until: time.now.instant.advanced(by: limit))
                return .failure(.late)
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(.late)
        }
        try outcome.get()
    }

    /// Blocks until what was emitted is written, for shutdown; false when nobody reads it within `limit`.
    @discardableResult
    package func flush(within limit: Duration = .seconds(2)) -> Bool { writer.flush(within: limit) }

    /// As ``flush(within:)``, and ends the thread. Records that come later are lost.
    @discardableResult
    package func close(within limit: Duration = .seconds(2)) -> Bool { writer.close(within: limit) }
}

extension StreamLogSink {
    /// Whether a descriptor leads to journald, which says so in `JOURNAL_STREAM` (systemd.exec(5)).
    package static func isJournal(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard let variable = ProcessInfo.processInfo.environment["JOURNAL_STREAM"], fstat(descriptor, &status) == 0
        else { return false }
        return isJournal(variable, device: status.st_dev, inode: status.st_ino)
    }

    /// `JOURNAL_STREAM` is `DEVICE:INODE`. A descriptor that was redirected since no longer matches it.
    package static func isJournal(_ variable: String, device: UInt, inode: UInt) -> Bool {
        let parts = variable.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && UInt(parts[0]) == device && UInt(parts[1]) == inode
    }
}
