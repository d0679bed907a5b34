import SQLiteDatabase

/// One row of the table of what the file says of itself, under seal like all others.
enum MetaRow: String {
    /// ``SchemaMark``.
    case schema
    /// ``JournalMark``.
    case journal
    /// ``KeysMark``.
    case keys

    /// What became of a row.
    enum Finding: Equatable {
        case sound([UInt8])
        case missing
        case damaged
    }

    func find(in database: Database) throws(DatabaseError) -> Finding {
        var finding = Finding.missing
        try database.rows("SELECT record, seal FROM meta WHERE name = ?", [.text(rawValue)]) { row in
            if let record = row.blob(0), let seal = row.integer(1), Seal.of(record) == seal {
                finding = .sound(record)
            } else {
                finding = .damaged
            }
            return .stop
        }
        return finding
    }

    /// What writes the row.
    func change(to record: [UInt8]) -> RowChange {
        RowChange(sql: Self.sql, values: [.text(rawValue), .blob(record), .integer(Seal.of(record))])
    }

    /// What takes the row out.
    var removal: RowChange { RowChange(sql: "DELETE FROM meta WHERE name = ?", values: [.text(rawValue)]) }

    private static let sql = """
        INSERT INTO meta (name, record, seal) VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET record = excluded.record, seal = excluded.seal
        """
}
