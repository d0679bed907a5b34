import SQLiteDatabase
package import StatusCore
import StatusModel

extension SQLiteStore {
    /// Where something is damaged the file is set aside, and what is sound is given all the same. A file that may be an older
    /// copy does not say where the journal stands: its ids may have been given to other events since.
    package func load() async throws(StoreError) -> StoreContent {
        let database = try connected()
        let loader = StoreLoader(database: database, boot: time.boot, now: time.now)
        var content = StoreContent()
        var damage: String?
        do throws(DatabaseError) {
            (content, damage) = try loader.load()
        } catch {
            throw failed(error, inWriting: false)
        }
        database.releaseMemory()
        if let journal = content.journal, let file = connection.file, !StoreMark(path: file.path).allows(journal) {
            content.journal = nil
            observer(.putBack)
        }
        if let damage { note(damaged(damage)) } else { succeeded(inWriting: false) }
        return content
    }

    /// Looks through the whole file for damage that nothing has met yet, a table at a time, so that a save does not wait for
    /// all of it. What it finds is set aside, and returned: then whoever knows more than the file may save that again. A large
    /// table takes its time, so it breaks off, and finds nothing, once the task is cancelled.
    @discardableResult
    package func check() async -> StoreError? {
        let interruption = DatabaseInterruption()
        return await withTaskCancellationHandler {
            for table in StoreTable.all where !Task.isCancelled {
                do throws(StoreError) { try check(table, until: interruption) } catch { return error }
                await nextTurn()
            }
            return nil
        } onCancel: {
            interruption.interrupt()
        }
    }

    private func check(_ table: StoreTable, until interruption: DatabaseInterruption) throws(StoreError) {
        try perform(writing: false) { (database) throws(DatabaseError) in
            do throws(DatabaseError) {
                let finding = try database.untilCancelled(by: interruption) { () throws(DatabaseError) in
                    try table.damage(in: database)
                }
                if let finding { throw DatabaseError.damaged(finding) }
            } catch {
                guard error.kind == .interrupted else { throw error }
            }
        }
    }
}

extension StoreTable {
    /// What is wrong with the table and its indexes, as far as SQLite can see it; nil for nothing.
    ///
    /// The quicker check leaves out whether an index says what its table says, and a row that no index finds is lost.
    func damage(in database: Database) throws(DatabaseError) -> String? {
        guard case .text(let finding) = try database.value("PRAGMA integrity_check(\(name))") else {
            return "\(name): unreadable"
        }
        return finding == "ok" ? nil : "\(name): \(finding)"
    }
}

/// Reads what a daemon needs at start.
struct StoreLoader {
    let database: Database
    let coder: RecordCoder
    let boot: BootClock
    let now: Moment

    init(database: Database, boot: BootClock, now: Moment) {
        self.database = database
        self.boot = boot
        self.now = now
        coder = RecordCoder(boot: boot, now: now)
    }

    /// All that is sound, and what is damaged.
    func load() throws(DatabaseError) -> (StoreContent, damage: String?) {
        var content = StoreContent()
        var damage: String?
        content.projects = try all(&damage)
        content.links = try all(&damage)
        content.items = try all(&damage)
        content.breakers = try all(&damage)
        content.limits = try all(&damage)
        content.budgets = try all(&damage)
        content.runs = try newestRuns(&damage)
        content.operations = try neededOperations(&damage)
        content.linkChanges = try all(&damage)
        content.journal = try journal(&damage)
        return (content, damage)
    }

    private func all<Record: KeptRecord>(_ damage: inout String?) throws(DatabaseError) -> [Record] {
        var records: [Record] = []
        switch TableScan<Record>(database: database, coder: coder).each({ row, _ in records.append(row.record) }) {
        case .whole: break
        case .damaged(let reason): damage = damage ?? reason
        case .failed(let error): throw error
        }
        return records
    }

    private func journal(_ damage: inout String?) throws(DatabaseError) -> StoredJournal? {
        do throws(DatabaseError) {
            let (journal, isDamaged) = try JournalMark.read(from: database)
            if isDamaged { damage = damage ?? "meta: the journal's place is not what it was" }
            return journal
        } catch {
            guard error.kind == .corrupt else { throw error }
            damage = damage ?? error.message
            return nil
        }
    }

    /// What an index finds without reading the others; nil where something of it is damaged, and all are to be read.
    private func found<Record: KeptRecord>(
        _ condition: String, _ values: [SQLValue] = [], _ damage: inout String?
    ) throws(DatabaseError) -> [Record]? {
        var records: [Record] = []
        var finding: String?
        let sql = "SELECT \(Record.table.columns) FROM \(Record.table.name) WHERE \(condition)"
        do throws(DatabaseError) {
            try database.rows(sql, values) { row in
                switch TableScan<Record>.sound(row, firstColumn: 0, coder) {
                case .success(let sound): records.append(sound.record)
                case .failure(let error): finding = error.message
                }
                return .next
            }
        } catch {
            guard error.kind == .corrupt else { throw error }
            finding = error.message
        }
        damage = damage ?? finding
        return finding == nil ? records : nil
    }

    private func newestRuns(_ damage: inout String?) throws(DatabaseError) -> [StoredRun] {
        if let runs: [StoredRun] = try found(Self.isNewestRun, [], &damage) { return runs }
        var newest: [[String]: StoredRun] = [:]
        for run in try all(&damage) as [StoredRun] {
            let kind = [run.project.rawValue, run.run.kind]
            if let known = newest[kind], known.run.at > run.run.at { continue }
            newest[kind] = run
        }
        return Array(newest.values)
    }

    private static let isNewestRun = """
        rowid IN (SELECT newest FROM (SELECT rowid AS newest, max(at) FROM runs GROUP BY project, kind))
        """

    /// What was recorded lately is not over, or has ended lately: ends are what the rows are found by.
    private func neededOperations(_ damage: inout String?) throws(DatabaseError) -> [OperationRecord] {
        let since = HostTime(now.advanced(by: .zero - OperationRecord.recentAge), of: boot)
        // Where starts of the host cannot be told apart, the wall clock decides all.
        let boot = SQLValue.integer(since.boot == HostTime.unknownBoot ? .min : since.boot)
        var operations: [OperationRecord]? = try found(
            "boot IS NULL OR boot = ? AND uptime >= ? OR boot <> ? AND at >= ?",
            [boot, .integer(since.uptime), boot, .integer(since.wall)], &damage)
        if operations == nil { operations = try all(&damage) }
        return (operations ?? []).filter { $0.isNeededAtStart(at: now) }
    }
}
