package import StatusCore
package import StatusModel

/// Where records go.
package protocol LogSink: Sendable {
    /// Whether a record of this level would be kept; asked before its fields are made.
    func accepts(_ level: LogLevel) -> Bool
    /// Takes a record, of whatever level, and returns at once, whatever becomes of it.
    func emit(_ record: LogRecord)
    /// Takes records, of whatever level, and returns once they are written, so that no end of the process takes them back.
    ///
    /// - Throws: ``LogFailure`` where they never will be, or are not after `limit`.
    func write(_ records: [LogRecord], within limit: Duration, by time: any TimeSource) async throws(LogFailure)
}

extension LogSink {
    /// Of a sink that writes at once.
    package func write(
        _ records: [LogRecord], within limit: Duration, by time: any TimeSource
    ) async throws(LogFailure) {
        for record in records { emit(record) }
    }
}

/// What the parts of the daemon log with: a message that never varies, and what varies as fields.
package struct Logger: Sendable {
    private let sink: any LogSink
    private let clock: @Sendable () -> UnixTime
    private var fields: [LogField] = []

    /// - Parameters:
    ///   - sink: where records go.
    ///   - clock: the wall clock, to show.
    package init(sink: any LogSink, clock: @escaping @Sendable () -> UnixTime) {
        self.sink = sink
        self.clock = clock
    }

    /// A logger that adds these fields to every record.
    package func with(_ fields: LogField...) -> Self {
        var logger = self
        logger.fields += fields
        return logger
    }

    /// For whoever looks for a fault.
    package func debug(_ message: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.debug, message, fields)
    }

    /// The ordinary course of things.
    package func info(_ message: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.info, message, fields)
    }

    /// Rare and worth knowing: start, stop, reload.
    package func notice(_ message: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.notice, message, fields)
    }

    /// Something is wrong and the daemon copes.
    package func warning(_ message: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.warning, message, fields)
    }

    /// Something is wrong and somebody must act.
    package func error(_ message: StaticString, _ fields: @autoclosure () -> [LogField] = []) {
        log(.error, message, fields)
    }

    /// A decision that somebody may have to answer for: a notice, kept whatever the level is.
    package func audit(_ message: StaticString, _ fields: [LogField]) {
        emit(.notice, message, fields)
    }

    /// As ``audit(_:_:)``, a line for each set of fields; returns once they are written.
    ///
    /// - Throws: ``LogFailure`` where they never will be, or are not after `limit`.
    package func audit(
        _ message: StaticString, each lines: [[LogField]], within limit: Duration, by time: any TimeSource
    ) async throws(LogFailure) {
        let now = clock()
        let records = lines.map { LogRecord(time: now, level: .notice, message: message, fields: fields + $0) }
        try await sink.write(records, within: limit, by: time)
    }

    private func log(_ level: LogLevel, _ message: StaticString, _ more: () -> [LogField]) {
        guard sink.accepts(level) else { return }
        emit(level, message, more())
    }

    private func emit(_ level: LogLevel, _ message: StaticString, _ more: [LogField]) {
        sink.emit(LogRecord(time: clock(), level: level, message: message, fields: fields + more))
    }
}
