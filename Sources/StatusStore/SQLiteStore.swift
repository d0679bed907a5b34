import LinuxSystem
import Locks
import SQLiteDatabase
package import StatusCore
import StatusModel
import Synchronization

/// The store of one host: one SQLite file, and one thread that writes it (SPEC §5).
///
/// Whatever happens to the file, the daemon goes on. Without space, or without a disk, each call throws, and the next one
/// tries again; a damaged file is kept under another name, what can be read of it is carried over into a new one, and the
/// call that met the damage throws, so that its caller saves again what it knows.
package actor SQLiteStore: Store {
    /// How many saves may wait at once, before the disk counts as too slow.
    package static let waitingSavesMax = 4_096
    /// The least time between two attempts to open the file.
    static let openingInterval: Duration = .seconds(1)

    nonisolated let path: String
    nonisolated let vfs: String?
    nonisolated let bytesMax: Int
    nonisolated let time: any TimeSource
    nonisolated let migrations: Migrations
    nonisolated let observer: @Sendable (StoreNotice) -> Void
    nonisolated let published: Lock<StoreState>
    /// Saves that were called and have not returned, wherever they are on their way.
    nonisolated let saveCount = Atomic<Int>(0)
    private nonisolated let thread: DatabaseThread

    enum Phase {
        case notOpened, open, closed
    }

    var phase = Phase.notOpened
    var connection = StoreConnection()
    var lastOpeningAt: ContinuousClock.Instant?
    /// Whether the file was open at any time in this life.
    var hasBeenOpen = false
    /// Whether only a save that succeeds shows that the trouble is over.
    var troubleIsWithWriting = false
    /// What was found to be damaged and is not set aside yet.
    var knownDamage: String?
    /// When files were set aside, within the last hour.
    var settingsAside: [ContinuousClock.Instant] = []
    /// What was noticed of lost keys, and is not in the file yet.
    var unkeptLoss: KeyLoss?
    /// Whether this life's mark has come to the disk.
    var hasLastingMark = false
    /// Whether it could not be written last.
    var isMarkRefused = false
    var waitingSaves: [WaitingSave] = []
    var turnWaiters: [CheckedContinuation<Void, Never>] = []

    /// Starts the thread; nothing is touched before ``open()``.
    ///
    /// - Parameters:
    ///   - path: Where the file is, or is to be.
    ///   - vfs: The name of a registered SQLite VFS; nil for the system's.
    ///   - bytesMax: How much the file holds before events go ahead of their time.
    ///   - time: The host's clocks.
    ///   - migrations: The schema that this daemon reads and writes.
    ///   - observer: Is told what an operator wants to know, on the store's thread. It must not block.
    /// - Throws: `unavailable` where the host has no thread to give.
    package init(
        path: String, vfs: String? = nil, bytesMax: Int = bytesMaxDefault, time: any TimeSource,
        migrations: Migrations = .store,
        observer: @escaping @Sendable (StoreNotice) -> Void = { _ in }
    ) throws(StoreError) {
        do throws(DatabaseError) { thread = try DatabaseThread(name: "store") } catch {
            throw StoreError(error, path: path)
        }
        self.path = path
        self.vfs = vfs
        self.bytesMax = bytesMax
        self.time = time
        self.migrations = migrations
        self.observer = observer
        published = Lock(StoreState(path: path, error: .notOpened(path)))
        // Nothing waits for a store that nobody holds any more.
        thread.atEndOfTurn { [weak self] in self?.assumeIsolated { $0.turnEnded() } }
    }

    deinit { thread.stop() }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    package nonisolated var state: StoreState { published.withLock { $0 } }

    /// Opens the file, makes it where there is none, and brings it to this daemon's schema.
    ///
    /// - Throws: only what an operator must mend before the daemon starts: `newerSchema`, and `inUse`. Any other trouble is
    ///   in ``state``, and passes by itself.
    package func open() async throws(StoreError) {
        guard case .notOpened = phase else { return }
        (phase, lastOpeningAt) = (.open, nil)
        do throws(StoreError) { _ = try opened() } catch {
            guard error.code == .newerSchema || error.code == .inUse else {
                note(error)
                return
            }
            // Whoever wanted it open hears that it is another daemon's; as trouble that may pass it is not to be told.
            phase = .notOpened
            connection.close()
            throw error
        }
    }

    /// Keeps what still waits, moves the log into the file, and gives the file back. Later calls throw; again is nothing.
    package func close() async {
        guard case .open = phase else { return }
        commitWaiting()
        phase = .closed
        if let database = connection.database {
            // What stays in the log because this fails is found there by the next daemon.
            try? checkpoint(database, .truncate)
        }
        connection.close()
        publish { $0.error = .closed($0.path) }
    }

    /// Returns at the end of this turn of the thread: after the saves that have come in meanwhile.
    func nextTurn() async {
        await withCheckedContinuation { turnWaiters.append($0) }
    }

    private func turnEnded() {
        let hasSaved = !waitingSaves.isEmpty
        commitWaiting()
        let waiters = turnWaiters
        turnWaiters = []
        for waiter in waiters { waiter.resume() }
        if hasSaved { trimIfDue() }
        checkpointIfDue()
    }
}

/// The open file. Its lock goes last: whoever has it may open the file.
final class StoreConnection {
    var file: StoreFile?
    var identity: FileIdentity?
    var database: Database?
    private var lock: HeldLock?

    deinit { close() }

    var isLocked: Bool { lock != nil }

    func hold(_ descriptor: consuming OwnedDescriptor) { lock = HeldLock(descriptor) }

    /// Ends the connection, and keeps the lock.
    func disconnect(leavingLog: Bool = false) {
        database?.close(leavingLog: leavingLog)
        database = nil
    }

    func close() {
        disconnect()
        lock = nil
    }

    private final class HeldLock {
        private let descriptor: OwnedDescriptor

        init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }
    }
}
