import CSQLite

/// A prepared statement. It is reset after each use, however that ends: one that stays half read would hold the database
/// open for reading, and no checkpoint could ever finish.
final class Statement {
    private let handle: OpaquePointer
    private let database: OpaquePointer

    /// Prepares `sql`, which holds exactly one statement, for the connection that outlives it.
    init(_ sql: String, for database: OpaquePointer) throws(DatabaseError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK else { throw DatabaseError(code, of: database) }
        guard let handle else { throw DatabaseError(code: SQLITE_MISUSE, message: "no statement in: \(sql)") }
        self.handle = handle
        self.database = database
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds the values to the parameters in their order and calls `body` with each row, until it has had enough.
    func run(_ values: [SQLValue], _ body: (Row) -> RowStep) throws(DatabaseError) {
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        var index: Int32 = 1
        for value in values {
            try check(bind(value, at: index))
            index += 1
        }
        while true {
            let code = sqlite3_step(handle)
            guard code != SQLITE_DONE else { return }
            guard code == SQLITE_ROW else { throw DatabaseError(code, of: database) }
            guard case .next = body(Row(statement: handle)) else { return }
        }
    }

    private func bind(_ value: SQLValue, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .text(let text):
            guard let count = Int32(exactly: text.utf8.count) else { return SQLITE_TOOBIG }
            return telltale_sqlite3_bind_text(handle, index, text, count)
        case .blob(let bytes):
            guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
            return telltale_sqlite3_bind_blob(handle, index, bytes, count)
        }
    }

    private func check(_ code: Int32) throws(DatabaseError) {
        if code != SQLITE_OK { throw DatabaseError(code, of: database) }
    }
}

extension DatabaseError {
    /// What the connection says of the call that just failed.
    init(_ code: Int32, of database: OpaquePointer) {
        self.init(
            code: code, message: String(cString: sqlite3_errmsg(database)),
            systemErrno: sqlite3_system_errno(database))
    }
}
