import CSQLite

extension Database {
    /// How far a checkpoint goes.
    package enum Checkpoint: Sendable {
        /// Moves what can be moved without waiting.
        case passive
        /// Moves everything and leaves an empty log.
        case truncate
    }

    /// Moves what is in the write-ahead log into the file.
    package func checkpoint(_ kind: Checkpoint) throws(DatabaseError) {
        try requireOpen()
        let mode =
            switch kind {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        let code = sqlite3_wal_checkpoint_v2(handle, "main", mode, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(code, of: handle) }
        logPages = 0
    }

    /// Counts the pages of the log instead of letting SQLite empty it within a commit: whoever waits for the commit need not
    /// wait for that too. `PRAGMA wal_autocheckpoint` would end this.
    func watchLog() {
        // The connection calls this only from its own commits, and it is closed before this object goes.
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<Database>.fromOpaque(context).takeUnretainedValue().logPages = Int(pages)
                return SQLITE_OK
            }, context)
    }
}
