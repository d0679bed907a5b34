/// The store's file and all that stands beside it.
struct StorePath: Hashable, Sendable {
    /// Absolute, and without symbolic links but for its last part.
    let file: String

    /// Made and then renamed in one step: a new file that is whole, to take the place of a damaged one.
    var rescue: String { file + ".rescue" }
    /// The same while it is written; worth nothing.
    var unfinishedRescue: String { file + ".rescue-part" }
    var lock: String { file + ".lock" }
    /// ``StoreMark``.
    var mark: String { file + ".mark" }
    var log: String { file + Self.logSuffix }

    /// The write-ahead log. It holds what was acknowledged and has not come to the file yet.
    static let logSuffix = "-wal"
    /// What SQLite keeps beside a file, the file itself last: as long as it has its place, nobody begins another.
    static let companions = [logSuffix, "-shm", "-journal", ""]

    /// The directory, with its slash.
    var directory: String { String(file.prefix(through: file.lastIndex(of: "/") ?? file.startIndex)) }
}
