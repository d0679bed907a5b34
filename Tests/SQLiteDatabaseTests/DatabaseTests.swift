import Glibc
import SQLiteDatabase
import Testing

@Suite("A database")
struct DatabaseTests {
    private func memory() throws -> Database {
        let database = try Database(path: ":memory:")
        try database.execute("CREATE TABLE t (a INTEGER, b TEXT, c BLOB) STRICT")
        return database
    }

    @Test("gives back every kind of value as it was bound")
    func roundTrip() throws {
        let database = try memory()
        let rows: [[SQLValue]] = [
            [.integer(.min), .text("zwölf\0drei"), .blob([0, 255])], [.integer(0), .text(""), .blob([])],
            [.null, .null, .null],
        ]
        for row in rows { try database.run("INSERT INTO t VALUES (?, ?, ?)", row) }
        var found: [[SQLValue?]] = []
        try database.rows("SELECT a, b, c FROM t ORDER BY rowid") { row in
            found.append((0..<3).map { row.value($0) })
            return .next
        }
        #expect(found == rows)
        #expect(try database.integer("SELECT count(*) FROM t WHERE a > ?", [-1]) == 1)
    }

    @Test("gives nil for a column of another type, and for one that is not there")
    func types() throws {
        let database = try memory()
        try database.rows("SELECT 1, 'one', x'31', CAST(x'FF' AS TEXT), 1.5") { row in
            #expect(row.text(0) == nil && row.blob(0) == nil)
            #expect(row.integer(1) == nil && row.blob(1) == nil)
            #expect(row.integer(2) == nil && row.text(2) == nil)
            #expect(row.text(3) == nil)
            #expect(row.value(4) == nil)
            #expect(row.integer(9) == nil && row.text(-1) == nil)
            return .next
        }
    }

    @Test("undoes a transaction of which a part failed, and goes on")
    func transactions() throws {
        let database = try memory()
        #expect(throws: DatabaseError.self) {
            try database.transaction { () throws(DatabaseError) in
                try database.run("INSERT INTO t VALUES (1, 'a', x'00')")
                try database.run("INSERT INTO t VALUES ('no number', 'a', x'00')")
            }
        }
        #expect(!database.isInTransaction)
        #expect(try database.integer("SELECT count(*) FROM t") == 0)
        try database.transaction { () throws(DatabaseError) in try database.run("INSERT INTO t VALUES (1, 'a', NULL)") }
        #expect(database.changedRows == 1)
    }

    @Test("says what is wrong by what follows from it")
    func errors() throws {
        let full = [(13, 0), (10, Int(ENOSPC)), (14, Int(EDQUOT)), (10 | 3 << 8, Int(ENOSPC))]
        for (code, errno) in full {
            #expect(DatabaseError(code: Int32(code), systemErrno: Int32(errno)).kind == .full)
        }
        let kinds: [(Int32, DatabaseError.Kind)] = [
            (11, .corrupt), (26, .corrupt), (10 | 2 << 8, .corrupt), (10 | 4 << 8, .io), (5, .busy), (6, .busy),
            (14, .cannotOpen), (8, .readOnly), (7, .other), (19 | 8 << 8, .constraint),
        ]
        for (code, kind) in kinds { #expect(DatabaseError(code: code).kind == kind) }
    }

    @Test("refuses what is no database, what is not there, and what is read half")
    func opening() throws {
        #expect(throws: DatabaseError.self) { try Database(path: "/nonexistent/file") }
        #expect(throws: DatabaseError.self) { try Database(path: ":memory:", vfs: "no such VFS") }
        let database = try memory()
        try database.run("INSERT INTO t VALUES (1, 'a', NULL), (2, 'b', NULL)")
        // The statement was not read to its end; it holds nothing open all the same.
        try database.rows("SELECT a FROM t") { _ in .stop }
        try database.execute("DROP TABLE t")
        database.close()
        database.close()
        #expect(throws: DatabaseError.self) { try database.run("SELECT 1") }
        #expect(throws: DatabaseError.self) { try database.checkpoint(.truncate) }
    }

    @Test("lets no statement touch the schema behind its back")
    func defence() throws {
        let database = try memory()
        #expect(throws: DatabaseError.self) { try database.run("UPDATE sqlite_schema SET sql = 'nonsense'") }
        #expect(try database.integer("PRAGMA trusted_schema") == 0)
    }
}
