import CLinux
import Glibc
import Locks
import Synchronization

/// What a descriptor is ready for, and what one waits for.
package struct ReadyEvents: OptionSet, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// As the standard library's, which is generic and is not specialised across modules; each event asks.
    @inlinable
    package func contains(_ events: Self) -> Bool { rawValue & events.rawValue == events.rawValue }

    package static let readable = Self(rawValue: telltale_epoll_readable)
    package static let writable = Self(rawValue: telltale_epoll_writable)
    /// The peer is gone altogether, or the descriptor is broken. Always reported.
    package static let broken = Self(rawValue: telltale_epoll_broken)
}

/// One descriptor that is ready, under the token with which it was registered.
package struct ReadyEvent: Sendable {
    package let token: UInt64
    package let events: ReadyEvents

    package init(token: UInt64, events: ReadyEvents) {
        self.token = token
        self.events = events
    }
}

/// What a loop found at once for one delegate. Valid only during the call.
///
/// `@unchecked Sendable`: it points into the loop's own memory, and goes from the loop's thread to an actor on that thread.
package struct ReadyBatch: @unchecked Sendable {
    @usableFromInline let events: UnsafeMutableBufferPointer<ReadyEvent>

    fileprivate init(events: UnsafeMutableBufferPointer<ReadyEvent>) { self.events = events }

    @inlinable
    package var count: Int { events.count }

    @inlinable
    package subscript(index: Int) -> ReadyEvent { events[index] }
}

/// Receives what a loop finds. Called on the loop's thread only.
package protocol EventLoopDelegate: AnyObject, Sendable {
    /// A registered descriptor is ready.
    func ready(_ token: UInt64, _ events: ReadyEvents)
    /// Whether events come in batches, so that a delegate which is an actor is entered once for many. What an earlier event
    /// of a batch leads to may make a later one meaningless: whoever says yes tells by the token. No by default; then
    /// nothing is reported of a descriptor that was forgotten in the same turn.
    var takesBatches: Bool { get }
    /// Several descriptors are ready.
    func ready(_ batch: ReadyBatch)
    /// A timer that was set has come due.
    func timerFired(_ token: UInt64)
    /// Another thread called ``EventLoop/signal(_:token:)``.
    func signalled(_ token: UInt64)
}

extension EventLoopDelegate {
    package var takesBatches: Bool { false }

    package func ready(_ batch: ReadyBatch) {
        for index in 0..<batch.count { ready(batch[index].token, batch[index].events) }
    }
}

