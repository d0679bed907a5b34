import SQLiteDatabase

/// What an opened file is to this daemon.
enum SchemaVerdict: Hashable {
    /// Nothing is in it yet.
    case new
    case current
    /// Of an earlier daemon, in this version.
    case older(Int64)
    /// Of a later one.
    case newer(Int64)
    /// Damaged, or not ours.
    case unusable(String)
}

extension SchemaVerdict {
    /// Looks at the file without changing it.
    ///
    /// - Parameters:
    ///   - database: The file, before anything was written to it.
    ///   - newest: The version of this daemon.
    /// - Throws: what SQLite cannot read.
    init(of database: Database, newest: Int64) throws(DatabaseError) {
        let application = try database.integer("PRAGMA application_id") ?? 0
        let version = try database.integer("PRAGMA user_version") ?? 0
        if application == Migrations.applicationID, version > newest {
            self = try Self.ofLater(version, database)
            return
        }
        if application == 0, version == 0, try database.integer("SELECT count(*) FROM sqlite_schema") == 0 {
            self = .new
            return
        }
        guard application == Migrations.applicationID else {
            self = .unusable("another program's file")
            return
        }
        let mark = try SchemaMark.read(from: database)
        guard let mark, version == mark.version, try mark.digest == SchemaMark.digest(of: database) else {
            self = .unusable("its schema is not what it was")
            return
        }
        guard try Self.hasOurHeader(database) else {
            self = .unusable("its header is not what it was")
            return
        }
        self = version == newest ? .current : .older(version)
    }

    /// A version from which on the header is rather damaged than right, if the mark under seal says so.
    private static let plausibleMax: Int64 = 255

    /// Only a mark under seal that names an earlier version, one bit beside a number that no schema has, says that the
    /// header is wrong. Whatever else is the matter with a later daemon's file, it is that daemon's to mend.
    private static func ofLater(_ version: Int64, _ database: Database) throws(DatabaseError) -> Self {
        var mark: SchemaMark?
        do throws(DatabaseError) { mark = try SchemaMark.read(from: database) } catch {
            guard error.kind == .corrupt || error.kind == .other else { throw error }
        }
        guard let mark, version > plausibleMax, (mark.version ^ version).nonzeroBitCount == 1 else {
            return .newer(version)
        }
        return .unusable("its header names another schema than it has")
    }

    /// Flipped bits in the header that SQLite would believe: it would write pages where others are, or nothing at all.
    private static func hasOurHeader(_ database: Database) throws(DatabaseError) -> Bool {
        let vacuum = try database.integer("PRAGMA auto_vacuum")
        let encoding = try database.value("PRAGMA encoding")
        return vacuum == 0 && encoding == .text("UTF-8") && !database.isReadOnly
    }
}
