package import SQLiteDatabase

/// The steps by which a file of any age becomes one of today. A step that was released is never changed: what is to be
/// different is a further step.
package struct Migrations: Sendable {
    package struct Step: Sendable {
        /// The schema's version after the step.
        package var version: Int64
        package var sql: String

        package init(version: Int64, sql: String) {
            self.version = version
            self.sql = sql
        }
    }

    /// In the order of their versions, from 1.
    package var steps: [Step]

    package init(steps: [Step]) { self.steps = steps }

    /// The version that this daemon reads and writes.
    package var newest: Int64 { steps.last?.version ?? 0 }

    /// `Tell`, in the file's header: it tells our file from those of other programs.
    package static let applicationID: Int64 = 0x5465_6C6C

    /// Makes a file of `version` one of ``newest``, within the transaction that is under way.
    package func apply(to database: Database, from version: Int64) throws(DatabaseError) {
        for step in steps where step.version > version { try database.execute(step.sql) }
        try database.execute("PRAGMA application_id = \(Self.applicationID)")
        try database.execute("PRAGMA user_version = \(newest)")
        try SchemaMark(version: newest, digest: SchemaMark.digest(of: database)).write(to: database)
    }
}
