import Locks
import StatusCore
import StatusModel
import Synchronization

/// Secrets that come once the test lets them.
final class HeldCredentials: CredentialSource {
    private struct State {
        var isHolding = true
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Lock(State())

    var heldCount: Int { state.withLock { $0.held.count } }

    /// Lets those pass that wait, and all that come.
    func release() {
        let waiting = state.withLock { state in
            state.isHolding = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in waiting { continuation.resume() }
    }

    func version(of reference: CredentialReference) async -> CredentialVersion? { nil }

    func secret(for reference: CredentialReference) async throws(ProviderFailure) -> Secret {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.isHolding { state.held.append(continuation) }
                return state.isHolding
            }
            if !isHeld { continuation.resume() }
        }
        return Secret("token")
    }
}
