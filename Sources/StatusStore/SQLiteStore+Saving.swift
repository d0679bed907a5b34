import LinuxSystem
import SQLiteDatabase
package import StatusCore
import StatusModel
import Synchronization

/// A save that waits for the next commit.
struct WaitingSave {
    var changes: [RowChange]
    /// Where the journal stands with it; nil where it says nothing of that.
    var place: EventID?
    var continuation: CheckedContinuation<StoreError?, Never>
}

extension SQLiteStore {
    /// How many pages the log may hold before it is moved into the file: 4 MiB.
    private static let logPagesMax = 1_000

    package nonisolated func save(_ batch: StoreBatch) async throws(StoreError) {
        let count = saveCount.add(1, ordering: .relaxed).newValue
        defer { saveCount.subtract(1, ordering: .relaxed) }
        guard count <= Self.waitingSavesMax else { throw .tooManySaves(path, most: Self.waitingSavesMax) }
        if let error = await committed(batch) { throw error }
    }

    /// Waits for the commit that takes this batch along: one at the end of the turn for all that came in during it, and
    /// while it is under way the next ones gather.
    private func committed(_ batch: StoreBatch) async -> StoreError? {
        let changes = batch.changes(by: RecordCoder(boot: time.boot, now: time.now), clock: time.boot)
        return await withCheckedContinuation { continuation in
            waitingSaves.append(
                WaitingSave(changes: changes, place: batch.journal?.newest, continuation: continuation))
        }
    }

    /// Commits all that wait, in the order in which they came. They succeed together or fail together.
    func commitWaiting() {
        guard !waitingSaves.isEmpty else { return }
        let group = waitingSaves
        waitingSaves = []
        var outcome: StoreError?
        do throws(StoreError) { try commit(group) } catch { outcome = error }
        for save in group { save.continuation.resume(returning: outcome) }
    }

    private func commit(_ group: [WaitingSave]) throws(StoreError) {
        try perform(writing: true) { (database) throws(DatabaseError) in
            try database.begin()
            let loss = unkeptLoss.map { KeysMark($0, of: time.boot).change }
            for change in group.flatMap(\.changes) + [loss].compactMap(\.self) {
                try database.run(change.sql, change.values)
            }
            FailPoint.pass("store.commit.before")
            try database.commit()
            FailPoint.pass("store.commit.after")
        }
        unkeptLoss = nil
        if let place = group.compactMap(\.place).last { noteMark(place) }
        try noteSize()
    }

    /// Before whoever waits for the commit is told, and so before anybody sees an event that the mark does not know.
    func noteMark(_ place: EventID) {
        guard let path = connection.file?.path else { return }
        let isWritten = StoreMark(path: path).write(place, lasting: !hasLastingMark)
        if !isWritten, !isMarkRefused { observer(.markRefused(path: path.mark)) }
        isMarkRefused = !isWritten
        hasLastingMark = hasLastingMark || isWritten
    }

    /// A file that was removed while it is open takes writes like any other, and is gone at the end: that is no keeping.
    private func noteSize() throws(StoreError) {
        guard let file = connection.file else { return }
        var identity: FileIdentity?
        do throws(StoreFileError) { identity = try file.identity() } catch { identity = nil }
        guard identity == connection.identity else {
            connection.disconnect(leavingLog: true)
            lastOpeningAt = nil
            publish { $0.generation += 1 }
            let error = StoreError.replaced(path)
            note(error)
            throw error
        }
        let bytes = file.bytes
        publish { $0.bytes = bytes }
    }

    /// Moves the log into the file when it has grown, after those who waited for the commit were told.
    func checkpointIfDue() {
        guard let database = connection.database, database.logPages >= Self.logPagesMax else { return }
        do throws(DatabaseError) { try checkpoint(database, .passive) } catch {
            // What is acknowledged is in the log. Saves go on as long as that has room.
            guard error.kind != .full else { return }
            _ = failed(error, inWriting: true)
        }
    }

    func checkpoint(_ database: Database, _ kind: Database.Checkpoint) throws(DatabaseError) {
        FailPoint.pass("store.checkpoint.before")
        try database.checkpoint(kind)
        FailPoint.pass("store.checkpoint.after")
    }
}
