import CSQLite
import FoundationEssentials
import Glibc

/// The files of a database, beside the daemon that owns them: damaged, copied, and seen through SQLite itself rather than
/// through the code under test.
struct DatabaseFile {
    let path: String

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// What stands beside the database under a name that begins with its own.
    var neighbours: [String] {
        get throws {
            let name = path[path.index(after: path.lastIndex(of: "/") ?? path.startIndex)...]
            let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix(name) }.sorted()
                .map { "\(directory)/\($0)" }
        }
    }

    /// The damaged files that a daemon put aside, the database's own and not those of its log.
    var setAside: [String] {
        get throws { try neighbours.filter { $0.hasPrefix("\(path).corrupt-") } }
    }

    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(filePath: path))) }
    }

    /// Puts the bytes into the file that is there, as one does who does not know whose it is.
    func overwrite(with bytes: [UInt8]) throws {
        let handle = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard handle >= 0 else { throw Refusal(description: "open \(path): \(errno)") }
        defer { close(handle) }
        guard write(handle, bytes, bytes.count) == bytes.count else { throw Refusal(description: "write: \(errno)") }
    }

    /// What SQLite says of a copy of the database with its log, `ok` or the first thing that is wrong. The original is
    /// left as the daemon left it: who opens a database after a crash repairs it.
    func integrityOfCopy(in directory: TemporaryDirectory) throws -> String {
        let copy = DatabaseFile(path: "\(directory.path)/copy.db")
        for file in try copy.neighbours { unlink(file) }
        for suffix in ["", "-wal"] where access(path + suffix, F_OK) == 0 {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy.path + suffix)
        }
        return try copy.ask("PRAGMA integrity_check")
    }

    /// The first column of the first row of the answer.
    @discardableResult
    func ask(_ sql: String) throws -> String {
        var database: OpaquePointer?
        defer { sqlite3_close_v2(database) }
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
            throw Refusal(description: "open: \(String(cString: sqlite3_errmsg(database)))")
        }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK,
            [SQLITE_ROW, SQLITE_DONE].contains(sqlite3_step(statement))
        else { throw Refusal(description: "\(sql): \(String(cString: sqlite3_errmsg(database)))") }
        return sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? ""
    }
}
