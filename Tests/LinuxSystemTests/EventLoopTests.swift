import Glibc
import LinuxSystem
import Locks
import Synchronization
import Testing

@Suite("The event loop", .timeLimit(.minutes(1)))
struct EventLoopTests {
    @Test("runs an actor that names it on its thread, and nowhere else")
    func isolation() async throws {
        let running = try RunningLoop()
        #expect(!running.loop.isCurrent)
        let first = await running.resident.run { loop in (loop.isCurrent, UInt(pthread_self())) }
        let second = await running.resident.run { loop in (loop.isCurrent, UInt(pthread_self())) }
        #expect(first.0 && second.0)
        #expect(first.1 == second.1)
        #expect(first.1 != UInt(pthread_self()))
    }

    @Test("refuses what is its own from another thread")
    func foreignThread() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            _ = loop.now
        }
    }

    @Test("runs signals of one thread in their order, and each once")
    func signalOrder() async throws {
        let running = try RunningLoop()
        let delegate = RecordingDelegate()
        for token in 0..<1000 as Range<UInt64> { running.loop.signal(delegate, token: token) }
        #expect(await delegate.events(1000) == (0..<1000).map { .signal($0) })
    }

    @Test("runs every job and signal of many threads")
    func manyThreads() async throws {
        let running = try RunningLoop()
        let delegate = RecordingDelegate()
        await withTaskGroup { group in
            for thread in 0..<8 as Range<UInt64> {
                group.addTask {
                    await TestThread.run {
                        for index in 0..<500 as Range<UInt64> {
                            running.loop.signal(delegate, token: thread << 32 | index)
                        }
                    }
                }
                group.addTask { for _ in 0..<200 { await running.resident.run { _ in } } }
            }
        }
        let events = await delegate.events(4000)
        #expect(Set(events).count == 4000)
        for thread in 0..<8 as Range<UInt64> {
            let ofThread = events.filter { if case .signal(let token) = $0 { token >> 32 == thread } else { false } }
            #expect(ofThread == (0..<500).map { .signal(thread << 32 | $0) })
        }
    }

    @Test("fires timers in the order of their instants, and not before")
    func timers() async throws {
        let running = try RunningLoop()
        let delegate = RecordingDelegate()
        let start = await running.resident.run { loop in
            for token in [3, 1, 2] as [UInt64] {
                let instant = loop.now.advanced(by: .milliseconds(Int64(token) * 2))
                _ = loop.setTimer(at: instant, token: token, delegate: delegate)
            }
            return loop.now
        }
        #expect(await delegate.events(3) == [.timer(1), .timer(2), .timer(3)])
        #expect(await running.resident.run { $0.now } >= start.advanced(by: .milliseconds(6)))
    }

    @Test("lets a timer set the next one")
    func timerChain() async throws {
        let running = try RunningLoop()
        let delegate = RecordingDelegate { event, delegate in
            guard case .timer(let token) = event, token < 5 else { return }
            _ = running.loop.setTimer(at: running.loop.now, token: token + 1, delegate: delegate)
        }
        await running.resident.run { _ = $0.setTimer(at: $0.now, token: 1, delegate: delegate) }
        #expect(await delegate.events(5) == (1...5).map { .timer($0) })
    }

    @Test("does not fire a timer that another cancelled which was due with it")
    func cancelTogether() async throws {
        let running = try RunningLoop()
        let second = Lock<TimerID?>(nil)
        let delegate = RecordingDelegate { event, _ in
            if event == .timer(1), let id = second.withLock(\.self) { running.loop.cancelTimer(id) }
        }
        await running.resident.run { loop in
            let instant = loop.now
            _ = loop.setTimer(at: instant, token: 1, delegate: delegate)
            second.withLock {
                $0 = loop.setTimer(at: instant.advanced(by: .nanoseconds(1)), token: 2, delegate: delegate)
            }
            _ = loop.setTimer(at: instant.advanced(by: .nanoseconds(2)), token: 3, delegate: delegate)
        }
        #expect(await delegate.events(2) == [.timer(1), .timer(3)])
    }

    @Test("a timer that sets itself anew for now does not hold the loop")
    func restlessTimer() async throws {
        let running = try RunningLoop()
        let hasEnded = Atomic<Bool>(false)
        let delegate = RecordingDelegate { _, delegate in
            guard !hasEnded.load(ordering: .relaxed) else { return }
            _ = running.loop.setTimer(at: LoopInstant(nanoseconds: 0), token: 0, delegate: delegate)
        }
        await running.resident.run { _ = $0.setTimer(at: $0.now, token: 0, delegate: delegate) }
        _ = await delegate.events(10)
        await running.resident.run { _ in hasEnded.store(true, ordering: .relaxed) }
    }

    @Test("a delegate that signals itself for ever does not hold the loop")
    func restlessSignal() async throws {
        let running = try RunningLoop()
        let (watched, other) = try HeldDescriptor.pair()
        let watcher = RecordingDelegate { _, _ in watched.drain() }
        // It goes on until the other was served, which it would never be by a loop that it holds.
        let restless = RecordingDelegate { _, delegate in
            if watcher.events.isEmpty { running.loop.signal(delegate, token: 0) }
        }
        _ = try await running.resident.run { loop in
            try loop.watch(watched.rawValue, for: .readable, token: 7, delegate: watcher)
        }
        running.loop.signal(restless, token: 0)
        _ = await restless.events(1)
        other.sendByte()
        #expect(await watcher.events(1) == [.ready(7)])
    }

    @Test("reports a descriptor as long as it is ready, and not once it is forgotten")
    func levelTriggered() async throws {
        let running = try RunningLoop()
        let (watched, other) = try HeldDescriptor.pair()
        let registration = Lock<Registration?>(nil)
        let delegate = RecordingDelegate { _, delegate in
            guard delegate.events.count == 3, let known = registration.withLock(\.self) else { return }
            running.loop.forget(known)
            running.loop.signal(delegate, token: 1)
        }
        try await running.resident.run { loop in
            let new = try loop.watch(watched.rawValue, for: .readable, token: 9, delegate: delegate)
            registration.withLock { $0 = new }
        }
        other.sendByte()
        #expect(await delegate.events(4) == [.ready(9), .ready(9), .ready(9), .signal(1)])
    }

    @Test("does not report a descriptor that was forgotten in the same turn")
    func forgetOther() async throws {
        let running = try RunningLoop()
        let pairs = try [HeldDescriptor.pair(), HeldDescriptor.pair()]
        let registrations = Lock<[UInt64: Registration]>([:])
        let delegate = RecordingDelegate { event, delegate in
            guard case .ready(let token) = event else { return }
            for (_, registration) in registrations.withLock(\.self) { running.loop.forget(registration) }
            running.loop.signal(delegate, token: token)
        }
        try await running.resident.run { loop in
            for (token, pair) in zip([0, 1] as [UInt64], pairs) {
                let new = try loop.watch(pair.0.rawValue, for: .readable, token: token, delegate: delegate)
                registrations.withLock { $0[token] = new }
                pair.1.sendByte()
            }
        }
        let events = await delegate.events(2)
        #expect(events == [.ready(0), .signal(0)] || events == [.ready(1), .signal(1)])
    }

    @Test("reports what it is asked for, and a hang-up always")
    func interest() async throws {
        let running = try RunningLoop()
        let (watched, other) = try HeldDescriptor.pair()
        let delegate = RecordingDelegate()
        try await running.resident.run { loop in
            let registration = try loop.watch(watched.rawValue, for: .readable, token: 1, delegate: delegate)
            try loop.change(registration, to: ReadyEvents())
        }
        other.sendByte()
        await running.resident.run { _ in }
        #expect(delegate.events.isEmpty)
        other.close()
        #expect(await delegate.events(1).first == .ready(1))
    }

    @Test("refuses to watch what is no descriptor, and keeps nothing of it")
    func badDescriptor() async throws {
        let running = try RunningLoop()
        let delegate = RecordingDelegate()
        await #expect(throws: SystemError(function: "epoll_ctl", errno: EBADF)) {
            try await running.resident.run { loop in
                _ = try loop.watch(-1, for: .readable, token: 0, delegate: delegate)
            }
        }
    }

    @Test("ends once it is stopped and its jobs are done")
    func stop() async throws {
        let loop = try EventLoop()
        let delegate = RecordingDelegate()
        for token in 0..<3 as Range<UInt64> { loop.signal(delegate, token: token) }
        loop.stop()
        await TestThread.run { loop.run() }
        #expect(delegate.events == (0..<3).map { .signal($0) })
        #expect(!loop.isCurrent)
    }

    @Test("is run by one thread at a time")
    func secondRun() async throws {
        let running = try RunningLoop()
        await running.resident.run { _ in }
        await TestThread.run { running.loop.run() }
        #expect(await running.resident.run(\.isCurrent))
    }

    @Test("serves who still awaits an actor on it after it was stopped")
    func stragglers() async throws {
        let loop = try EventLoop()
        let resident = LoopResident(loop)
        loop.stop()
        await TestThread.run { loop.run() }
        for _ in 0..<20 { #expect(await resident.run(\.isCurrent)) }
        let delegate = RecordingDelegate()
        loop.signal(delegate, token: 1)
        #expect(await delegate.events(1) == [.signal(1)])
    }

    @Test("gives its descriptors back")
    func descriptors() async {
        await #expect(processExitsWith: .success) {
            func runLoops(_ count: Int) throws {
                for _ in 0..<count {
                    let loop = try EventLoop()
                    loop.stop()
                    loop.run()
                }
            }
            let before = openDescriptorCount()
            try runLoops(100)
            // The runtime opens a few of its own in the meantime; loops that leak leave hundreds.
            precondition(openDescriptorCount() < before + 50, "loops left descriptors behind")
        }
    }
}
