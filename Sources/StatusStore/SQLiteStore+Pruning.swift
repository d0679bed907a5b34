import SQLiteDatabase
package import StatusCore
import StatusModel

extension SQLiteStore {
    /// How many rows are forgotten at a time. Saves go between.
    static let prunedRowsMax = 256

    package func prune(before moment: Moment) async throws(StoreError) {
        for removal in RowChange.removals(before: HostTime(moment, of: time.boot)) {
            var goesOn = true
            while goesOn, !Task.isCancelled {
                let removed = try perform(writing: true) { (database) throws(DatabaseError) in
                    try database.run(removal.sql, removal.values + [.integer(Int64(Self.prunedRowsMax))])
                    return database.changedRows
                }
                goesOn = removed >= Self.prunedRowsMax
                await nextTurn()
            }
        }
    }
}

extension RowChange {
    /// What forgets a portion of what is past its time; the portion's size is the last value.
    static func removals(before time: HostTime) -> [RowChange] {
        ["events", "operations", "deliveries"].flatMap { aged(table: $0, before: time) } + [
            RowChange(sql: outdatedRuns, values: [.integer(time.wall)])
        ]
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
