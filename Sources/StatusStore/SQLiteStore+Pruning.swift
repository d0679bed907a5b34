import SQLiteDatabase
package import StatusCore
import StatusModel

extension SQLiteStore {
    /// How many rows are forgotten at a time. Saves go between.
    static let prunedRowsMax = 256

    package func prune(
        before moment: Moment, operationsBefore operationsMoment: Moment
    ) async throws(StoreError) {
        let boot = time.boot
        let removals = RowChange.removals(
            before: HostTime(moment, of: boot), operationsBefore: HostTime(operationsMoment, of: boot))
        for removal in removals {
            var goesOn = true
            while goesOn, !Task.isCancelled {
                let removed = try perform(writing: true, isProof: { $0 > 0 }) { (database) throws(DatabaseError) in
                    try database.run(removal.sql, removal.values + [.integer(Int64(Self.prunedRowsMax))])
                    return database.changedRows
                }
                goesOn = removed >= Self.prunedRowsMax
                await nextTurn()
            }
        }
        try await forgetEndedLimits()
    }

    /// A limit's end stands in its record alone, so each is looked at. One that is damaged is left for whoever reads it.
    private func forgetEndedLimits() async throws(StoreError) {
        var place: Int64? = 0
        while let last = place, !Task.isCancelled {
            let portion = try perform(writing: true, isProof: { !$0.isEmpty }) { (database) throws(DatabaseError) in
                let portion = try EndedLimits(in: database, after: last, boot: time.boot, at: time.now)
                try portion.forget(in: database)
                return portion
            }
            place = portion.last
            await nextTurn()
        }
    }
}

/// A portion of the limits, of which those have ended that nobody waits for any more.
private struct EndedLimits {
    private static let removal = "DELETE FROM \(StoredLimit.table.name) WHERE rowid = ?"
    private static let selection = """
        SELECT rowid, \(StoredLimit.table.columns) FROM \(StoredLimit.table.name) WHERE rowid > ? ORDER BY rowid LIMIT ?
        """

    private let ended: [Int64]
    /// The last that was looked at; nil where there are no more.
    let last: Int64?

    init(in database: Database, after place: Int64, boot: BootClock, at now: Moment) throws(DatabaseError) {
        let coder = RecordCoder(boot: boot, now: now)
        var (ended, last) = ([Int64](), Int64?.none)
        try database.rows(Self.selection, [.integer(place), .integer(Int64(SQLiteStore.prunedRowsMax))]) { row in
            last = row.integer(0)
            if case .success(let sound) = TableScan<StoredLimit>.sound(row, firstColumn: 1, coder),
                sound.record.until.instant <= now.instant
            {
                ended += [last].compactMap(\.self)
            }
            return .next
        }
        (self.ended, self.last) = (ended, last)
    }

    var isEmpty: Bool { ended.isEmpty }

    func forget(in database: Database) throws(DatabaseError) {
        guard !ended.isEmpty else { return }
        try database.transaction { () throws(DatabaseError) in
            for row in ended { try database.run(Self.removal, [.integer(row)]) }
        }
    }
}

// The bound on how much is kept.
extension SQLiteStore {
    /// How much the file holds before events go ahead of their time, unless another number is asked for.
    package static let bytesMaxDefault = 256 << 20
    /// The newest events stay, whatever all else takes.
    static let untrimmedEvents = 1_024

    /// Forgets a portion of the oldest events where the file holds too much. Each commit asks for that once, so a file that
    /// has grown by one shrinks by more, and no save waits for longer than a portion takes.
    func trimIfDue() {
        // The file itself never shrinks: what is forgotten leaves room in it.
        guard state.bytes > bytesMax else { return }
        do throws(StoreError) {
            try perform(writing: true) { (database) throws(DatabaseError) in
                let pages = try database.integer("PRAGMA page_count") ?? 0
                let free = try database.integer("PRAGMA freelist_count") ?? 0
                let size = try database.integer("PRAGMA page_size") ?? 0
                guard (pages - free) * size > bytesMax else { return }
                try database.run(
                    RowChange.oldestEvents,
                    [.integer(Int64(Self.untrimmedEvents)), .integer(Int64(Self.prunedRowsMax))])
            }
        } catch {
            // The store has told of it already, and the next commit asks again.
        }
    }
}

extension RowChange {
    /// Forgets events in the order in which they were written, but for the newest.
    fileprivate static let oldestEvents = """
        DELETE FROM events WHERE rowid IN (
            SELECT rowid FROM events WHERE rowid <= (SELECT max(rowid) FROM events) - ? ORDER BY rowid LIMIT ?)
        """

    /// What forgets a portion of what is past its time; the portion's size is the last value.
    static func removals(before time: HostTime, operationsBefore operationsTime: HostTime) -> [RowChange] {
        aged(table: "events", before: time) + aged(table: "deliveries", before: time)
            + aged(table: "operations", before: operationsTime)
            + [RowChange(sql: outdatedRuns, values: [.integer(time.wall)])]
    }

    private static func aged(table: String, before time: HostTime) -> [RowChange] {
        func removal(_ condition: String, _ values: [SQLValue]) -> RowChange {
            let found = "SELECT rowid FROM \(table) WHERE boot IS NOT NULL AND \(condition) LIMIT ?"
            return RowChange(sql: "DELETE FROM \(table) WHERE rowid IN (\(found))", values: values)
        }
        // Where starts of the host cannot be told apart, the wall clock decides all.
        let isKnown = time.boot != HostTime.unknownBoot
        let byUptime = removal("boot = ? AND uptime < ?", [.integer(time.boot), .integer(time.uptime)])
        let boot = SQLValue.integer(isKnown ? time.boot : .min)
        return (isKnown ? [byUptime] : []) + [
            removal("boot < ? AND at < ?", [boot, .integer(time.wall)]),
            removal("boot > ? AND at < ?", [boot, .integer(time.wall)]),
        ]
    }

    /// The newest run of each kind of a project stays, whatever its age.
    private static let outdatedRuns = """
        DELETE FROM runs WHERE rowid IN (
            SELECT old.rowid FROM runs AS old WHERE old.at < ? AND EXISTS (
                SELECT 1 FROM runs AS newer
                WHERE newer.project = old.project AND newer.kind = old.kind
                    AND (newer.at > old.at OR newer.at = old.at AND newer.rowid > old.rowid))
            LIMIT ?)
        """
}
