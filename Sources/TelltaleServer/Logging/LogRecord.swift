package import StatusModel

/// How much a line matters, the least first.
package enum LogLevel: String, CaseIterable, Hashable, Sendable, Comparable {
    case debug, info, notice, warning, error

    /// The priority by which journald files the line (sd-daemon(3)).
    package var journalPriority: UInt8 {
        switch self {
        case .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.journalPriority > right.journalPriority }
}

/// One event of the log, before it is a line.
package struct LogRecord: Hashable, Sendable {
    package var time: UnixTime
    package var level: LogLevel
    /// Constant: what varies is a field, so that lines can be counted.
    package var message: String
    package var fields: [LogField]

    package init(time: UnixTime, level: LogLevel, message: StaticString, fields: [LogField] = []) {
        self.time = time
        self.level = level
        self.message = message.description
        self.fields = fields
    }
}
