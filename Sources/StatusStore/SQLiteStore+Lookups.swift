import SQLiteDatabase
package import StatusCore
package import StatusModel

extension SQLiteStore {
    /// Nil too for the empty id: runs without a name are not told apart.
    package func run(
        _ id: String, of project: ProjectID, kind: String
    ) async throws(StoreError) -> StoredRun? {
        try records(
            StoredRun.self, "project = ? AND kind = ? AND id = ? AND id <> ''",
            [.text(project.rawValue), .text(kind), .text(id)]
        ).first
    }

    package func delivery(
        _ id: String, of project: ProjectID, from provider: ProviderKey
    ) async throws(StoreError) -> StoredDelivery? {
        try records(
            StoredDelivery.self, "project = ? AND provider = ? AND id = ?",
            [.text(project.rawValue), .text(provider.rawValue), .text(id)]
        ).first
    }

    package func operation(_ id: String) async throws(StoreError) -> OperationRecord? {
        try records(OperationRecord.self, "id = ?", [.text(id)]).first
    }

    /// Nil too for the empty key: it asks for nothing.
    package func operation(_ name: OperationName) async throws(StoreError) -> OperationRecord? {
        try records(OperationRecord.self, Self.named, [.text(name.owner), .text(name.key)]).first
    }

    /// Seals are over rows and not over indexes, so what an index misses is looked for in the rows: a day's operations at most.
    /// One that is found only there is met as damage, of which nothing is forgotten.
    package func makeSureUnknown(_ name: OperationName) async throws(StoreError) {
        let table = OperationRecord.table.name
        try perform(writing: false) { (database) throws(DatabaseError) in
            var isHidden = false
            let values = [SQLValue.text(name.owner), .text(name.key)]
            try database.rows("SELECT 1 FROM \(table) NOT INDEXED WHERE \(Self.named)", values) { _ in
                isHidden = true
                return .stop
            }
            if isHidden { throw .damaged("\(table): a key is missing from its index") }
        }
    }

    private static let named = "owner = ? AND request = ? AND request <> ''"

    package func operations(
        of project: ProjectID, key: ItemKey?, after place: OperationPlace?, limit: Int
    ) async throws(StoreError) -> [OperationRecord] {
        guard limit > 0 else { return [] }
        var (conditions, values) = (["project = ?"], [SQLValue.text(project.rawValue)])
        if let place {
            conditions.append("(created, id) < (?, ?)")
            values += [.integer(place.createdAt.nanoseconds), .text(place.id)]
        }
        if let key {
            conditions.append("item = ?")
            values.append(.text(key.description))
        }
        let order = "ORDER BY created DESC, id DESC LIMIT ?"
        return try records(
            OperationRecord.self, "\(conditions.joined(separator: " AND ")) \(order)",
            values + [.integer(Int64(limit))])
    }

    package func events(after id: EventID, limit: Int) async throws(StoreError) -> [StoredEvent] {
        guard limit > 0 else { return [] }
        return try records(
            StoredEvent.self, "epoch = ? AND sequence > ? ORDER BY sequence LIMIT ?",
            [
                .integer(Int64(bitPattern: id.epoch)), .integer(Int64(clamping: id.sequence)), .integer(Int64(limit)),
            ], bytesMax: StoredEvent.pageBytesMax)
    }

    /// The records that a condition finds, up to the one with which they take `bytesMax`. One that is damaged is met here
    /// like any damage.
    private func records<Record: KeptRecord>(
        _: Record.Type, _ condition: String, _ values: [SQLValue], bytesMax: Int = .max
    ) throws(StoreError) -> [Record] {
        let coder = RecordCoder(boot: time.boot, now: time.now)
        return try perform(writing: false) { (database) throws(DatabaseError) in
            var records: [Record] = []
            var byteCount = 0
            var damage: DatabaseError?
            let sql = "SELECT \(Record.table.columns) FROM \(Record.table.name) WHERE \(condition)"
            try database.rows(sql, values) { row in
                switch TableScan<Record>.sound(row, firstColumn: 0, coder) {
                case .success(let sound):
                    records.append(sound.record)
                    byteCount += sound.bytes.count
                case .failure(let error): damage = error
                }
                return damage == nil && byteCount < bytesMax ? .next : .stop
            }
            if let damage { throw damage }
            return records
        }
    }
}
