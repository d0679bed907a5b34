import CSQLite

/// A connection to one SQLite file. It belongs to one thread at a time: not `Sendable`, so that the compiler sees to it.
///
/// The library trusts no file: what a schema could make it do is switched off (`DEFENSIVE`, `trusted_schema`), and
/// symbolic links in the path are refused.
package final class Database {
    /// How many prepared statements are kept. Statements are constants of the program, so this is never reached; one that
    /// is made up at run time all the same must not make the daemon grow.
    package static let cachedStatementsMax = 128

    /// What the file may be asked for.
    package enum Access: Sendable {
        /// Reading and writing; the file is there already.
        case readWrite
        /// As ``readWrite``, and what a damaged schema still lets read is read: to save what is left.
        case salvage
    }

    let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var isOpen = true
    /// How many pages the write-ahead log held after the last commit.
    package internal(set) var logPages = 0

    /// Opens the file.
    ///
    /// - Parameters:
    ///   - path: An absolute path without symbolic links, or `:memory:`.
    ///   - vfs: The name of a registered SQLite VFS; nil for the default.
    ///   - access: What the file is wanted for.
    ///   - busyMilliseconds: How long a call waits for another connection's lock.
    /// - Throws: why there is no such file, or why it cannot be had. Whether it is a database shows at the first statement.
    package init(
        path: String, vfs: String? = nil, access: Access = .readWrite, busyMilliseconds: Int32 = 100
    ) throws(DatabaseError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, vfs)
        guard let handle else { throw DatabaseError(code: SQLITE_NOMEM, message: "out of memory") }
        guard code == SQLITE_OK else {
            let error = DatabaseError(code, of: handle)
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        sqlite3_busy_timeout(handle, busyMilliseconds)
        configure(SQLITE_DBCONFIG_DEFENSIVE, access == .readWrite)
        configure(SQLITE_DBCONFIG_WRITABLE_SCHEMA, access == .salvage)
        configure(SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)
        configure(SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
        configure(SQLITE_DBCONFIG_ENABLE_VIEW, false)
        watchLog()
    }

    deinit { close() }

    /// Ends the connection. The last one to a file moves what is in the log into it, unless `leavingLog` says that the files
    /// are to stay as they are. Again is nothing.
    package func close(leavingLog: Bool = false) {
        guard isOpen else { return }
        isOpen = false
        configure(SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leavingLog)
        statements = [:]
        sqlite3_close_v2(handle)
    }

    /// Runs any number of statements that give no rows and take no values.
    package func execute(_ sql: String) throws(DatabaseError) {
        try requireOpen()
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        if code != SQLITE_OK { throw DatabaseError(code, of: handle) }
    }

    /// Runs one statement for its effect.
    package func run(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) {
        try rows(sql, values) { _ in .next }
    }

    /// Runs one statement and calls `body` with each row, until it has had enough. What `body` calls on this connection must
    /// be another statement.
    package func rows(
        _ sql: String, _ values: [SQLValue] = [], _ body: (Row) -> RowStep
    ) throws(DatabaseError) {
        try requireOpen()
        try statement(sql).run(values, body)
    }

    /// The first column of the first row; nil without a row.
    package func value(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> SQLValue? {
        var found: SQLValue?
        try rows(sql, values) { row in
            found = row.value(0)
            return .stop
        }
        return found
    }

    /// The first column of the first row, if it is an integer.
    package func integer(_ sql: String, _ values: [SQLValue] = []) throws(DatabaseError) -> Int64? {
        guard case .integer(let number) = try value(sql, values) else { return nil }
        return number
    }

    /// How many rows the last statement wrote or removed.
    package var changedRows: Int { isOpen ? Int(sqlite3_changes64(handle)) : 0 }

    /// Whether the file says of itself that it must not be written.
    package var isReadOnly: Bool { isOpen && sqlite3_db_readonly(handle, "main") != 0 }

    /// Gives back the memory that is only held to be quick.
    package func releaseMemory() {
        if isOpen { sqlite3_db_release_memory(handle) }
    }

    func requireOpen() throws(DatabaseError) {
        if !isOpen { throw DatabaseError(code: SQLITE_MISUSE, message: "the connection is closed") }
    }

    private func statement(_ sql: String) throws(DatabaseError) -> Statement {
        if let known = statements[sql] { return known }
        let made = try Statement(sql, for: handle)
        if statements.count >= Self.cachedStatementsMax { statements = [:] }
        statements[sql] = made
        return made
    }

    /// An option that the library does not know is one that it does not have: then there is nothing to switch.
    private func configure(_ option: Int32, _ isOn: Bool) {
        _ = telltale_sqlite3_db_config_int(handle, option, isOn ? 1 : 0, nil)
    }
}
