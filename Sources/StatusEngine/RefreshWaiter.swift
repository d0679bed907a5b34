import Locks
import Synchronization

/// One caller's wait for the end of a refresh, which its patience or its cancellation ends earlier.
///
/// It has a lock of its own rather than the engine's isolation: whoever gives up must not need a turn on the engine,
/// nor a task to get one.
final class RefreshWaiter: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Bool, Never>)
        case settled(Bool)
    }

    private let state = Lock(State.pending)

    /// Ends the wait, unless it has ended.
    ///
    /// - Parameter hasEnded: Whether the refresh has; false when the caller does not wait for it any longer.
    func settle(_ hasEnded: Bool) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            defer { if case .settled = state {} else { state = .settled(hasEnded) } }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: hasEnded)
    }

    /// Whether the refresh has ended, as soon as that is settled. To be called once.
    func outcome() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled = state.withLock { state -> Bool? in
                    if case .settled(let hasEnded) = state { return hasEnded }
                    state = .waiting(continuation)
                    return nil
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            settle(false)
        }
    }
}
