import Glibc
import LinuxSystem

/// One thread that writes lines to a descriptor, so that a reader that does not read delays nobody but this thread.
///
/// `@unchecked Sendable`: every mutable member is touched only with ``lock`` held, which the compiler cannot see.
package final class LogWriter: @unchecked Sendable {
    /// How many callers wait for their lines at once.
    private static let waitersMax = 1_024

    /// What became of lines that somebody waits for.
    package typealias Outcome = Result<Void, LogFailure>

    private let descriptor: Int32
    /// The line that tells how many were dropped.
    private let droppedLine: @Sendable (Int) -> [UInt8]
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var queue: LogQueue
    private var writtenSequence: UInt64 = 0
    /// Who waits until the line of this number is written.
    private var waiters: [(sequence: UInt64, end: AsyncStream<Outcome>.Continuation)] = []
    private var isClosing = false
    private var hasThread = false

    /// Starts the thread, which lives until ``close(within:)``. The descriptor stays the caller's. Where the host gives no thread,
    /// which `mayStart` stands for among the tests, all lines are dropped and counted.
    package init(
        descriptor: Int32, queueBytesMax: Int, reservedBytes: Int, mayStart: Bool = true,
        droppedLine: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.descriptor = descriptor
        self.droppedLine = droppedLine
        queue = LogQueue(bytesMax: queueBytesMax, reservedBytes: reservedBytes)
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
        hasThread = mayStart && startThread()
        if !hasThread { queue = LogQueue(bytesMax: 0) }
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(lock)
        changed.deallocate()
        lock.deallocate()
    }

    /// Hands a line over; drops it, counted, when the queue is full.
    package func offer(_ line: [UInt8]) {
        withLock {
            queue.offer(line)
            pthread_cond_broadcast(changed)
        }
    }

    /// Waits until everything offered before is written; false when that takes longer than `limit`.
    package func flush(within limit: Duration) -> Bool {
        var deadline = Self.deadline(after: limit)
        return withLock {
            let target = queue.sequence
            guard hasThread else { return false }
            while writtenSequence < target {
                if pthread_cond_timedwait(changed, lock, &deadline) == ETIMEDOUT { return writtenSequence >= target }
            }
            return true
        }
    }

    /// Hands lines over that somebody waits for, and gives what becomes of them once that is known.
    ///
    /// - Returns: Nil where they are dropped: the queue is full, or ``waitersMax`` wait already because nobody reads.
    package func keep(_ lines: [[UInt8]]) -> AsyncStream<Outcome>? {
        let (stream, end) = AsyncStream<Outcome>.makeStream(bufferingPolicy: .bufferingOldest(1))
        return withLock {
            guard waiters.count < Self.waitersMax else { return nil }
            defer { pthread_cond_broadcast(changed) }
            // One that does not fit is enough, and the others go their way.
            let keptCount = lines.count { queue.offer($0, isAwaited: true) }
            guard keptCount == lines.count else { return nil }
            waiters.append((queue.sequence, end))
            return stream
        }
    }

    /// Writes what waits, as ``flush(within:)`` does, and lets the thread end.
    package func close(within limit: Duration) -> Bool {
        withLock {
            isClosing = true
            pthread_cond_broadcast(changed)
        }
        return flush(within: limit)
    }

    private func withLock<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return body()
    }

    private static func deadline(after limit: Duration) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        // A flush waits minutes at most, so the sums below cannot overflow.
        let (seconds, attoseconds) = min(max(limit, .zero), .seconds(600)).components
        let nanoseconds = Int64(now.tv_nsec) + attoseconds / 1_000_000_000
        return timespec(
            tv_sec: now.tv_sec + Int(seconds + nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

extension LogWriter {
    /// The thread takes no signals: they are for the daemon's own loop.
    private func startThread() -> Bool {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let owner = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<LogWriter>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, owner.toOpaque())
        guard code == 0 else {
            owner.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func run() {
        while let batch = nextBatch() {
            let outcome = write(batch.bytes)
            if batch.droppedCount > 0 { _ = write(droppedLine(batch.droppedCount)) }
            let done = withLock {
                writtenSequence = batch.sequence
                pthread_cond_broadcast(changed)
                let done = waiters.filter { $0.sequence <= batch.sequence }
                waiters.removeAll { $0.sequence <= batch.sequence }
                return done
            }
            for waiter in done { waiter.end.yield(outcome) }
        }
    }

    /// Waits for lines; nil when the writer is closed and nothing waits.
    private func nextBatch() -> LogQueue.Batch? {
        withLock {
            while queue.isEmpty, !isClosing { pthread_cond_wait(changed, lock) }
            return queue.isEmpty ? nil : queue.takeAll()
        }
    }

    /// Writes all of it, however long the reader takes. An error of the descriptor gives the rest up, and whoever waits is
    /// told; the next lines are tried again.
    private func write(_ bytes: [UInt8]) -> Outcome {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return .failure(.refused(SystemError(function: "write", errno: errno)))
            }
        }
        return .success(())
    }
}
