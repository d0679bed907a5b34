import SQLiteDatabase
import StatusCore
import StatusModel

/// One statement of a transaction, with its values.
struct RowChange: Hashable, Sendable {
    var sql: String
    var values: [SQLValue]
}

extension StoreBatch {
    /// What keeps the batch: what is gone first, as a project that goes and comes within one batch is there afterwards.
    func changes(by coder: RecordCoder, clock: BootClock) -> [RowChange] {
        var changes: [RowChange] = []
        for project in removedProjects {
            changes += Self.projectRemovals.map { RowChange(sql: $0, values: [.text(project.rawValue)]) }
        }
        for item in removedItems {
            changes += Self.itemRemovals.map { RowChange(sql: $0, values: item.identity) }
        }
        for item in removedLinkChanges {
            changes.append(RowChange(sql: Self.linkChangeRemoval, values: item.identity))
        }
        func write<Record: KeptRecord>(_ records: [Record]) {
            for record in records {
                let bytes = record.encoded(by: coder)
                let row = record.row(record: bytes, seal: Seal.of(bytes), clock: clock)
                changes.append(RowChange(sql: Record.table.insertion, values: row))
            }
        }
        write(projects)
        write(links)
        write(items)
        write(breakers.filter { $0.record != nil })
        for breaker in breakers where breaker.record == nil {
            changes.append(RowChange(sql: Self.breakerRemoval, values: breaker.identity))
        }
        write(limits)
        write(budgets)
        write(runs)
        write(deliveries)
        for project in Set(deliveries.map(\.project)) {
            let values: [SQLValue] = [.text(project.rawValue), .integer(Int64(StoredDelivery.keptPerProject))]
            changes.append(RowChange(sql: Self.deliveryRemoval, values: values))
        }
        for operation in operations {
            // A key that its owner takes for another operation is that one's from now on.
            let name = operation.name
            changes.append(
                RowChange(
                    sql: Self.requestRemoval,
                    values: [.text(operation.id), .text(name.owner), .text(name.key)]))
        }
        write(operations)
        write(linkChanges)
        write(events)
        if let journal { changes.append(JournalMark(journal).change) }
        return changes
    }

    private static let projectRemovals = ["projects", "links", "items", "runs", "deliveries", "link_changes"].map {
        "DELETE FROM \($0) WHERE project = ?"
    }
    private static let itemRemovals = ["links", "items"].map { "DELETE FROM \($0) WHERE project = ? AND item = ?" }
    private static let linkChangeRemoval = "DELETE FROM link_changes WHERE project = ? AND item = ?"
    private static let breakerRemoval = "DELETE FROM breakers WHERE upstream = ? AND place = ?"
    private static let deliveryRemoval = """
        DELETE FROM deliveries WHERE rowid IN (
            SELECT rowid FROM deliveries WHERE project = ? ORDER BY rowid DESC LIMIT -1 OFFSET ?)
        """
    private static let requestRemoval = """
        DELETE FROM operations WHERE id <> ? AND owner = ? AND request = ? AND request <> ''
        """
}
