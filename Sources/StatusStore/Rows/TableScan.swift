import SQLiteDatabase
import StatusCore

/// Reads a whole table and gives what is sound of it, whatever stands between.
struct TableScan<Record: KeptRecord> {
    /// How it ended.
    enum Outcome {
        case whole
        /// Something is damaged; what is sound was given all the same.
        case damaged(String)
        /// It could not be read, and nothing says that it is damaged.
        case failed(DatabaseError)
    }

    /// A sound row.
    struct Row {
        var record: Record
        var bytes: [UInt8]
        var seal: Int64
    }

    let database: Database
    let coder: RecordCoder

    /// Gives each sound row: in the order in which they were first written, and where that breaks off on damage, the rest
    /// from the end down to it. So one damaged page costs its own rows only.
    ///
    /// - Parameter fold: Is told too whether a row comes from behind the damage.
    /// - Returns: whether that was all.
    func each(_ fold: (Row, _ isBehindDamage: Bool) -> Void) -> Outcome {
        var damage: String?
        var last: Int64?
        func take(_ row: SQLiteDatabase.Row, _ isBehindDamage: Bool) {
            if !isBehindDamage { last = row.integer(0) ?? last }
            switch Self.sound(row, firstColumn: 1, coder) {
            case .success(let sound): fold(sound, isBehindDamage)
            case .failure(let error): damage = damage ?? error.message
            }
        }
        let columns = "rowid, \(Record.table.columns) FROM \(Record.table.name)"
        do throws(DatabaseError) {
            try database.rows("SELECT \(columns) ORDER BY rowid") { row in
                take(row, false)
                return .next
            }
            return damage.map(Outcome.damaged) ?? .whole
        } catch {
            guard error.kind == .corrupt else { return .failed(error) }
            let backwards = "SELECT \(columns) WHERE rowid > ? ORDER BY rowid DESC"
            // Where that breaks off too is the other end of the damage.
            try? database.rows(backwards, [.integer(last ?? .min)]) { row in
                take(row, true)
                return .next
            }
            return .damaged("\(Record.table.name): \(error.message)")
        }
    }

    /// Takes a row apart whose columns, from `firstColumn`, are those of ``StoreTable/columns``.
    static func sound(
        _ row: SQLiteDatabase.Row, firstColumn: Int32, _ coder: RecordCoder
    ) -> Result<Row, DatabaseError> {
        let place = firstColumn + Int32(Record.table.identity.count)
        let damaged = { (what: String) in DatabaseError.damaged("a record of \(Record.table.name) \(what)") }
        guard let bytes = row.blob(place), let seal = row.integer(place + 1), Seal.of(bytes) == seal else {
            return .failure(damaged("does not match its seal"))
        }
        let decoded = bytes.withUnsafeBytes { raw in
            Result { () throws(RecordError) in try Record.decoded(raw, by: coder) }
        }
        switch decoded {
        case .failure(let error): return .failure(damaged("cannot be read: \(error)"))
        case .success(let record):
            let columns = Record.table.identity.indices.map { row.value(firstColumn + Int32($0)) }
            guard columns == record.identity else { return .failure(damaged("stands under another key than its own")) }
            return .success(Row(record: record, bytes: bytes, seal: seal))
        }
    }
}
