import Locks
package import StatusCore
package import StatusModel
import Synchronization

/// A clock driven by hand: it stands still until ``advance(by:)``, and a sleeper wakes exactly then.
package final class ManualTime: TimeSource, Sendable {
    private struct Sleeper {
        var until: ContinuousClock.Instant
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Moment
        var bootID = "boot"
        var nextID: UInt64 = 0
        var sleepers: [UInt64: Sleeper] = [:]
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state: Lock<State>
    private let origin: ContinuousClock.Instant

    /// Starts at an arbitrary instant and at 2026-01-01T00:00:00Z unless told.
    package init(wall: UnixTime = UnixTime(seconds: 1_767_225_600)) {
        origin = ContinuousClock.now
        state = Lock(State(now: Moment(instant: origin, wall: wall)))
    }

    package var now: Moment { state.withLock { $0.now } }

    /// The host of all hand-driven clocks has never been started anew, unless the test says so.
    package var boot: BootClock { BootClock(id: state.withLock { $0.bootID }, origin: origin) }

    /// As after a start of the host: what was noted before cannot be compared by the monotonic clock any more.
    package func rebootHost() { state.withLock { $0.bootID += "'" } }

    package var nanoseconds: Int64 { origin.duration(to: now.instant).saturatedNanoseconds }

    /// How many tasks sleep on this clock.
    package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// Moves both clocks and wakes whoever slept until then, the earliest first.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.until <= state.now.instant }.sorted {
                $0.value.until < $1.value.until
            }
            for (id, _) in due { state.sleepers[id] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Moves the wall clock alone, as an operator or a time server does.
    package func stepWallClock(by duration: Duration) {
        state.withLock { $0.now.wall = $0.now.wall.advanced(by: duration) }
    }

    /// Returns once at least `count` tasks sleep on this clock.
    package func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.waiters.append((count, continuation))
                return false
            }
            if ready { continuation.resume() }
        }
    }

    package func sleep(until instant: ContinuousClock.Instant) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (outcome, ready) = state.withLock {
                    state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
                    if Task.isCancelled { return (.failure(CancellationError()), []) }
                    if instant <= state.now.instant { return (.success(()), []) }
                    state.sleepers[id] = Sleeper(until: instant, continuation: continuation)
                    let ready = state.waiters.filter { $0.count <= state.sleepers.count }.map(\.continuation)
                    state.waiters.removeAll { $0.count <= state.sleepers.count }
                    return (nil, ready)
                }
                for waiter in ready { waiter.resume() }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
