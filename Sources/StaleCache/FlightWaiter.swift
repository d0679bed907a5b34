import Locks
import Synchronization

/// One caller's wait for an outcome, which its cancellation ends at once.
///
/// It has a lock of its own rather than the cache's isolation: whoever cancels must not need a turn on the actor, nor
/// a task to get one.
final class FlightWaiter<Outcome: Sendable>: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Outcome?, Never>)
        /// Nil: the caller was cancelled.
        case settled(Outcome?)
    }

    private let state = Lock(State.pending)

    /// Ends the wait, unless it has ended.
    func settle(_ outcome: Outcome?) {
        let continuation = state.withLock { state -> CheckedContinuation<Outcome?, Never>? in
            switch state {
            case .pending:
                state = .settled(outcome)
                return nil
            case .waiting(let continuation):
                state = .settled(outcome)
                return continuation
            case .settled:
                return nil
            }
        }
        continuation?.resume(returning: outcome)
    }

    /// The outcome; nil when the calling task was cancelled before there was one. To be called once.
    func outcome() async -> Outcome? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled = state.withLock { state -> Outcome?? in
                    if case .settled(let outcome) = state { return .some(outcome) }
                    state = .waiting(continuation)
                    return nil
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            settle(nil)
        }
    }
}
