import LinuxSystem
import SQLiteDatabase
import StatusCore
import StatusModel

extension SQLiteStore {
    /// The connection; opens the file if it is not open, at most once within ``openingInterval``.
    func connected() throws(StoreError) -> Database {
        switch phase {
        case .notOpened: throw .notOpened(path)
        case .closed: throw .closed(path)
        case .open: break
        }
        do throws(StoreError) { return try opened() } catch {
            note(error)
            throw error
        }
    }

    /// As ``connected()``, and tells nobody of what is in the way.
    func opened() throws(StoreError) -> Database {
        if let database = connection.database { return database }
        let now = time.now.instant
        if let last = lastOpeningAt, last.duration(to: now) < Self.openingInterval, let error = state.error {
            throw error
        }
        lastOpeningAt = now
        do throws(StoreError) {
            let database = try openFile()
            succeeded(inWriting: false)
            if let bytes = connection.file?.bytes { publish { $0.bytes = bytes } }
            return database
        } catch {
            connection.disconnect(leavingLog: true)
            throw error
        }
    }

    private func openFile() throws(StoreError) -> Database {
        FailPoint.pass("store.open.before")
        let file = try reach()
        if StoreFile.exists(file.path.rescue) {
            // A setting aside was not ended, by this daemon or by one before it. The rescue is whole, and newer than
            // anything that could be read of the damaged file now: that may lack its log already.
            try finishSettingAside(file)
        } else if let reason = knownDamage {
            _ = try setAside(file, reason: reason)
        }
        var attempt = try attempt(file)
        if case .damaged(let reason) = attempt {
            _ = try setAside(file, reason: reason)
            attempt = try self.attempt(file)
        }
        let database: Database
        switch attempt {
        case .ready(let opened): database = opened
        case .damaged: throw .tooOftenDamaged(path, times: settingsAside.count)
        case .newer(let version): throw .newerSchema(path, version: version, ours: migrations.newest)
        }
        FailPoint.pass("store.open.after")
        return database
    }

    /// Makes the directory, takes the lock, and sees what is at the path.
    private func reach() throws(StoreError) -> StoreFile {
        do throws(StoreFileError) {
            let file = try StoreFile(path)
            if !connection.isLocked { connection.hold(try file.takeLock()) }
            connection.file = file
            return file
        } catch {
            throw StoreError(error, path: path)
        }
    }

    private enum Attempt {
        case ready(Database)
        case damaged(String)
        /// A newer daemon's schema, in this version.
        case newer(Int64)
    }

    private func attempt(_ file: StoreFile) throws(StoreError) -> Attempt {
        do throws(StoreFileError) {
            try file.prepare()
            connection.identity = try file.identity()
        } catch {
            throw StoreError(error, path: path)
        }
        do throws(DatabaseError) {
            let database = try Database(path: file.path.file, vfs: vfs)
            connection.database = database
            return try examine(database)
        } catch {
            guard error.kind == .corrupt else { throw StoreError(error, path: path) }
            return .damaged(error.message)
        }
    }

    private func examine(_ database: Database) throws(DatabaseError) -> Attempt {
        // Exclusive before anything is read: then the log's index is ordinary memory, and not a file mapped into ours whose
        // truncation would end the process.
        try database.execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;")
        let verdict: SchemaVerdict
        do throws(DatabaseError) { verdict = try SchemaVerdict(of: database, newest: migrations.newest) } catch {
            guard error.isMisunderstanding else { throw error }
            return .damaged(error.message)
        }
        switch verdict {
        case .newer(let version): return .newer(version)
        case .unusable(let reason): return .damaged(reason)
        case .new, .older, .current: break
        }
        guard try database.value("PRAGMA journal_mode = WAL") == .text("wal") else {
            throw DatabaseError(code: 0, message: "no write-ahead log can be had")
        }
        try database.execute(Self.settings)
        try migrate(database, verdict)
        try noteKeys(in: database)
        return .ready(database)
    }

    /// `FULL` has every commit on the disk before it returns. The store moves the log into the file by itself.
    private static let settings = """
        PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304;
        PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1024; PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; COMMIT;
        """

    private func migrate(_ database: Database, _ verdict: SchemaVerdict) throws(DatabaseError) {
        let version: Int64
        switch verdict {
        case .new: version = 0
        case .older(let older): version = older
        case .current, .newer, .unusable: return
        }
        FailPoint.pass("store.migrate.before")
        try database.transaction { () throws(DatabaseError) in try migrations.apply(to: database, from: version) }
        observer(version == 0 ? .created : .migrated(from: version, to: migrations.newest))
    }
}
