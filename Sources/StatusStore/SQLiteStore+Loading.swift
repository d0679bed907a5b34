import SQLiteDatabase
package import StatusCore
import StatusModel

extension SQLiteStore {
    /// Where something is damaged the file is set aside, and what is sound is given all the same. A file that may be an older
    /// copy does not say where the journal stands: its ids may have been given to other events since.
    package func load() async throws(StoreError) -> StoreContent {
        let database = try connected()
        let loader = StoreLoader(database: database, coder: RecordCoder(boot: time.boot, now: time.now))
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
    /// all of it. What it finds is set aside, and returned: then whoever knows more than the file may save that again.
    @discardableResult
    package func check() async -> StoreError? {
        for table in StoreTable.all {
            do throws(StoreError) { try check(table) } catch { return error }
            await nextTurn()
        }
        return nil
    }

    private func check(_ table: StoreTable) throws(StoreError) {
        try perform(writing: false) { (database) throws(DatabaseError) in
            if let finding = try table.damage(in: database) { throw .damaged(finding) }
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

    /// The index finds them without reading the others; where that is damaged, all are read.
    private func newestRuns(_ damage: inout String?) throws(DatabaseError) -> [StoredRun] {
        var runs: [StoredRun] = []
        var isSound = true
        do throws(DatabaseError) {
            try database.rows(Self.newestRunsSQL) { row in
                switch TableScan<StoredRun>.sound(row, firstColumn: 0, coder) {
                case .success(let sound): runs.append(sound.record)
                case .failure(let error): (isSound, damage) = (false, damage ?? error.message)
                }
                return .next
            }
        } catch {
            guard error.kind == .corrupt else { throw error }
            (isSound, damage) = (false, damage ?? error.message)
        }
        guard !isSound else { return runs }
        var newest: [[String]: StoredRun] = [:]
        for run in try all(&damage) as [StoredRun] {
            let kind = [run.project.rawValue, run.run.kind]
            if let known = newest[kind], known.run.at > run.run.at { continue }
            newest[kind] = run
        }
        return Array(newest.values)
    }

    private static let newestRunsSQL = """
        SELECT \(StoreTable.runs.columns) FROM runs WHERE rowid IN (
            SELECT newest FROM (SELECT rowid AS newest, max(at) FROM runs GROUP BY project, kind))
        """
}