/// One thread of epoll, which is also a serial executor: an actor that names it as its executor lives on that thread
/// and is reached from the loop's callbacks without a hop (`assumeIsolated`).
///
/// Level-triggered, so that a short read needs no second one to learn that the socket is drained.
package final class EventLoop: SerialExecutor, Sendable {
    private struct Signal {
        var delegate: any EventLoopDelegate
        var token: UInt64
    }

    /// What was asked of the loop since it last looked.
    private struct Work {
        var jobs: [UnownedJob] = []
        var signals: [Signal] = []

        var isEmpty: Bool { jobs.isEmpty && signals.isEmpty }
    }

    private struct Inbox {
        var work = Work()
        var hasThread = false
        var isStopped = false
    }

    private let inbox = Lock(Inbox())
    /// Whether the inbox may hold something, so that a turn without jobs takes no lock.
    private let hasMail = Atomic<Bool>(true)
    private let epoll: Int32
    private let wakeUp: Int32
    private let threadIdentity = Atomic<UInt>(0)
    private let core: LoopConfined<LoopCore>

    /// Sets up the descriptors; the thread starts with ``start(name:)`` or ``run()``.
    package init() throws(SystemError) {
        let epoll = OwnedDescriptor(owning: Int32(try SystemCalls.checked("epoll_create1") { telltale_epoll_create() }))
        let wakeUp = OwnedDescriptor(owning: Int32(try SystemCalls.checked("eventfd") { telltale_eventfd() }))
        let (epollDescriptor, wakeDescriptor) = (epoll.rawValue, wakeUp.rawValue)
        try SystemCalls.checked("epoll_ctl") {
            telltale_epoll_add(epollDescriptor, wakeDescriptor, ReadyEvents.readable.rawValue, LoopCore.wakeToken)
        }
        self.epoll = epoll.relinquish()
        self.wakeUp = wakeUp.relinquish()
        core = LoopConfined(LoopCore())
    }

    deinit {
        close(epoll)
        close(wakeUp)
    }

    /// Starts the loop on a thread of its own, which keeps the loop alive until ``stop()``.
    package func start(name: String) throws(SystemError) {
        let box = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard result == 0 else {
            box.release()
            throw SystemError(function: "pthread_create", errno: result)
        }
        // The kernel refuses a name longer than 15 bytes; it only helps a person who debugs.
        telltale_name_thread(thread, String(name.prefix(15)))
        pthread_detach(thread)
    }

    /// Runs the loop on the calling thread until ``stop()``. A loop has one thread at a time; a second call returns.
    package func run() {
        let isFirst = inbox.withLock { inbox in
            defer { inbox.hasThread = true }
            return !inbox.hasThread
        }
        guard isFirst else { return }
        threadIdentity.store(UInt(pthread_self()), ordering: .releasing)
        let capacity = Int(telltale_ready_max)
        let found = UnsafeMutableBufferPointer<telltale_ready>.allocate(capacity: capacity)
        let batch = UnsafeMutableBufferPointer<ReadyEvent>.allocate(capacity: capacity)
        defer {
            found.deallocate()
            batch.deallocate()
        }
        var work = Work()
        core.value.now = .now()
        while let timeout = serveInbox(&work) {
            let count = telltale_epoll_wait(epoll, found.baseAddress, Int32(capacity), timeout)
            core.value.now = .now()
            dispatch(UnsafeBufferPointer(rebasing: found[..<max(0, Int(count))]), through: batch)
            fireTimers()
        }
    }

    /// Ends the thread once the jobs enqueued before are done. What is still watched is not told: whoever watches
    /// descriptors or has timers ends that first.
    package func stop() {
        inbox.withLock { inbox in
            inbox.isStopped = true
            hasMail.store(true, ordering: .sequentiallyConsistent)
        }
        wake()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        submit { $0.jobs.append(job) }
    }

    /// Calls `signalled(token)` on the loop's thread, in the order of the calls. From any thread, without waiting.
    /// The caller bounds how many are under way, usually to one, by a flag of its own.
    package func signal(_ delegate: any EventLoopDelegate, token: UInt64) {
        submit { $0.signals.append(Signal(delegate: delegate, token: token)) }
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func checkIsolated() {
        precondition(isCurrent, "Cannot touch what lives on this loop from another thread")
    }

    /// Whether the calling thread is the loop's.
    package var isCurrent: Bool {
        threadIdentity.load(ordering: .acquiring) == UInt(pthread_self())
    }

    private func submit(_ add: @Sendable (inout Work) -> Void) {
        let (isFirst, hasEnded) = inbox.withLock { inbox in
            let isFirst = inbox.work.isEmpty
            add(&inbox.work)
            hasMail.store(true, ordering: .sequentiallyConsistent)
            return (isFirst, inbox.isStopped && !inbox.hasThread)
        }
        // One wake-up carries all that arrives before the loop looks; its own thread needs none.
        guard isFirst, !isCurrent else { return }
        guard hasEnded else { return wake() }
        // The loop was stopped while somebody still awaited an actor on it: serve that, then end again.
        do throws(SystemError) { try start(name: "loop-drain") } catch {
            preconditionFailure("Cannot start a thread for the last jobs of a stopped loop: \(error)")
        }
    }

    private func wake() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the loop is awake already.
        _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    /// Runs what was submitted up to now, once: what that submits in turn waits until the descriptors had theirs.
    /// Returns how many milliseconds the loop may sleep afterwards; nil once it is to end.
    private func serveInbox(_ work: inout Work) -> Int32? {
        guard hasMail.exchange(false, ordering: .sequentiallyConsistent) else {
            return core.value.millisecondsToNextTimer()
        }
        let goesOn = inbox.withLock { inbox in
            swap(&inbox.work, &work)
            guard inbox.isStopped else { return true }
            // Looks again until nothing is left; and a thread that serves a straggler has to look as well.
            hasMail.store(true, ordering: .sequentiallyConsistent)
            guard work.isEmpty else { return true }
            inbox.hasThread = false
            threadIdentity.store(0, ordering: .releasing)
            return false
        }
        guard goesOn else { return nil }
        // What many wait for goes before what one does: an event is told before the call that made it is answered.
        for signal in work.signals { signal.delegate.signalled(signal.token) }
        for job in work.jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        work.jobs.removeAll(keepingCapacity: true)
        work.signals.removeAll(keepingCapacity: true)
        return hasMail.load(ordering: .sequentiallyConsistent) ? 0 : core.value.millisecondsToNextTimer()
    }

    /// Fires the timers that are due. No more than there are now, so that one which sets itself anew for the same
    /// instant cannot hold the loop.
    private func fireTimers() {
        let now = core.value.now
        for _ in 0..<core.value.timers.count {
            guard let target = core.value.timers.removeFirst(dueAt: now) else { return }
            target.delegate.timerFired(target.token)
        }
    }

    /// Hands events over in runs of one delegate, so that entering its isolation is paid once a run.
    private func dispatch(
        _ found: UnsafeBufferPointer<telltale_ready>, through batch: UnsafeMutableBufferPointer<ReadyEvent>
    ) {
        var delegate: (any EventLoopDelegate)?
        var count = 0
        for ready in found {
            guard ready.token != LoopCore.wakeToken else {
                var signals: UInt64 = 0
                _ = read(wakeUp, &signals, MemoryLayout<UInt64>.size)
                continue
            }
            guard let (next, token) = core.value.registration(for: ready.token) else { continue }
            if let current = delegate, current !== next {
                current.ready(ReadyBatch(events: UnsafeMutableBufferPointer(rebasing: batch[..<count])))
                (delegate, count) = (nil, 0)
                // What that led to may have been the end of this one.
                guard core.value.registration(for: ready.token) != nil else { continue }
            }
            guard next.takesBatches else {
                next.ready(token, ReadyEvents(rawValue: ready.events))
                continue
            }
            delegate = next
            batch[count] = ReadyEvent(token: token, events: ReadyEvents(rawValue: ready.events))
            count += 1
        }
        delegate?.ready(ReadyBatch(events: UnsafeMutableBufferPointer(rebasing: batch[..<count])))
    }
}

// What only the loop's own thread may call.
extension EventLoop {
    /// The instant at which the loop last woke.
    package var now: LoopInstant {
        checkIsolated()
        return core.value.now
    }

    /// Watches a descriptor; `token` comes back with each of its events. The delegate is kept until ``forget(_:)``.
    package func watch(
        _ descriptor: Int32, for events: ReadyEvents, token: UInt64, delegate: any EventLoopDelegate
    ) throws(SystemError) -> Registration {
        checkIsolated()
        let id = core.value.insert(delegate: delegate, token: token)
        do {
            try SystemCalls.checked("epoll_ctl") {
                telltale_epoll_add(epoll, descriptor, events.rawValue, id)
            }
        } catch {
            core.value.remove(id)
            throw error
        }
        return Registration(id: id, descriptor: descriptor)
    }

    /// Changes what a descriptor is watched for.
    package func change(_ registration: Registration, to events: ReadyEvents) throws(SystemError) {
        checkIsolated()
        try SystemCalls.checked("epoll_ctl") {
            telltale_epoll_change(epoll, registration.descriptor, events.rawValue, registration.id)
        }
    }

    /// Stops watching; call it before the descriptor is closed.
    package func forget(_ registration: Registration) {
        checkIsolated()
        // A descriptor that is open and was added can always be removed.
        _ = telltale_epoll_remove(epoll, registration.descriptor)
        core.value.remove(registration.id)
    }

    /// Calls `timerFired(token)` once, at the instant or as soon after it as the loop is free.
    package func setTimer(at instant: LoopInstant, token: UInt64, delegate: any EventLoopDelegate) -> TimerID {
        checkIsolated()
        return core.value.timers.insert(at: instant, TimerTarget(delegate: delegate, token: token))
    }

    /// Forgets a timer; one that has fired or was cancelled is ignored.
    package func cancelTimer(_ id: TimerID) {
        checkIsolated()
        core.value.timers.remove(id)
    }
}

/// A watched descriptor.
package struct Registration: Sendable {
    fileprivate let id: UInt64
    fileprivate let descriptor: Int32
}

/// State that only one thread touches.
///
/// `@unchecked Sendable`: the loop reaches it from its own thread alone, which `checkIsolated()` enforces at each entry.
private final class LoopConfined<Value>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }
}
