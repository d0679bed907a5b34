import Locks
import Synchronization

/// One request's wait for the end of another's probe, which its own time or its cancellation ends earlier.
final class ProbeWait: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Void, Never>)
        case ended
    }

    private let state = Lock(State.pending)

    /// Ends the wait, unless it has ended.
    func end() {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            defer { state = .ended }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume()
    }

    /// Returns once it has ended, or the task is cancelled. To be called once.
    func outcome() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let hasEnded = state.withLock { state in
                    if case .ended = state { return true }
                    state = .waiting(continuation)
                    return false
                }
                if hasEnded { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }
}
