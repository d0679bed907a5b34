import LinuxSystem
import Locks
import Synchronization

/// Notes what a loop tells it, and may do something then.
final class RecordingDelegate: EventLoopDelegate {
    enum Event: Hashable, Sendable {
        case ready(UInt64)
        case timer(UInt64)
        case signal(UInt64)
    }

    private struct State {
        var events: [Event] = []
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Lock(State())
    private let reaction: @Sendable (Event, RecordingDelegate) -> Void

    /// - Parameter reaction: Runs on the loop after each event was noted.
    init(_ reaction: @escaping @Sendable (Event, RecordingDelegate) -> Void = { _, _ in }) { self.reaction = reaction }

    var events: [Event] { state.withLock(\.events) }

    /// Waits until there were that many events, and returns all of them.
    func events(_ count: Int) async -> [Event] {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.events.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
        return events
    }

    func ready(_ token: UInt64, _ events: ReadyEvents) { note(.ready(token)) }
    func timerFired(_ token: UInt64) { note(.timer(token)) }
    func signalled(_ token: UInt64) { note(.signal(token)) }

    private func note(_ event: Event) {
        let ready = state.withLock { state in
            state.events.append(event)
            let ready = state.waiters.filter { $0.count <= state.events.count }
            state.waiters.removeAll { $0.count <= state.events.count }
            return ready
        }
        reaction(event, self)
        for waiter in ready { waiter.continuation.resume() }
    }
}
