import CSQLite

extension Database {
    /// Starts a transaction that may write: a lock that somebody else holds shows here, and not half-way.
    package func begin() throws(DatabaseError) { try execute("BEGIN IMMEDIATE") }

    /// Makes what the transaction did durable, as far as `synchronous` goes.
    package func commit() throws(DatabaseError) { try execute("COMMIT") }

    /// Undoes the transaction. Some failures have undone it already; then there is nothing to do.
    package func rollback() {
        guard isInTransaction else { return }
        _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Whether a transaction is under way.
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Runs `body` in a transaction: all of it, or nothing.
    package func transaction<Result>(
        _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        try begin()
        do throws(DatabaseError) {
            let result = try body()
            try commit()
            return result
        } catch {
            rollback()
            throw error
        }
    }
}
