import SQLiteDatabase
import StatusCore

/// Carries what is sound in a damaged file over into a new one.
struct Salvage {
    /// How many rows were carried over.
    private(set) var rows = 0
    /// Tables of which something could not be read.
    private(set) var lostTables: [String] = []

    private let coder: RecordCoder
    private let clock: BootClock
    private let now: Moment

    init(clock: BootClock, now: Moment) {
        coder = RecordCoder(boot: clock, now: now)
        self.clock = clock
        self.now = now
    }

    /// Makes the schema in `target` and fills it, in one transaction.
    ///
    /// - Throws: what the new file cannot take. Of the old one nothing is thrown: what cannot be read is lost.
    mutating func carryOver(
        from path: String, vfs: String?, into target: Database, migrations: Migrations
    ) throws(DatabaseError) {
        try target.execute(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = FULL;"
                + "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024;")
        try target.begin()
        try migrations.apply(to: target, from: 0)
        if let source = Self.open(path, vfs) {
            // The damaged file and its log stay as they were found.
            defer { source.close(leavingLog: true) }
            try copyAll(from: source, into: target)
        } else {
            lostTables = StoreTable.all.map(\.name)
            try note(KeyLoss(noticedAt: now), in: target)
        }
        try target.commit()
    }

    private static func open(_ path: String, _ vfs: String?) -> Database? {
        do throws(DatabaseError) {
            let source = try Database(path: path, vfs: vfs, access: .salvage)
            try source.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;")
            return source
        } catch {
            return nil
        }
    }

    private mutating func copyAll(from source: Database, into target: Database) throws(DatabaseError) {
        try copy(StoredProject.self, from: source, into: target)
        try copy(StoredLink.self, from: source, into: target)
        try copy(StoredItem.self, from: source, into: target)
        try copy(StoredBreaker.self, from: source, into: target)
        try copy(StoredLimit.self, from: source, into: target)
        try copy(StoredBudget.self, from: source, into: target)
        try copy(StoredRun.self, from: source, into: target)
        try copy(StoredDelivery.self, from: source, into: target)
        try copy(OperationRecord.self, from: source, into: target)
        try copy(StoredLinkChange.self, from: source, into: target)
        try copy(StoredEvent.self, from: source, into: target)
        try note(keyLoss(of: source), in: target)
        // Without it the next daemon begins another epoch, and watchers are told.
        guard let (journal, _) = try? JournalMark.read(from: source), let journal else { return }
        let change = JournalMark(journal).change
        try target.run(change.sql, change.values)
    }

    /// Nil where every operation that was kept has come over for sure: a table that can be read to its end may still lack
    /// rows that its indexes know.
    private func keyLoss(of source: Database) -> KeyLoss? {
        let loss = KeyLoss(noticedAt: now)
        guard !lostTables.contains(StoreTable.operations.name) else { return loss }
        do throws(DatabaseError) {
            guard try SchemaMark.read(from: source) != nil, try StoreTable.operations.damage(in: source) == nil else {
                return loss
            }
            return try KeysMark.read(from: source, clock: clock, now: now)
        } catch {
            return loss
        }
    }

    private func note(_ loss: KeyLoss?, in target: Database) throws(DatabaseError) {
        guard let change = loss.map({ KeysMark($0, of: clock).change }) else { return }
        try target.run(change.sql, change.values)
    }

    private mutating func copy<Record: KeptRecord>(
        _: Record.Type, from source: Database, into target: Database
    ) throws(DatabaseError) {
        var failure: DatabaseError?
        var count = 0
        let scan = TableScan<Record>(database: source, coder: coder)
        let outcome = scan.each { row, isBehindDamage in
            guard failure == nil else { return }
            // A key that comes twice was written twice: the later row counts, and behind the damage later comes first.
            let sql = isBehindDamage ? Record.table.addition : Record.table.replacement
            do throws(DatabaseError) {
                try target.run(sql, row.record.row(record: row.bytes, seal: row.seal, clock: clock))
                count += 1
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        rows += count
        guard case .whole = outcome else {
            lostTables.append(Record.table.name)
            return
        }
    }
}
