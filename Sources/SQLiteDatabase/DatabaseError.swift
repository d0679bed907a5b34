import CSQLite
import Glibc

/// What SQLite could not do.
package struct DatabaseError: Error, Hashable, Sendable {
    /// What follows from it for whoever called.
    package enum Kind: Hashable, Sendable {
        /// No space is left, or none that we may use.
        case full
        /// The file is damaged, or no database at all.
        case corrupt
        /// Another connection holds it.
        case busy
        case cannotOpen
        case readOnly
        /// The disk, or what stands for it, failed.
        case io
        /// A row that another one forbids.
        case constraint
        /// Whoever asked wants to know no more.
        case interrupted
        /// What no file is to blame for: memory, or a statement that is wrong.
        case other
    }

    /// SQLite's extended result code (<https://sqlite.org/rescode.html>).
    package var code: Int32
    /// SQLite's own words; for a log, not for an operator.
    package var message: String
    /// The `errno` that stood behind it; 0 when none is known.
    package var systemErrno: Int32

    package init(code: Int32, message: String = "", systemErrno: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemErrno = systemErrno
    }

    /// What the caller found to be damaged, where SQLite saw nothing wrong.
    package static func damaged(_ message: String) -> Self { Self(code: SQLITE_CORRUPT, message: message) }

    package var kind: Kind {
        switch code & 0xFF {
        case SQLITE_FULL: .full
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CANTOPEN: lacksSpace ? .full : .cannotOpen
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .readOnly
        case SQLITE_IOERR:
            if Self.tornReads.contains(code) { .corrupt } else { lacksSpace ? .full : .io }
        case SQLITE_CONSTRAINT: .constraint
        case SQLITE_INTERRUPT: .interrupted
        default: .other
        }
    }

    /// SQLite's word for a statement that is wrong, and for a file whose header or schema it does not understand: of a
    /// statement that is right it says the latter.
    package var isMisunderstanding: Bool { code & 0xFF == SQLITE_ERROR }

    /// The file ends where it must not, or a checksum below SQLite does not hold.
    private static let tornReads = [SQLITE_IOERR | 2 << 8, SQLITE_IOERR | 32 << 8]

    /// Only a write that is short of space is SQLITE_FULL to SQLite: not a quota, and not the making of a file.
    private var lacksSpace: Bool { systemErrno == ENOSPC || systemErrno == EDQUOT }
}
