import LinuxSystem
import Locks
import SQLiteDatabase
import StatusCore
import StatusModel
import Synchronization

extension SQLiteStore {
    /// Runs `body` over the open file, and answers whatever fails in it.
    ///
    /// `isProof` says of what came of writing whether anything was written: what finds nothing to write succeeds on a full
    /// disk too.
    func perform<Result>(
        writing: Bool, isProof: (Result) -> Bool = { _ in true }, _ body: (Database) throws(DatabaseError) -> Result
    ) throws(StoreError) -> Result {
        let database = try connected()
        do throws(DatabaseError) {
            let result = try body(database)
            succeeded(inWriting: writing && isProof(result))
            return result
        } catch {
            throw failed(error, inWriting: writing)
        }
    }

    /// Leaves the store so that the next call can go on, and says what the caller of this one gets.
    func failed(_ error: DatabaseError, inWriting: Bool) -> StoreError {
        troubleIsWithWriting = troubleIsWithWriting || inWriting
        connection.database?.rollback()
        let trouble: StoreError
        switch error.kind {
        case .full:
            // What the log holds may have room in the file: then the log begins again at its start.
            try? connection.database?.checkpoint(.passive)
            trouble = StoreError(error, path: path)
        case .busy: trouble = StoreError(error, path: path)
        case .constraint:
            // No batch contradicts what is kept, unless an index does not say what its table says.
            trouble = contradiction().map(damaged) ?? StoreError(error, path: path)
        case .corrupt: trouble = damaged(error.message)
        case .cannotOpen, .readOnly, .io, .interrupted, .other:
            // Closing empties the log as far as it was acknowledged: what a failed commit left in it must not come back
            // when the next daemon reads it.
            connection.disconnect()
            trouble = StoreError(error, path: path)
        }
        note(trouble)
        return trouble
    }

    private func contradiction() -> String? {
        guard let database = connection.database else { return nil }
        for table in StoreTable.all {
            do throws(DatabaseError) {
                if let finding = try table.damage(in: database) { return finding }
            } catch {
                if error.kind == .corrupt { return error.message }
            }
        }
        return nil
    }

    /// Sets the file aside and begins another.
    func damaged(_ reason: String) -> StoreError {
        troubleIsWithWriting = false
        knownDamage = reason
        guard let file = connection.file else { return .setAside(path, as: nil, reason: reason) }
        do throws(StoreError) {
            let aside = try setAside(file, reason: reason)
            // The next call opens the new file, however soon it comes.
            lastOpeningAt = nil
            return .setAside(path, as: aside, reason: reason)
        } catch {
            return error
        }
    }

    /// It can keep again.
    func succeeded(inWriting: Bool) {
        guard state.error != nil, inWriting || !troubleIsWithWriting else { return }
        troubleIsWithWriting = false
        let wasTold = publish { state in state.error.take() }
        // That it was not open yet was no trouble.
        if let wasTold, wasTold != .notOpened(path) { observer(hasBeenOpen ? .recovered : .reached) }
        hasBeenOpen = true
    }

    /// Tells of trouble once, however often it is met.
    func note(_ error: StoreError) {
        let earlier = publish { state in
            let earlier = state.error
            state.error = error
            return earlier
        }
        if earlier != error { observer(.trouble(error)) }
    }

    @discardableResult
    func publish<Result: Sendable>(_ change: (inout StoreState) -> Result) -> Result {
        published.withLock { change(&$0) }
    }
}
