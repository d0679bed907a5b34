import SQLiteDatabase
package import StatusCore
import StatusModel

extension SQLiteStore {
    /// Whether keys may have been forgotten: the file says so, or it is not the one that was last written here. Found so it
    /// is kept with the next commit, before which the mark still says it.
    func noteKeys(in database: Database) throws(DatabaseError) {
        guard let file = connection.file else { return }
        var loss = try KeysMark.read(from: database, clock: time.boot, now: time.now)
        let (journal, _) = try JournalMark.read(from: database)
        if !StoreMark(path: file.path).allows(journal) {
            unkeptLoss = unkeptLoss ?? KeyLoss(noticedAt: time.now)
            loss = unkeptLoss
        }
        let known = publish { state in
            defer { state.keyLoss = loss }
            return state.keyLoss
        }
        if let loss, loss != known, loss.counts(at: time.now) { observer(.keysLost(until: loss.end(asOf: time.now))) }
    }

    /// The mark is left to the saves that move it: as long as it does not know the file, the next start finds the same again.
    package func acceptKeyLoss() async throws(StoreError) -> Bool {
        let removal = MetaRow.keys.removal
        _ = try perform(writing: true, isProof: { $0 > 0 }) { (database) throws(DatabaseError) in
            try database.transaction { () throws(DatabaseError) in try database.run(removal.sql, removal.values) }
            return database.changedRows
        }
        unkeptLoss = nil
        let lost = publish { state in
            defer { state.keyLoss = nil }
            return state.keyLoss
        }
        return lost?.counts(at: time.now) ?? false
    }
}
