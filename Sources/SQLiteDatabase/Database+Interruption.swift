import CSQLite
import Locks
import Synchronization

/// Ends, from any thread, what another has asked a database.
package final class DatabaseInterruption: Sendable {
    /// The connection that can be told, as an address: it is not to be used for anything else.
    private let connection = Lock<UInt?>(nil)

    package init() {}

    /// Has the statement that is under way fail as `interrupted`. Where there is none, nothing happens.
    package func interrupt() {
        // With the lock held, so that the connection is there for as long as it is told.
        connection.withLock { connection in
            if let connection { sqlite3_interrupt(OpaquePointer(bitPattern: connection)) }
        }
    }

    fileprivate func follow(_ handle: OpaquePointer?) {
        connection.withLock { $0 = handle.map(UInt.init(bitPattern:)) }
    }
}

extension Database {
    /// Runs `body`, whose statements fail as `interrupted` once the task that called is cancelled and its cancellation has told
    /// `interruption`.
    ///
    /// Each covers what the other does not see: one statement may walk a whole table in a step, and a word that comes before
    /// it has begun is lost.
    package func untilCancelled<Result>(
        by interruption: DatabaseInterruption, _ body: () throws(DatabaseError) -> Result
    ) throws(DatabaseError) -> Result {
        interruption.follow(handle)
        sqlite3_progress_handler(handle, 1_000, { _ in Task.isCancelled ? 1 : 0 }, nil)
        defer {
            sqlite3_progress_handler(handle, 0, nil, nil)
            interruption.follow(nil)
        }
        let result = try body()
        // What was cut short may have found something all the same, and is not to be believed.
        if Task.isCancelled { throw DatabaseError(code: SQLITE_INTERRUPT, message: "interrupted") }
        return result
    }
}
