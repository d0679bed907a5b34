import CLinux
import Glibc
import Locks
import Synchronization

/// A thread of its own that is also a serial executor: an actor that names it lives there, and may block on a disk without
/// holding up a thread that others need.
///
/// It works in turns: it takes all jobs that have come in, runs them, and says that the turn has ended. What the jobs of one
/// turn asked for can so be done at once.
package final class DatabaseThread: SerialExecutor {
    /// How large its stack may grow. Only what is used of it takes memory.
    package static let stackBytes = 1 << 20

    private let inbox = ThreadInbox()
    private let identity = Atomic<UInt>(0)
    private let handle = Lock<pthread_t?>(nil)
    private let turnEnded = Lock<Action?>(nil)

    /// Starts the thread.
    ///
    /// - Parameter name: For debuggers; its first 15 bytes count.
    /// - Throws: the `errno` of a host that has no thread to give, as ``DatabaseError/systemErrno``.
    package init(name: String) throws(DatabaseError) {
        let box = Unmanaged.passRetained(self)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<DatabaseThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            box.release()
            throw DatabaseError(code: 0, message: "cannot start a thread", systemErrno: result)
        }
        telltale_name_thread(thread, String(name.prefix(15)))
        handle.withLock { $0 = thread }
    }

    /// Calls `body` on the thread at the end of each turn.
    package func atEndOfTurn(_ body: @escaping @Sendable () -> Void) {
        turnEnded.withLock { $0 = Action(body) }
    }

    /// Ends the thread once the jobs enqueued before are done, and waits for that; called on the thread itself it does not
    /// wait. Whoever stops it knows that no actor will be called on it any more.
    package func stop() {
        guard let thread = handle.withLock({ handle in handle.take() }) else { return }
        inbox.end()
        if isCurrent { pthread_detach(thread) } else { pthread_join(thread, nil) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        guard inbox.add(UnownedJob(job)) else {
            preconditionFailure("An actor was called whose thread has been stopped")
        }
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func checkIsolated() {
        precondition(isCurrent, "Cannot touch what lives on this thread from another")
    }

    /// Whether the calling thread is this one.
    package var isCurrent: Bool { identity.load(ordering: .acquiring) == UInt(pthread_self()) }

    private func run() {
        identity.store(UInt(pthread_self()), ordering: .releasing)
        while let jobs = inbox.takeAll() {
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            // Called without the lock: it may be long, and it may set another.
            turnEnded.withLock { $0 }?()
        }
        identity.store(0, ordering: .releasing)
    }
}

/// The jobs that wait for the thread.
///
/// `@unchecked Sendable`: what varies is only touched with the mutex held.
private final class ThreadInbox: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var isEnding = false
    private var hasEnded = false

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(arrival, nil)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    /// False once the thread has ended.
    func add(_ job: UnownedJob) -> Bool {
        locked {
            guard !hasEnded else { return false }
            jobs.append(job)
            if jobs.count == 1 { pthread_cond_signal(arrival) }
            return true
        }
    }

    func end() {
        locked {
            isEnding = true
            pthread_cond_signal(arrival)
        }
    }

    /// Waits until there are jobs; nil once there are none and none will come.
    func takeAll() -> [UnownedJob]? {
        locked {
            while jobs.isEmpty, !isEnding { pthread_cond_wait(arrival, mutex) }
            hasEnded = jobs.isEmpty
            guard !hasEnded else { return nil }
            let taken = jobs
            jobs = []
            return taken
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
