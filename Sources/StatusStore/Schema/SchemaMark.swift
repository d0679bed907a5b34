import SQLiteDatabase
import Signatures

/// What the file says of its schema under seal: a version in the header alone could be one flipped bit, and a daemon that
/// took it for a newer schema would refuse to start.
struct SchemaMark: Hashable {
    var version: Int64
    /// Of all tables and indexes as SQLite keeps them, in hexadecimal.
    var digest: String

    private static let name: SQLValue = "schema"

    static func digest(of database: Database) throws(DatabaseError) -> String {
        var text: [UInt8] = []
        let sql = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY name, type"
        try database.rows(sql) { row in
            for column: Int32 in 0..<5 {
                switch row.value(column) {
                case .text(let value): text += Array(value.utf8)
                case .integer(let value): text += Array(String(value).utf8)
                default: break
                }
                text.append(0)
            }
            return .next
        }
        return SHA256Digest.hex(of: text)
    }

    /// Nil when there is none that is sound.
    static func read(from database: Database) throws(DatabaseError) -> SchemaMark? {
        let hasTable = try database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'") == 1
        guard hasTable else { return nil }
        var mark: SchemaMark?
        try database.rows("SELECT record, seal FROM meta WHERE name = ?", [name]) { row in
            guard let record = row.blob(0), let seal = row.integer(1), Seal.of(record) == seal else { return .stop }
            let parts = String(decoding: record, as: UTF8.self).split(separator: " ")
            if parts.count == 2, let version = Int64(parts[0]) {
                mark = SchemaMark(version: version, digest: String(parts[1]))
            }
            return .stop
        }
        return mark
    }

    func write(to database: Database) throws(DatabaseError) {
        let record = Array("\(version) \(digest)".utf8)
        let sql = """
            INSERT INTO meta (name, record, seal) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET record = excluded.record, seal = excluded.seal
            """
        try database.run(sql, [Self.name, .blob(record), .integer(Seal.of(record))])
    }
}
