import SQLiteDatabase
import Signatures

/// What the file says of its schema under seal: a version in the header alone could be one flipped bit, and a daemon that
/// took it for a newer schema would refuse to start.
struct SchemaMark: Hashable {
    var version: Int64
    /// Of all tables and indexes as SQLite keeps them, in hexadecimal.
    var digest: String

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
        guard case .sound(let record) = try MetaRow.schema.find(in: database) else { return nil }
        let parts = String(decoding: record, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, let version = Int64(parts[0]) else { return nil }
        return SchemaMark(version: version, digest: String(parts[1]))
    }

    func write(to database: Database) throws(DatabaseError) {
        let change = MetaRow.schema.change(to: Array("\(version) \(digest)".utf8))
        try database.run(change.sql, change.values)
    }
}
