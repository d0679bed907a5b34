import SQLiteDatabase
import Testing

@Suite("Ending what a database was asked", .timeLimit(.minutes(1)))
struct DatabaseInterruptionTests {
    /// Counts, and never comes to an end.
    private static let numbers = "WITH RECURSIVE n(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n)"

    private static func database() throws(DatabaseError) -> Database { try Database(path: ":memory:") }

    /// How `body` fails in a task that has been cancelled.
    private func failureWhenCancelled(
        _ body: @escaping @Sendable (Database) throws(DatabaseError) -> Void
    ) async -> DatabaseError.Kind? {
        await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(DatabaseError) {
                let database = try Self.database()
                try database.untilCancelled(by: DatabaseInterruption()) { () throws(DatabaseError) in try body(database)
                }
                return nil
            } catch {
                return error.kind
            }
        }.value
    }

    @Test("a statement without end is over once its task is cancelled")
    func cancelled() async {
        let kind = await failureWhenCancelled { (database) throws(DatabaseError) in
            _ = try database.value("\(Self.numbers) SELECT max(x) FROM n")
        }
        #expect(kind == .interrupted)
    }

    @Test("what a cancelled task has found is not to be believed")
    func unbelieved() async {
        #expect(await failureWhenCancelled { (_) throws(DatabaseError) in } == .interrupted)
    }

    @Test("a statement that is under way ends at a word from outside, and the next one is asked anew")
    func interrupted() throws {
        let (database, interruption) = (try Self.database(), DatabaseInterruption())
        var rowCount = 0
        let error = #expect(throws: DatabaseError.self) {
            try database.untilCancelled(by: interruption) { () throws(DatabaseError) in
                try database.rows("\(Self.numbers) SELECT x FROM n") { _ in
                    rowCount += 1
                    if rowCount == 100 { interruption.interrupt() }
                    return .next
                }
            }
        }
        #expect(error?.kind == .interrupted && rowCount == 100)
        // Nobody is there to be told any more.
        interruption.interrupt()
        #expect(try database.integer("SELECT 7") == 7)
    }
}
